/**
 * Ids of channels that the guest knows: given when a channel is offered, taken back when the guest
 * has released it.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`AssignedChannels`, `prepare_channel`,
 * `send_offer`), vm/vmcore/src/monitor.rs (`MonitorId`).
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { ControlPlane } from "./control_plane.ts";
import { MESSAGE } from "./messages.ts";
import { CONFIDENTIAL_FLAGS } from "./offer.ts";
import { CHANNEL_ID_MAX, connectionIdOf, FEATURE, type VersionInfo } from "./protocol.ts";
import type { Channel } from "./server_channel.ts";

/** Bits of a page of monitored notifications; the id above them stands for none. */
const MONITOR_IDS = 128;
const MONITOR_ID_NONE = 0xff;

/** Gives `channel` its ids and offers it to the guest. */
export function offerToGuest(plane: ControlPlane, channel: Channel, version: VersionInfo): void {
  if (channel.info !== null) throw new Panic("assertion failed: self.info.is_none()");
  const channelId = freeChannelId(plane);
  plane.assigned.set(channelId, channel);
  channel.info = {
    channelId,
    connectionId: connectionIdOf(channelId),
    monitorId: monitorIdFor(plane, channel),
  };
  channel.state = { kind: "Closed" };
  sendOffer(plane, channel, version);
}

/** The lowest id that is free. */
function freeChannelId({ assigned }: ControlPlane): number {
  for (let id = 1; id <= CHANNEL_ID_MAX; id++) if (!assigned.has(id)) return id;
  throw new Panic("there are enough channel IDs for everything in ChannelList");
}

function monitorIdFor(plane: ControlPlane, { offer }: Channel): number | null {
  if (offer.monitorId !== "own") return offer.monitorId;
  const used = monitorIdsInUse(plane);
  for (let id = 0; id < MONITOR_IDS; id++) if (!used.has(id)) return id;
  plane.log.warn("Out of monitor IDs.");
  return null;
}

/** Monitor ids that this server has given to its channels. */
export function monitorIdsInUse({ channels }: ControlPlane): ReadonlySet<number> {
  const used = new Set<number>();
  for (const { offer, info, restore } of channels) {
    const claimed = restore === "New" || restore === "Restored";
    if (offer.monitorId === "own" && claimed && info?.monitorId != null) used.add(info.monitorId);
  }
  return used;
}

/** Takes the ids of `channel` back. */
export function takeIds(plane: ControlPlane, channel: Channel): void {
  if (channel.info !== null) plane.assigned.delete(channel.info.channelId);
  channel.info = null;
}

/** Offers `channel`, which has its ids. */
export function sendOffer(plane: ControlPlane, channel: Channel, version: VersionInfo): void {
  const { offer, info } = channel;
  if (info === null) throw new Panic("assigned");
  const { key, mmioMegabytes, mmioMegabytesOptional, userDefined } = offer;
  const confidential = (version.featureFlags & FEATURE.confidentialChannels) !== 0;
  plane.send(
    MESSAGE.offerChannel.encode({
      interfaceId: key.interface_id,
      instanceId: key.instance_id,
      flags: confidential ? offer.flags : offer.flags & ~CONFIDENTIAL_FLAGS,
      mmioMegabytes,
      userDefined,
      subchannelIndex: key.subchannel_index,
      mmioMegabytesOptional,
      channelId: info.channelId,
      monitorId: info.monitorId ?? MONITOR_ID_NONE,
      monitorAllocated: info.monitorId === null ? 0 : 1,
      // Every channel since Windows 8; older guests do not look at it.
      isDedicated: 1,
      connectionId: info.connectionId,
    }),
  );
}
