/**
 * The relay's state leaves every release in the layout of 2411, and the client's state is on the
 * wire by itself only when there is no relay. After restore a channel is open when the saved
 * client says so, and the host has of it what the guest has.
 *
 * @module
 */
import { codecFor, MeshError } from "../../src/mesh/mod.ts";
import {
  type VmbusClientSavedState,
  VmbusRelayLegacySavedState,
  VmbusRelaySavedState,
} from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { ChannelRecord } from "../facets/vmbus.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { RELAY, rowOf } from "./tables.ts";

export const relayConversion: Oracle = {
  name: "relay-conversion",
  must: "The relay leaves in the layout that every release reads, and open channels stay open",
  source: "fixtures/openhcl/relay_conversion.json",
  needs: ["vmbus"],
  wants: ["found"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined) return;
    const client = clientOnWire(edge, state);
    if (edge.machine !== undefined && client !== null) checkOpen(edge, client);
  },
};

/** The client's state, from where the table says that it is. */
function clientOnWire({ writer }: Edge, { init, units }: Decoded): VmbusClientSavedState | null {
  const unit = units.find(({ name }) => name === "vmbus_relay");
  const client = init.vmbus_client ?? null;
  const { field10002, blob, relayState } = rowOf(
    RELAY.wire,
    `relay of ${writer.release}`,
    (row) => row.writers.includes(writer.release) && row.unit === (unit !== undefined),
  );
  check(field10002 || client === null, "vmbus_client is on the wire beside a relay unit");
  if (unit === undefined || blob === null) return client;
  const relay = legacyRelay(unit.state.value, writer.release);
  const inside = relay.client_saved_state ?? null;
  const expected = relayState === "client" ? inside?.client_state.variant : relayState;
  const state = relay.relay_state?.variant;
  check(state === expected, `relay_state is ${state}, table says ${expected}`);
  return inside;
}

/** In 2411 the legacy layout is the release's own. */
function legacyRelay(blob: Uint8Array, release: string) {
  const own = release === "2411";
  const message = own ? VmbusRelaySavedState : VmbusRelayLegacySavedState;
  try {
    return codecFor(message, release).decode(blob);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    check(false, `the relay's blob has not the legacy layout: ${error.reason}`);
  }
}

function checkOpen(edge: Edge, { channels }: VmbusClientSavedState): void {
  const states = new Map(channels.map(({ offer, state }) => [offer.channel_id, state.variant]));
  for (const channel of channelsFound(edge)) {
    const { channelId, open, host } = channel;
    const state = states.get(host?.channelId ?? channelId) ?? "absent";
    const { isOpen: saved } = rowOf(
      RELAY.open,
      `channel that is ${state}`,
      ({ clientChannel }) => clientChannel === state,
    );
    const words = (is: boolean) => (is ? "open" : "closed");
    check(open === saved, `channel ${channelId} is ${words(open)}, saved ${words(saved)}`);
    checkHost(channel);
  }
}

/** The channels right after the restore: a guest that goes on may open some. */
function channelsFound({ found, machine }: Edge): readonly ChannelRecord[] {
  const shown = found?.vmbus as { readonly channels: readonly ChannelRecord[] } | undefined;
  return shown?.channels ?? machine?.vmbus?.channels() ?? [];
}

/** A channel that the guest has open works only when the host has it open, with its GPADLs. */
function checkHost({ channelId, open, gpadls, host }: ChannelRecord): void {
  if (host === undefined) return;
  const expected = open ? "opened" : "offered";
  check(host.state === expected, `channel ${channelId} is ${host.state} at the host`);
  const unknown = gpadls.find((gpadl) => !host.gpadls.includes(gpadl));
  check(unknown === undefined, `channel ${channelId}: the host does not know GPADL ${unknown}`);
  const stray = host.gpadls.find((gpadl) => !gpadls.includes(gpadl));
  check(stray === undefined, `channel ${channelId}: only the host knows GPADL ${stray}`);
}
