/**
 * VMBus around a state that was captured elsewhere: the host's bus as its client has left it, and a
 * guest that knows its channels. What nobody has saved is made up: the content of rings, and what
 * the guest will do next, which is nothing.
 *
 * Source: microsoft/openvmm, vm/devices/vmbus: vmbus_client/src/saved_state.rs,
 * vmbus_relay/src/saved_state.rs, vmbus_server/src/channels/saved_state.rs.
 *
 * @module
 */
import { adoptedGuest, type VmbusDriver } from "../guest/mod.ts";
import {
  type OpenRequest,
  type SavedStateUnit,
  type ServicingState,
  type VmbusClientChannel,
  type VmbusClientSavedState,
  VmbusRelaySavedState,
  type VmbusServerChannel,
  type VmbusServerGpadl,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { type OfferParams, offerParams, sameKey, USER_DATA_LENGTH } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { RELAY_UNIT } from "./legacy_relay.ts";
import { releaseNamed } from "./releases.ts";

/** The saved server; null when there is none in the list. */
export function savedServer(
  release: string,
  units: readonly SavedStateUnit[],
): VmbusServerSavedState | null {
  const unit = units.find(({ name }) => name === "vmbus");
  if (unit === undefined) return null;
  return blobsOf(VmbusServerSavedState, release).unpack(unit.state);
}

/** The saved client, wherever `release` has put it; null when there is no relay. */
export function savedClient(release: string, state: ServicingState): VmbusClientSavedState | null {
  const { relay } = releaseNamed(release);
  if (relay.clientApart) return relay.fixPostRestore(state).init_state.vmbus_client ?? null;
  const unit = state.units.find(({ name }) => name === RELAY_UNIT);
  if (unit === undefined) return null;
  const saved = blobsOf(VmbusRelaySavedState, release).unpack(unit.state);
  return saved.client_saved_state ?? null;
}

/** What the host must have offered. */
export function offersOf(client: VmbusClientSavedState): OfferParams[] {
  return client.channels.map(({ offer }) => ({
    ...offerParams(offer.interface_id, offer.instance_id),
    key: keyOf(offer),
    flags: offer.flags,
    mmioMegabytes: offer.mmio_megabytes,
    mmioMegabytesOptional: offer.mmio_megabytes_optional,
    userDefined: offer.user_defined,
  }));
}

function keyOf({ interface_id, instance_id, subchannel_index }: VmbusClientChannel["offer"]) {
  return { interface_id, instance_id, subchannel_index };
}

/** The state of the host's bus; null when the client was not connected. */
export function hostSideOf(
  client: VmbusClientSavedState,
  server: VmbusServerSavedState | null,
): VmbusServerSavedState | null {
  if (client.client_state.variant !== "Connected") return null;
  const { version, feature_flags } = client.client_state.value;
  const { channels: relayed = [], gpadls: relayedGpadls = [] } = server?.server.state ?? {};
  const channels = client.channels.map((channel) => hostChannel(channel, relayed));
  const gpadls = client.gpadls.map(({ gpadl_id: id, channel_id }): VmbusServerGpadl => {
    const known = relayedGpadls.find((gpadl) => gpadl.id === id);
    const state = { variant: "Accepted", value: {} } as const;
    const { count, buf } = known ?? { count: 1, buf: [0x1000n, 0n] };
    return { id, channel_id, count, buf, state };
  });
  const connection = {
    variant: "Connected",
    value: {
      version: { version, feature_flags },
      offers_sent: true,
      interrupt_page: null,
      monitor_page: null,
      target_message_vp: 0,
      modifying: false,
      client_id: null,
      trusted: false,
      paused: false,
    },
  } as const;
  const state = { connection, channels, gpadls };
  const inner = { state, disconnected_state: null, pending_messages: [] };
  return { server: inner, lost_synic_bug_fixed: true };
}

function hostChannel(
  { offer, state }: VmbusClientChannel,
  relayed: readonly VmbusServerChannel[],
): VmbusServerChannel {
  const key = keyOf(offer);
  const channel = relayed.find((candidate) => sameKey(candidate.key, key));
  const known = channel?.state.variant === "Open" ? channel.state.value.params : UNKNOWN_REQUEST;
  const modify_state = { variant: "NotModifying", value: {} } as const;
  const open = { params: known, modify_state, reserved_state: null };
  return {
    key,
    channel_id: offer.channel_id,
    offered_connection_id: offer.connection_id,
    state:
      state.variant === "Opened"
        ? { variant: "Open", value: open }
        : { variant: "Closed", value: {} },
    monitor_id: offer.monitor_allocated === 0 ? null : offer.monitor_id,
  };
}

const UNKNOWN_REQUEST: OpenRequest = {
  open_id: 0,
  ring_buffer_gpadl_id: { 0: 0 },
  target_vp: 0,
  downstream_ring_buffer_page_offset: 0,
  user_data: new Uint8Array(USER_DATA_LENGTH),
  guest_specified_interrupt_info: null,
  flags: 0,
};

/** Lets the guest know what it must know already. */
export function adoptGuest(guest: VmbusDriver, server: VmbusServerSavedState | null): void {
  const saved = server?.server.state ?? null;
  if (saved?.connection.variant !== "Connected") return;
  const { version, offers_sent: offersSent } = saved.connection.value;
  adoptedGuest(guest, {
    version: { version: version.version, featureFlags: version.feature_flags },
    offersSent,
    channels: saved.channels
      .filter(({ state }) => state.variant !== "Revoked")
      .map(({ key, channel_id: relid, offered_connection_id: connectionId, state }) => ({
        key,
        relid,
        connectionId,
        open: state.variant === "Open",
      })),
  });
}
