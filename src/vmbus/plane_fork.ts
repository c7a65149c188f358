/**
 * Copies the state of a server, so that two can go on from the same point.
 *
 * @module
 */
import type { ChannelDevice } from "./channel_device.ts";
import type { ControlPlane } from "./control_plane.ts";
import type { Channel } from "./server_channel.ts";

/** Makes `to`, which is new, what `from` is. Requests are never under way between two calls. */
export function forkPlane(
  from: ControlPlane,
  to: ControlPlane,
  forkDevice: (device: ChannelDevice, channel: Channel) => ChannelDevice,
): void {
  const copies = new Map<Channel, Channel>();
  to.connection = from.connection;
  to.pending.push(...from.pending);
  to.relayOwes = from.relayOwes;
  for (const channel of from.channels) {
    const gpadls = new Map([...channel.gpadls].map(([id, gpadl]) => [id, { ...gpadl }]));
    const copy: Channel = { ...channel, gpadls };
    copies.set(channel, copy);
    to.channels.push(copy);
    if (copy.device !== null) copy.device = forkDevice(copy.device, copy);
  }
  for (const [id, channel] of from.assigned) setCopy(to.assigned, id, copies.get(channel));
  for (const [id, channel] of from.incomplete) setCopy(to.incomplete, id, copies.get(channel));
}

function setCopy(map: Map<number, Channel>, id: number, copy: Channel | undefined): void {
  if (copy !== undefined) map.set(id, copy);
}
