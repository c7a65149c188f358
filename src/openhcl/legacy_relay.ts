/**
 * The two layouts of the VMBus relay's state and the conversion between them. What leaves a
 * release since 2505 is always the layout of 2411, which has the client inside the relay.
 *
 * Source: openhcl/underhill_core/src/servicing.rs (`fix_pre_save`, `fix_post_restore`),
 * vm/devices/vmbus/vmbus_relay/src/legacy_saved_state.rs.
 *
 * @module
 */
import { withContext } from "../machine/mod.ts";
import {
  type ServicingState,
  type VmbusClientSavedState,
  VmbusRelayLegacySavedState,
  VmbusRelaySavedState,
} from "../openhcl_state/mod.ts";
import { blobsOf, perState } from "./blob.ts";

/** Name of the unit that is converted. */
export const RELAY_UNIT = "vmbus_relay";

/** Changes a state before it leaves, or after it has been read. */
export type Fix = (state: ServicingState) => ServicingState;

/** 2411 has no conversion: its layout is the one on the wire. */
export const fixNothing: Fix = (state) => state;

/** `fix_pre_save`: moves the client into the relay's unit. Without a relay unit it stays. */
export function fixPreSave(release: string): Fix {
  const current = blobsOf(VmbusRelaySavedState, release);
  const legacy = blobsOf(VmbusRelayLegacySavedState, release);
  return (state) => {
    const client = state.init_state.vmbus_client ?? null;
    if (client === null) return state;
    return replaceRelay(state, (blob) => {
      const relay = withContext("failed to parse vmbus relay state", () => current.unpack(blob));
      return legacy.pack({
        use_interrupt_relay: relay.use_interrupt_relay,
        // Connected always, even when the client was not: this is what upstream writes.
        relay_state: { variant: "Connected", value: {} },
        client_saved_state: client,
        channels: (relay.channels ?? []).map(({ is_open: _isOpen, ...channel }) => channel),
      });
    });
  };
}

/** `fix_post_restore`: takes the client out of the relay's unit again. */
export function fixPostRestore(release: string): Fix {
  const current = blobsOf(VmbusRelaySavedState, release);
  const legacy = blobsOf(VmbusRelayLegacySavedState, release);
  return perState((state) => {
    if ((state.init_state.vmbus_client ?? null) !== null) return state;
    let client: VmbusClientSavedState | null = null;
    const fixed = replaceRelay(state, (blob) => {
      const relay = legacy.unpack(blob);
      client = relay.client_saved_state;
      const opened = openedChannels(client);
      const channels = relay.channels.map((channel) => ({
        ...channel,
        is_open: opened.has(channel.channel_id),
      }));
      return current.pack({ use_interrupt_relay: relay.use_interrupt_relay, channels });
    });
    return { ...fixed, init_state: { ...fixed.init_state, vmbus_client: client } };
  });
}

/** Ids of the offers that the client had open; upstream finds them by binary search. */
export function openedChannels({ channels }: VmbusClientSavedState): ReadonlySet<number> {
  const opened = channels.filter(({ state }) => state.variant === "Opened");
  return new Set(opened.map(({ offer }) => offer.channel_id));
}

type Blob = ServicingState["units"][number]["state"];

/** Converts the blob of the first relay unit and leaves the client to the caller. */
function replaceRelay(state: ServicingState, convert: (blob: Blob) => Blob): ServicingState {
  const index = state.units.findIndex(({ name }) => name === RELAY_UNIT);
  const unit = state.units[index];
  if (unit === undefined) return state;
  const converted = { ...unit, state: convert(unit.state) };
  return {
    init_state: { ...state.init_state, vmbus_client: null },
    units: state.units.with(index, converted),
  };
}
