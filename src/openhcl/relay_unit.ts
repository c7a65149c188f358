/**
 * The relay as a state unit. 2411 saves the VMBus client inside it; since 2505 the client is saved
 * on its own and both are brought into the old layout before they leave.
 *
 * Source: vm/devices/vmbus/vmbus_relay/src/saved_state.rs of release 2411 and of main.
 *
 * @module
 */
import {
  type VmbusClientSavedState,
  type VmbusRelayChannel,
  VmbusRelaySavedState,
} from "../openhcl_state/mod.ts";
import type { VmbusClient, VmbusRelay } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import {
  type Fix,
  fixNothing,
  fixPostRestore,
  fixPreSave,
  openedChannels,
  RELAY_UNIT,
} from "./legacy_relay.ts";
import type { StateUnit } from "./state_units.ts";

/** How a release lays out the state of relay and client. */
export interface RelayLayout {
  readonly fixPreSave: Fix;
  readonly fixPostRestore: Fix;
  /** True when the client is a component of its own, saved and restored beside the units. */
  readonly clientApart: boolean;
  unit(relay: VmbusRelay, client: VmbusClient): StateUnit;
}

/** 2505 and later. */
export function splitLayout(release: string): RelayLayout {
  const blobs = blobsOf(VmbusRelaySavedState, release);
  return {
    fixPreSave: fixPreSave(release),
    fixPostRestore: fixPostRestore(release),
    clientApart: true,
    unit: (relay, client) =>
      relayUnit(relay, client, {
        save: () => blobs.pack(relay.save()),
        restore: (blob) => relay.restore(blobs.unpack(blob)),
      }),
  };
}

/** 2411. */
export function legacyLayout(release: string): RelayLayout {
  const blobs = blobsOf(VmbusRelaySavedState, release);
  return {
    fixPreSave: fixNothing,
    fixPostRestore: fixNothing,
    clientApart: false,
    unit: (relay, client) =>
      relayUnit(relay, client, {
        save() {
          const { use_interrupt_relay, channels } = relay.save();
          const client_saved_state = stopped(client);
          const connected = client_saved_state.client_state.variant;
          const relay_state = { variant: connected, value: {} };
          return blobs.pack({ use_interrupt_relay, relay_state, client_saved_state, channels });
        },
        restore(blob) {
          const saved = blobs.unpack(blob);
          const client_state = saved.client_saved_state;
          if (client_state === undefined) return;
          if (client.restore(client_state)) relay.offerAll();
          const opened = openedChannels(client_state);
          const channels = (saved.channels ?? []).map(
            (channel): VmbusRelayChannel => ({
              ...channel,
              is_open: opened.has(channel.channel_id),
            }),
          );
          relay.restore({ use_interrupt_relay: saved.use_interrupt_relay, channels });
        },
      }),
  };
}

/** 2411's client has no life of its own: it stops for the save and goes on. */
function stopped(client: VmbusClient): VmbusClientSavedState {
  client.stop();
  const saved = client.save();
  client.start();
  return saved;
}

function relayUnit(
  relay: VmbusRelay,
  client: VmbusClient,
  blob: Pick<StateUnit, "save" | "restore">,
): StateUnit {
  let restored = false;
  return {
    name: RELAY_UNIT,
    dependencies: ["vmbus"],
    start: () => relay.start(),
    stop: () => relay.stop(),
    save: blob.save,
    restore(state) {
      blob.restore(state);
      restored = true;
    },
    // Without a restore there is nothing to close, and closing again would do harm (PR 2879).
    postRestore() {
      if (restored) client.postRestore();
    },
    content: () => JSON.stringify(relay.inspect()),
  };
}
