/**
 * Channels as the guest sees them, and for those that are relayed how OpenHCL's client and the
 * host's bus see them.
 *
 * @module
 */
import { sameKey } from "../vmbus/mod.ts";
import type { ChannelRecord, GuestBus } from "./guest_bus.ts";
import type { LoadedVm } from "./loaded_vm.ts";

export function guestBus(vm: LoadedVm): GuestBus {
  return { channels: guestChannels(vm), pending: [...vm.vmbusServer.pendingMessages] };
}

export function guestChannels({ vmbusServer, vmbusClient, host }: LoadedVm): ChannelRecord[] {
  const known = vmbusClient?.channels() ?? [];
  const behind = host.bus?.channels() ?? [];
  return vmbusServer.channels().map(({ channelId, key, open, gpadls }): ChannelRecord => {
    const far = behind.find((channel) => sameKey(channel.key, key));
    if (far === undefined) return { channelId, open, gpadls };
    const near = known.find((channel) => channel.channelId === far.channelId);
    const isOpen = far.open && near?.open === true;
    // What the client has lost track of cannot be taken back: the host might as well not have it.
    const usable = (id: number) => near?.gpadls.includes(id) === true || !gpadls.includes(id);
    const side = {
      channelId: far.channelId,
      state: isOpen ? "opened" : "offered",
      gpadls: far.gpadls.filter(usable),
    } as const;
    return { channelId, open, gpadls, host: side };
  });
}
