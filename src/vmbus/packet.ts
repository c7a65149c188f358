/**
 * Packets of a ring buffer: a descriptor, an extension that some kinds have, the payload filled up
 * to whole words, and a trailer with the place of the packet.
 *
 * Source: vm/devices/vmbus/vmbus_ring/src/lib.rs (`PacketDescriptor`, `parse_packet`).
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { Slab } from "../bytes/slab.ts";
import { bigintOfHalves } from "../bytes/wide.ts";
import { putU16, putU32, putU64 } from "../bytes/write_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import { RING_GRAIN, type RingMemory } from "./ring_memory.ts";

export const PACKET_TYPE = {
  inBand: 6,
  transferPages: 7,
  gpaDirect: 9,
  completion: 11,
} as const;

const TYPES: readonly number[] = Object.values(PACKET_TYPE);

/** Octets of a descriptor, of a trailer, and of the fixed part of an extension. */
export const DESCRIPTOR_LENGTH = 16;
const TRAILER_LENGTH = 8;
const EXTENSION_LENGTH_MIN = 8;

const COMPLETION_REQUESTED = 1;

const NOTHING = new Uint8Array(0);

/** Packets are copied into a ring at once. */
const slab = new Slab(2 ** 14);

export interface Packet {
  readonly type: number;
  /** 64 bits of the sender's own, which a completion gives back. */
  readonly transactionId: bigint;
  readonly completionRequested: boolean;
  /** What transfer pages and GPA direct have before their payload; empty for others. */
  readonly extension: Uint8Array;
  /** Whole words: what was filled up cannot be told from the payload. */
  readonly payload: Uint8Array;
}

/** Octets that `packet` takes in a ring. */
export function packetLength({ extension, payload }: Packet): number {
  const padded = Math.ceil(payload.length / RING_GRAIN) * RING_GRAIN;
  return DESCRIPTOR_LENGTH + extension.length + padded + TRAILER_LENGTH;
}

/** The octets of `packet` when it stands at `index`. */
export function encodePacket(packet: Packet, index: number): Uint8Array {
  const { type, transactionId, completionRequested, extension, payload } = packet;
  const octets = slab.zeros(packetLength(packet));
  const end = octets.length - TRAILER_LENGTH;
  putU16(octets, 0, type);
  putU16(octets, 2, (DESCRIPTOR_LENGTH + extension.length) / RING_GRAIN);
  putU16(octets, 4, end / RING_GRAIN);
  putU16(octets, 6, completionRequested ? COMPLETION_REQUESTED : 0);
  putU64(octets, 8, transactionId);
  octets.set(extension, DESCRIPTOR_LENGTH);
  octets.set(payload, DESCRIPTOR_LENGTH + extension.length);
  putU32(octets, end + 4, index);
  return octets;
}

/** The packet at `index` of `ring`, of which `available` octets can be read. */
export function packetAt(
  ring: RingMemory,
  index: number,
  available: number,
): { readonly packet: Packet; readonly length: number } {
  if (available < DESCRIPTOR_LENGTH) throw new ChainError("invalid data available");
  const [typeAndData, endAndFlags] = [ring.word(index), ring.word(index + 4)];
  const type = typeAndData & 0xffff;
  const dataAt = (typeAndData >>> 16) * RING_GRAIN;
  const end = (endAndFlags & 0xffff) * RING_GRAIN;
  const flags = endAndFlags >>> 16;
  // With its trailer the packet ends where the writer is, at the latest.
  if (end < dataAt || dataAt < DESCRIPTOR_LENGTH || available < end + TRAILER_LENGTH) {
    throw new ChainError("invalid descriptor offset or length");
  }
  if ((flags & ~COMPLETION_REQUESTED) !== 0) {
    throw new ChainError("unknown packet descriptor flags");
  }
  if (!TYPES.includes(type)) throw new ChainError("unknown packet descriptor type");
  const transactionId = bigintOfHalves(ring.word(index + 8), ring.word(index + 12));
  const extended = type === PACKET_TYPE.gpaDirect || type === PACKET_TYPE.transferPages;
  const extension = extended ? extensionAt(ring, index, dataAt, type) : NOTHING;
  const payload = ring.read(index + dataAt, end - dataAt);
  const completionRequested = flags !== 0;
  const packet = { type, transactionId, completionRequested, extension, payload };
  return { packet, length: end + TRAILER_LENGTH };
}

function extensionAt(ring: RingMemory, index: number, dataAt: number, type: number): Uint8Array {
  const length = dataAt - DESCRIPTOR_LENGTH;
  if (length < EXTENSION_LENGTH_MIN) throw new ChainError("invalid descriptor offset or length");
  const extension = ring.read(index + DESCRIPTOR_LENGTH, length);
  if (type === PACKET_TYPE.gpaDirect && u32At(extension, 4) === 0) {
    throw new ChainError("invalid range count for gpa direct packet");
  }
  return extension;
}
