/**
 * Offering channels, and what a guest says about offers.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`offer_channel`, `revoke_channel`,
 * `handle_request_offers`, `handle_rel_id_released`).
 *
 * @module
 */
import { ChainError, Panic } from "../machine/mod.ts";
import type { Guid, OfferKey } from "../openhcl_state/mod.ts";
import type { ChannelDevice } from "./channel_device.ts";
import { clientRelease, revoke } from "./channel_release.ts";
import { versionOf } from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { checkDisconnected } from "./disconnecting.ts";
import { MESSAGE } from "./messages.ts";
import { keyText, type OfferParams } from "./offer.ts";
import { offerToGuest } from "./offered_ids.ts";
import { CHANNEL_ID_MAX } from "./protocol.ts";
import { type Channel, CLIENT_RELEASED, REOFFERED, reservedOf } from "./server_channel.ts";

/**
 * A device offers a channel. One that waits in the saved state for its offer has found it, and one
 * that has been revoked is offered again once its guest has released it.
 */
export function offerChannel(
  plane: ControlPlane,
  offer: OfferParams,
  sequence: number,
  device: ChannelDevice | null,
): Channel {
  const known = plane.byKey(offer.key);
  const channel = known === undefined ? undefined : replaced(plane, known, offer, sequence);
  if (channel !== undefined) {
    channel.device = device;
    return channel;
  }
  if (plane.channels.length >= CHANNEL_ID_MAX) {
    throw new ChainError("too many channels have been offered");
  }
  const fresh: Channel = {
    sequence,
    offer,
    info: null,
    state: CLIENT_RELEASED,
    restore: "New",
    gpadls: new Map(),
    device,
    opened: null,
  };
  plane.channels.push(fresh);
  const { connection } = plane;
  if (connection.kind === "Connected" && connection.info.offersSent) {
    offerToGuest(plane, fresh, connection.info.version);
  }
  return fresh;
}

/** A channel that is known takes the new offer, or refuses it. */
function replaced(
  plane: ControlPlane,
  known: Channel,
  offer: OfferParams,
  sequence: number,
): Channel {
  const unmatched = known.restore === "Unmatched";
  if (!unmatched && known.state.kind !== "Revoked") {
    throw new ChainError(`offer ${keyText(offer.key)} already exists`);
  }
  const { monitorId } = offer;
  const saved = known.info?.monitorId ?? null;
  if (unmatched && typeof monitorId === "number" && monitorId !== saved) {
    const expected = saved === null ? "None" : `Some(${saved})`;
    const what = `expected ${expected}, actual ${monitorId}`;
    throw new ChainError(`mismatched monitor ID from saved state; ${what}`);
  }
  const channel: Channel = { ...known, sequence, offer };
  if (unmatched) channel.restore = "Restoring";
  else channel.state = REOFFERED;
  plane.channels = plane.channels.with(plane.channels.indexOf(known), channel);
  if (channel.info !== null) plane.assigned.set(channel.info.channelId, channel);
  for (const [id, of] of plane.incomplete) if (of === known) plane.incomplete.set(id, channel);
  return channel;
}

/** The device of `channel` goes. */
export function revokeChannel(plane: ControlPlane, channel: Channel): void {
  if (!revoke(plane, channel)) plane.remove(channel);
  checkDisconnected(plane);
}

/** The guest asks what there is. */
export function requestOffers(plane: ControlPlane): void {
  const { connection } = plane;
  if (connection.kind !== "Connected") throw new Panic("prevented by Message::parse()");
  if (connection.info.offersSent) throw new ChainError("channel offers have already been sent");
  const info = { ...connection.info, offersSent: true };
  plane.connection = { kind: "Connected", info };
  // Ids stay the same over hibernation when the order does.
  const sorted = plane.channels.filter(({ state }) => reservedOf(state) === null).sort(byOffer);
  for (const channel of sorted) {
    if (channel.state.kind !== "ClientReleased") {
      throw new Panic("assertion failed: matches!(channel.state, ChannelState::ClientReleased)");
    }
    offerToGuest(plane, channel, info.version);
  }
  plane.send(MESSAGE.allOffersDelivered.encode({}));
}

/** The guest lets go of a channel that it has closed, or that was rescinded. */
export function relIdReleased(plane: ControlPlane, channelId: number): void {
  const channel = plane.channelOf(channelId);
  switch (channel.state.kind) {
    case "Closed":
    case "Revoked":
    case "Closing":
    case "Reoffered":
      if (clientRelease(plane, channel, versionOf(plane.connection))) plane.remove(channel);
      checkDisconnected(plane);
      return;
    default:
      throw new ChainError("invalid channel state for operation");
  }
}

/** By interface, then as the device wants it, then by instance. */
function byOffer({ offer: left }: Channel, { offer: right }: Channel): number {
  return (
    compareGuids(left.key.interface_id, right.key.interface_id) ||
    (left.order ?? ORDER_LAST) - (right.order ?? ORDER_LAST) ||
    compareKeys(left.key, right.key)
  );
}

const ORDER_LAST = 0xffff_ffff;

function compareKeys(left: OfferKey, right: OfferKey): number {
  const instances = compareGuids(left.instance_id, right.instance_id);
  return instances || left.subchannel_index - right.subchannel_index;
}

function compareGuids(left: Guid, right: Guid): number {
  const groups = left.data1 - right.data1 || left.data2 - right.data2 || left.data3 - right.data3;
  if (groups !== 0) return groups;
  for (const [index, octet] of left.data4.entries()) {
    const difference = octet - (right.data4[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
