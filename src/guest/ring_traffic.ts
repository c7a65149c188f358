/**
 * Numbered packets through the rings of a channel. Each has to come back once, in order, with what
 * it carried.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import { refusal } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import { IncomingRing, OutgoingRing, PACKET_TYPE, type Packet, ringsOf } from "../vmbus/mod.ts";
import { complain, type DriverState, type GuestChannel, noteOddity } from "./driver_state.ts";

/** Octets of a packet: its number, the channel, and a filling that tells packets apart. */
const PAYLOAD_LENGTH = 16;

const NOTHING = new Uint8Array(0);

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

/** Makes the rings of a channel ready before it is opened. */
export function attachRings(memory: GuestMemory, channel: GuestChannel): void {
  const both = rings(memory, channel);
  if (both === null) return;
  new OutgoingRing(both.fromGuest).attach();
  new IncomingRing(both.toGuest).setInterruptMask(false);
}

/** Writes the next packet. Answers whether the host has to be signalled; null without room. */
export function writeRing(
  state: DriverState,
  memory: GuestMemory,
  channel: GuestChannel,
): boolean | null {
  const both = rings(memory, channel);
  if (both === null) return null;
  const { traffic, relid } = channel;
  const packet: Packet = {
    type: PACKET_TYPE.inBand,
    transactionId: BigInt(traffic.sent),
    completionRequested: true,
    extension: NOTHING,
    payload: payloadOf(relid, traffic.sent),
  };
  try {
    const out = new OutgoingRing(both.fromGuest);
    if (!out.fits(packet)) {
      out.awaitRoom(packet);
      return null;
    }
    const signals = out.write(packet);
    traffic.sent++;
    return signals;
  } catch (error) {
    complain(state, `relid ${relid}: ${refusal(error).message}`);
    return null;
  }
}

/** Takes what has come back. Answers whether the host has to be signalled, which waits for room. */
export function readRing(state: DriverState, memory: GuestMemory, channel: GuestChannel): boolean {
  const both = channel.state === "open" ? rings(memory, channel) : null;
  if (both === null) return false;
  const { traffic, relid } = channel;
  try {
    return new IncomingRing(both.toGuest).takeEach(({ type, transactionId, payload }) => {
      const expected = traffic.received++;
      if (type !== PACKET_TYPE.completion || transactionId !== BigInt(expected)) {
        noteOddity(state, `relid ${relid}: packet ${transactionId} came in place of ${expected}`);
      } else if (!isPayload(payload, relid, expected)) {
        noteOddity(state, `relid ${relid}: packet ${expected} came back with other content`);
      }
      return true;
    });
  } catch (error) {
    complain(state, `relid ${relid}: ${refusal(error).message}`);
    return false;
  }
}

function payloadOf(relid: number, number: number): Uint8Array {
  const payload = new Uint8Array(PAYLOAD_LENGTH);
  putU32(payload, 0, number);
  putU32(payload, 4, relid);
  putU32(payload, 8, fillingOf(relid, number));
  return payload;
}

function isPayload(payload: Uint8Array, relid: number, number: number): boolean {
  return (
    u32At(payload, 0) === number &&
    u32At(payload, 4) === relid &&
    u32At(payload, 8) === fillingOf(relid, number)
  );
}

function fillingOf(relid: number, number: number): number {
  return (Math.imul(number + 1, 0x9e37_79b1) ^ relid) >>> 0;
}
