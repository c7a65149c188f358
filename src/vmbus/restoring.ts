/**
 * Restoring a VMBus server: first its own state, then the channels that devices claim one by one,
 * and at the next start whatever nobody has claimed.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs (`restore`) and channels.rs
 * (`restore_channel`, `revoke_unclaimed_channels`).
 *
 * @module
 */
import { ChainError, Panic, refusal } from "../machine/mod.ts";
import type {
  OutgoingMessage,
  VmbusServerChannel,
  VmbusServerChannelsSavedState,
  VmbusServerGpadl,
} from "../openhcl_state/mod.ts";
import { revoke } from "./channel_release.ts";
import { askRelay } from "./contact.ts";
import type { ControlPlane } from "./control_plane.ts";
import { checkDisconnected } from "./disconnecting.ts";
import { checkGpaRanges } from "./gpa_ranges.ts";
import { keyText, offerParams } from "./offer.ts";
import { offerToGuest } from "./offered_ids.ts";
import { CHANNEL_ID_MAX, MESSAGE_LENGTH_MAX } from "./protocol.ts";
import { type Channel, isReleased, isRevoked, REOFFERED } from "./server_channel.ts";
import { restoreConnection, restoreState } from "./server_restored.ts";
import { restoreGpadl } from "./server_saved.ts";

/** Takes over `saved`; channels that were offered before or will be offered find their state. */
export function restoreChannels(plane: ControlPlane, saved: VmbusServerChannelsSavedState): void {
  if (saved.state !== null) {
    const { connection, channels, gpadls } = saved.state;
    plane.connection = restoreConnection(plane.rules, connection);
    tellRelay(plane);
    restoreAll(plane, channels, gpadls);
  } else if (saved.disconnected_state) {
    const { reserved_channels, reserved_gpadls } = saved.disconnected_state;
    restoreAll(plane, reserved_channels, reserved_gpadls);
  }
}

/** Takes over messages that wait for the guest; they go out when the server runs. */
export function restoreMessages(plane: ControlPlane, messages: readonly OutgoingMessage[]): void {
  for (const { 0: octets } of messages) {
    if (octets.length > MESSAGE_LENGTH_MAX) {
      throw new ChainError("a saved pending message is larger than the maximum message size");
    }
    plane.pending.push(octets);
  }
}

/** A request to the relay that was not answered when the state was saved is made again. */
function tellRelay(plane: ControlPlane): void {
  const { connection } = plane;
  if (connection.kind !== "Connecting" && connection.kind !== "Connected") return;
  const { version, monitorPages, interruptPage, modifying } = connection.info;
  const usesInterruptPage = interruptPage !== null;
  if (connection.kind === "Connecting") {
    askRelay(plane, { version: version.version, monitorPages, usesInterruptPage });
  } else if (modifying) {
    askRelay(plane, { version: null, monitorPages, usesInterruptPage });
  }
}

function restoreAll(
  plane: ControlPlane,
  channels: readonly VmbusServerChannel[],
  gpadls: readonly VmbusServerGpadl[],
): void {
  for (const channel of channels) restoreOne(plane, channel);
  for (const gpadl of gpadls) restoreOneGpadl(plane, gpadl);
}

function restoreOne(plane: ControlPlane, saved: VmbusServerChannel): void {
  const state = restoreState(plane.rules, saved.state);
  const { channel_id: channelId, offered_connection_id: connectionId } = saved;
  const { monitor_id: monitorId } = saved;
  const info = { channelId, connectionId, monitorId };
  const known = plane.byKey(saved.key);
  if (known !== undefined) checkOffered(known, monitorId);
  if (channelId < 1 || channelId > CHANNEL_ID_MAX) {
    throw new ChainError(`the channel ID ${channelId} is not valid for this operation`);
  }
  if (plane.assigned.has(channelId)) {
    throw new ChainError(`the channel ID ${channelId} is already in use`);
  }
  if (known !== undefined) {
    Object.assign(known, { state, info, restore: "Restoring" } satisfies Partial<Channel>);
    plane.assigned.set(channelId, known);
    return;
  }
  const { interface_id, instance_id } = saved.key;
  const channel: Channel = {
    sequence: 0,
    offer: { ...offerParams(interface_id, instance_id), key: saved.key },
    info,
    state,
    restore: "Unmatched",
    gpadls: new Map(),
    device: null,
    opened: null,
  };
  plane.channels.push(channel);
  plane.assigned.set(channelId, channel);
}

