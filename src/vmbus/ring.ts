/**
 * The two ends of a ring buffer. Indices live in guest memory and nowhere else, so that an end can
 * be made again at any time: by the next release, or by a copy of the machine.
 *
 * Source: vm/devices/vmbus/vmbus_ring/src/lib.rs (`IncomingRing`, `OutgoingRing`). A commit says
 * whether the other end has to be signalled.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import { encodePacket, type Packet, packetAt, packetLength } from "./packet.ts";
import { CONTROL, FEATURE_PENDING_SEND_SIZE, RING_GRAIN, type RingMemory } from "./ring_memory.ts";

/** The end that reads. */
export class IncomingRing {
  readonly #ring: RingMemory;

  constructor(ring: RingMemory) {
    this.#ring = ring;
  }

  /** A reader that has just been attached wants no signals yet. */
  attach(): void {
    this.#ring.setControl(CONTROL.interruptMask, 1);
  }

  /** Whether the writer signals that a ring is not empty any more. */
  setInterruptMask(masked: boolean): void {
    this.#ring.setControl(CONTROL.interruptMask, masked ? 1 : 0);
  }

  get isEmpty(): boolean {
    return this.#ring.index(CONTROL.in) === this.#ring.index(CONTROL.out);
  }

  /**
   * Takes every packet that is there and gives it to `use`, until `use` answers false and leaves
   * it in the ring. Answers whether the writer has to be signalled, which waits for room.
   */
  takeEach(use: (packet: Packet) => boolean): boolean {
    const ring = this.#ring;
    const inAt = ring.index(CONTROL.in);
    const start = ring.index(CONTROL.out);
    let outAt = start;
    while (outAt !== inAt) {
      const { packet, length } = packetAt(ring, outAt, ring.available(inAt, outAt));
      if (!use(packet)) break;
      outAt = ring.moved(outAt, length);
    }
    if (outAt === start) return false;
    ring.setControl(CONTROL.out, outAt);
    return crossesSendSize(ring, ring.free(inAt, start), ring.free(inAt, outAt));
  }
}

/** The end that writes. */
export class OutgoingRing {
  readonly #ring: RingMemory;

  constructor(ring: RingMemory) {
    this.#ring = ring;
  }

  /** A writer that has just been attached tells what it can do, and waits for no room yet. */
  attach(): void {
    this.#ring.setControl(CONTROL.featureBits, FEATURE_PENDING_SEND_SIZE);
    this.#ring.setControl(CONTROL.pendingSendSize, 0);
  }

  /** Whether there is room for `packet`. */
  fits(packet: Packet): boolean {
    const ring = this.#ring;
    return ring.free(ring.index(CONTROL.in), ring.index(CONTROL.out)) >= packetLength(packet);
  }

  /** Asks for a signal when there is room for `packet` again. */
  awaitRoom(packet: Packet): void {
    this.#ring.setControl(CONTROL.pendingSendSize, packetLength(packet));
  }

  /**
   * Writes `packet`, for which there must be room. Answers whether the reader has to be signalled:
   * it must want it, and the ring must have been empty.
   */
  write(packet: Packet): boolean {
    const ring = this.#ring;
    const length = packetLength(packet);
    if (length >= ring.size - RING_GRAIN) throw new ChainError("invalid message length");
    const inAt = ring.index(CONTROL.in);
    const outAt = ring.index(CONTROL.out);
    if (ring.free(inAt, outAt) < length) throw new ChainError("ring buffer full");
    ring.write(inAt, encodePacket(packet, inAt));
    ring.setControl(CONTROL.in, ring.moved(inAt, length));
    return ring.control(CONTROL.interruptMask) === 0 && outAt === inAt;
  }
}

function crossesSendSize(ring: RingMemory, oldFree: number, newFree: number): boolean {
  // Some writers ask for one octet less than the ring, which never happens; the low bits are noise.
  const wanted = ring.control(CONTROL.pendingSendSize) & ~(RING_GRAIN - 1);
  return wanted !== 0 && oldFree < wanted && newFree >= wanted;
}

/** Whether the reader of `ring` may be waiting for a signal that got lost. */
export function readerNeedsSignal(ring: RingMemory): boolean {
  const masked = ring.control(CONTROL.interruptMask) !== 0;
  return !masked && ring.control(CONTROL.in) !== ring.control(CONTROL.out);
}

/** Whether the writer of `ring` may be waiting for a signal that got lost. */
export function writerNeedsSignal(ring: RingMemory): boolean {
  const wanted = ring.control(CONTROL.pendingSendSize);
  if (wanted === 0) return false;
  return ring.free(ring.control(CONTROL.in), ring.control(CONTROL.out)) >= wanted;
}
