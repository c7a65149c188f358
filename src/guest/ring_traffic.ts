/**
 * Packets through the rings of a channel. Numbered ones are the guest's way to see that a channel
 * works: each has to come back once, in order, with what it carried. A storage controller gets
 * questions whether a disk is ready in their place.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import { refusal } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import { IncomingRing, OutgoingRing, PACKET_TYPE, type Packet, ringsOf } from "../vmbus/mod.ts";
import { complain, type DriverState, type GuestChannel, noteOddity } from "./driver_state.ts";
import { READINESS, statusOfRequest } from "./storage_packets.ts";

/** Octets of a packet: its number, the channel, and a filling that tells packets apart. */
const PAYLOAD_LENGTH = 16;

const NOTHING = new Uint8Array(0);

/** From here on ids of transactions are of packets without a number. */
export const OTHERS_FROM = 2n ** 40n;

type Rings = ReturnType<typeof ringsOf>;

/** Rings by their first page, which is no other channel's; a copy of the guest has other memory. */
const known = new WeakMap<GuestMemory, Map<number, Rings>>();

function rings(memory: GuestMemory, { gpadls: [gpadl] }: GuestChannel): Rings | null {
  if (gpadl === undefined) return null;
  const all = known.get(memory) ?? new Map<number, Rings>();
  if (all.size === 0) known.set(memory, all);
  const found = all.get(gpadl.pfn);
  if (found !== undefined) return found;
  const pfns = Array.from({ length: gpadl.pages }, (_, page) => gpadl.pfn + page);
  const both = ringsOf(memory, pfns, gpadl.pages / 2);
  all.set(gpadl.pfn, both);
  return both;
}

/**
 * Makes the rings of a channel ready before it is opened: empty, whatever was in flight when it was
 * closed. Linux, drivers/hv/ring_buffer.c (`hv_ringbuffer_init`).
 */
export function attachRings(memory: GuestMemory, channel: GuestChannel): void {
  const both = rings(memory, channel);
  if (both === null) return;
  both.fromGuest.clear();
  both.toGuest.clear();
  new OutgoingRing(both.fromGuest).attach();
  new IncomingRing(both.toGuest).setInterruptMask(false);
}

/** Writes the next numbered packet. Answers as {@linkcode writePacket} does. */
export function writeRing(
  state: DriverState,
  memory: GuestMemory,
  channel: GuestChannel,
): boolean | null {
  const { traffic } = channel;
  const signals = writePacket(state, memory, channel, {
    type: PACKET_TYPE.inBand,
    transactionId: BigInt(traffic.sent),
    completionRequested: true,
    extension: NOTHING,
    payload: payloadOf(channel, traffic.sent),
  });
  if (signals !== null) traffic.sent++;
  return signals;
}

/** Writes a packet. Answers whether the host has to be signalled; null without room. */
export function writePacket(
  state: DriverState,
  memory: GuestMemory,
  channel: GuestChannel,
  packet: Packet,
): boolean | null {
  const both = rings(memory, channel);
  if (both === null) return null;
  try {
    const out = new OutgoingRing(both.fromGuest);
    if (out.fits(packet)) return out.write(packet);
    out.awaitRoom(packet);
  } catch (error) {
    complain(state, `relid ${channel.relid}: ${refusal(error).message}`);
  }
  return null;
}

/**
 * Takes what has come back; what is no numbered packet goes to `others`. Answers whether the host
 * has to be signalled, which waits for room.
 */
export function readRing(
  state: DriverState,
  memory: GuestMemory,
  channel: GuestChannel,
  others: (packet: Packet) => void,
): boolean {
  const both = channel.state === "open" ? rings(memory, channel) : null;
  if (both === null) return false;
  try {
    return new IncomingRing(both.toGuest).takeEach((packet) => {
      if (isNumbered(packet)) takeNumbered(state, channel, packet);
      else others(packet);
      return true;
    });
  } catch (error) {
    complain(state, `relid ${channel.relid}: ${refusal(error).message}`);
    return false;
  }
}

function isNumbered({ transactionId }: Packet): boolean {
  return transactionId < OTHERS_FROM;
}

function takeNumbered(
  state: DriverState,
  channel: GuestChannel,
  { type, transactionId, payload }: Packet,
): void {
  const { traffic, relid } = channel;
  const expected = traffic.received++;
  if (type !== PACKET_TYPE.completion || transactionId !== BigInt(expected)) {
    noteOddity(state, `relid ${relid}: packet ${transactionId} came in place of ${expected}`);
  } else if (!isPayload(payload, channel, expected)) {
    noteOddity(state, `relid ${relid}: packet ${expected} came back with other content`);
  }
}

/** What is behind a channel decides what it gives back. */
function payloadOf({ relid, planned }: GuestChannel, number: number): Uint8Array {
  if (planned?.use === "storage") return READINESS;
  const payload = new Uint8Array(PAYLOAD_LENGTH);
  putU32(payload, 0, number);
  putU32(payload, 4, relid);
  putU32(payload, 8, fillingOf(relid, number));
  return payload;
}

function isPayload(payload: Uint8Array, { relid, planned }: GuestChannel, number: number): boolean {
  if (planned?.use === "storage") return statusOfRequest(payload) === 0;
  return (
    u32At(payload, 0) === number &&
    u32At(payload, 4) === relid &&
    u32At(payload, 8) === fillingOf(relid, number)
  );
}

function fillingOf(relid: number, number: number): number {
  return (Math.imul(number + 1, 0x9e37_79b1) ^ relid) >>> 0;
}
