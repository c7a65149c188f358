/**
 * What the guest asks for one channel, and what it sends through it.
 *
 * @module
 */
import { FEATURE, MESSAGE, USER_DATA_LENGTH, VERSION } from "../vmbus/mod.ts";
import { RING_PAGES } from "./channel_memory.ts";
import { forgetRings, type GuestChannel } from "./driver_state.ts";
import { isGreeted } from "./greeting.ts";
import { attachRings, writeRing } from "./ring_traffic.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

const NO_USER_DATA = new Uint8Array(USER_DATA_LENGTH);

/** Processor that takes the interrupts of a channel whose plan names none. */
const CHANNEL_VP = 1;

const SIGNAL_FEATURES =
  FEATURE.guestSpecifiedSignalParameters | FEATURE.channelInterruptRedirection;

/** Opens a channel with its rings in its first GPADL. */
export function openChannel(driver: VmbusDriver, channel: GuestChannel): void {
  const { relid, connectionId, gpadls, planned } = channel;
  channel.state = "opening";
  forgetRings(driver.state, channel);
  attachRings(driver.memory, channel);
  const open = {
    channelId: relid,
    openId: relid,
    ringBufferGpadlId: gpadls[0]?.id ?? 0,
    targetVp: planned?.vp ?? CHANNEL_VP,
    downstreamRingBufferPageOffset: RING_PAGES / 2,
    userData: NO_USER_DATA,
  };
  const flags = driver.state.version?.featureFlags ?? 0;
  driver.send(
    (flags & SIGNAL_FEATURES) === 0
      ? MESSAGE.openChannel.encode(open)
      : MESSAGE.openChannel2.encode({ ...open, connectionId, eventFlag: relid, flags: 0 }),
  );
}

/**
 * There is no answer to a close, nor to a modification that it overtakes: the server only warns.
 * A guest whose version has answers to modifications waits for them first.
 *
 * Source: vmbus_server/src/channels.rs (`handle_close_channel`, `modify_channel_complete`); Linux,
 * drivers/hv/vmbus_drv.c (`target_cpu_store`), holds the lock under which channels are closed.
 */
export function closeChannel(driver: VmbusDriver, channel: GuestChannel): void {
  channel.state = "offered";
  driver.send(MESSAGE.closeChannel.encode({ channelId: channel.relid }));
}

/** Moves the interrupts of a channel to another processor. */
export function modifyChannel(driver: VmbusDriver, channel: GuestChannel, targetVp: number): void {
  if ((driver.state.version?.version ?? 0) >= VERSION.iron) channel.modifying++;
  driver.send(MESSAGE.modifyChannel.encode({ channelId: channel.relid, targetVp }));
}

/** Lets go of a channel that was rescinded. */
export function releaseChannel(driver: VmbusDriver, channel: GuestChannel): void {
  const { relid } = channel;
  forgetRings(driver.state, channel);
  driver.state.channels.delete(relid);
  driver.send(MESSAGE.relIdReleased.encode({ channelId: relid }));
}

/** Sends `count` numbered packets through an open channel. Answers how many had room. */
export function sendPackets(driver: VmbusDriver, channel: GuestChannel, count: number): number {
  let sent = 0;
  if (!isGreeted(channel)) return sent;
  for (; sent < count; sent++) {
    const signals = writeRing(driver.state, driver.memory, channel);
    if (signals === null) break;
    if (signals) driver.signal(channel);
  }
  driver.wake();
  return sent;
}