/** Refuses saved state for an offered channel that does not fit it. */
function checkOffered({ state, restore, offer }: Channel, saved: number | null): void {
  if (state.kind !== "ClientReleased" || restore !== "New") {
    throw new ChainError(`channel ${keyText(offer.key)} has already been restored`);
  }
  // The host of a relay may have set the id, and then it is the one that counts.
  const { monitorId: expected } = offer;
  if (typeof expected !== "number" || expected === saved) return;
  const actual = saved === null ? "None" : `Some(${saved})`;
  throw new ChainError(`mismatched monitor id; expected ${expected}, actual ${actual}`);
}

function restoreOneGpadl(plane: ControlPlane, saved: VmbusServerGpadl): void {
  const { id, channel_id: channelId, state } = saved;
  const channel = plane.assigned.get(channelId);
  if (channel === undefined || channel.restore === "New" || isReleased(channel.state)) {
    throw new ChainError(`gpadl ${id} is for missing channel ${channelId}`);
  }
  const gpadl = restoreGpadl(saved);
  if (state.variant !== "InProgress") checkRestored(gpadl.count, gpadl.octets);
  // A device that is gone would have to be asked.
  const asks = state.variant === "Offered" || state.variant === "TearingDown";
  if (asks && isRevoked(channel.state)) {
    throw new ChainError(`gpadl ${id} is for revoked channel ${channelId}`);
  }
  if (channel.gpadls.has(id)) throw new ChainError(`gpadl ${id} is already restored`);
  channel.gpadls.set(id, gpadl);
  if (state.variant !== "InProgress") return;
  if (plane.incomplete.has(id)) {
    throw new Panic("internal error: entered unreachable code: gpadl ID validated above");
  }
  plane.incomplete.set(id, channel);
}

function checkRestored(count: number, octets: Uint8Array): void {
  try {
    checkGpaRanges(count, octets);
  } catch (error) {
    throw new ChainError("invalid gpadl", refusal(error));
  }
}

/** Revokes what nobody has claimed, offers what is new, and asks devices again. */
export function revokeUnclaimed(plane: ControlPlane): void {
  for (const channel of plane.channels) settle(plane, channel);
  for (const channel of plane.channels) {
    for (const [gpadlId, { count, octets, state }] of channel.gpadls) {
      if (state === "Offered") {
        plane.requests.push({ kind: "gpadl", channel, gpadlId, ranges: { count, octets } });
      } else if (state === "TearingDown") {
        plane.requests.push({ kind: "teardown", channel, gpadlId, again: true });
      }
    }
  }
  checkDisconnected(plane);
}

function settle(plane: ControlPlane, channel: Channel): void {
  const { connection, rules } = plane;
  switch (channel.restore) {
    case "Restored":
      return;
    case "New": {
      if (connection.kind !== "Connected" || channel.state.kind !== "ClientReleased") return;
      const { offersSent, version } = connection.info;
      if (offersSent || !rules.offersOnlyOnRequest) offerToGuest(plane, channel, version);
      return;
    }
    case "Restoring":
      // Its device wants a new channel, and the guest has the old one.
      if (rules.keepsUnclaimedClosed && channel.state.kind === "Closed") {
        channel.restore = "Restored";
        return;
      }
      takeAway(plane, channel);
      channel.state = REOFFERED;
      return;
    case "Unmatched":
      takeAway(plane, channel);
  }
}

function takeAway(plane: ControlPlane, channel: Channel): void {
  const { device } = channel;
  plane.log.info(`revoking unrestored channel channel_id=${channel.info?.channelId}`);
  if (!revoke(plane, channel)) throw new Panic("channel has not been released");
  channel.device = device;
}
