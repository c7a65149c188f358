/**
 * Memory of one ring buffer: a control page, and pages of data that are used as if they went on
 * from the last one to the first.
 *
 * Source: vm/devices/vmbus/vmbus_ring/src/lib.rs (`Control`, `PagedRingMem`). Every index is read
 * from memory that the other side can write to, so it is checked each time.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";

/** Where the words of the control page are. */
export const CONTROL = {
  in: 0,
  out: 4,
  interruptMask: 8,
  pendingSendSize: 12,
  featureBits: 64,
} as const;

/** The ring can say when there is room again. */
export const FEATURE_PENDING_SEND_SIZE = 1;

/** Indices are multiples of this, and so many octets always stay free. */
export const RING_GRAIN = 8;

export class RingMemory {
  /** Octets of data. */
  readonly size: number;
  readonly #memory: GuestMemory;
  readonly #controlPfn: number;
  readonly #dataPfns: readonly number[];

  /** A ring whose control page is the first of `pfns`. */
  constructor(memory: GuestMemory, pfns: readonly number[]) {
    const [controlPfn, ...dataPfns] = pfns;
    if (controlPfn === undefined || dataPfns.length === 0) {
      throw new ChainError("invalid ring memory");
    }
    this.#memory = memory;
    this.#controlPfn = controlPfn;
    this.#dataPfns = dataPfns;
    this.size = dataPfns.length * PAGE_SIZE;
  }

  /** A word of the control page. */
  control(at: number): number {
    return u32At(this.#memory.readable(this.#controlPfn), at);
  }

  setControl(at: number, value: number): void {
    putU32(this.#memory.writable(this.#controlPfn), at, value);
  }

  /** Leaves nothing in the ring. Only who opens its channel may, while nobody else looks at it. */
  clear(): void {
    this.setControl(CONTROL.in, 0);
    this.setControl(CONTROL.out, 0);
  }

  /** The index at `at` of the control page; refused when it cannot be one. */
  index(at: number): number {
    const index = this.control(at);
    if (index < this.size && index % RING_GRAIN === 0) return index;
    throw new ChainError("invalid ring buffer pointer");
  }

  /** `index` moved on by `octets`. */
  moved(index: number, octets: number): number {
    const moved = index + octets;
    return moved < this.size ? moved : moved - this.size;
  }

  /** Octets that can be written. */
  free(inAt: number, outAt: number): number {
    const used = outAt > inAt ? this.size - outAt + inAt : inAt - outAt;
    return this.size - used - RING_GRAIN;
  }

  /** Octets that can be read. */
  available(inAt: number, outAt: number): number {
    return inAt > outAt ? inAt - outAt : this.size + inAt - outAt;
  }

  /** The 32-bit word of data at `at`, which is a multiple of 4. */
  word(at: number): number {
    const start = at < this.size ? at : at - this.size;
    return u32At(this.#memory.readable(this.#pfnAt(start)), start % PAGE_SIZE);
  }

  /** `length` octets of data from `at` on, to be read and not to be kept. */
  read(at: number, length: number): Uint8Array {
    const start = at < this.size ? at : at - this.size;
    const offset = start % PAGE_SIZE;
    if (offset + length <= PAGE_SIZE) {
      return this.#memory.readable(this.#pfnAt(start)).subarray(offset, offset + length);
    }
    const octets = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const from = (start + done) % this.size;
      const within = from % PAGE_SIZE;
      const page = this.#memory.readable(this.#pfnAt(from));
      const part = page.subarray(within, within + length - done);
      octets.set(part, done);
      done += part.length;
    }
    return octets;
  }

  write(at: number, octets: Uint8Array): void {
    const start = at < this.size ? at : at - this.size;
    const offset = start % PAGE_SIZE;
    if (offset + octets.length <= PAGE_SIZE) {
      this.#memory.writable(this.#pfnAt(start)).set(octets, offset);
      return;
    }
    for (let done = 0; done < octets.length; ) {
      const to = (start + done) % this.size;
      const within = to % PAGE_SIZE;
      const part = octets.subarray(done, done + PAGE_SIZE - within);
      this.#memory.writable(this.#pfnAt(to)).set(part, within);
      done += part.length;
    }
  }

  #pfnAt(index: number): number {
    return this.#dataPfns[Math.floor(index / PAGE_SIZE)] ?? 0;
  }
}

/** The two rings of a channel's pages: from the guest on, and from page `offset` to the guest. */
export function ringsOf(
  memory: GuestMemory,
  pfns: readonly number[],
  offset: number,
): { readonly fromGuest: RingMemory; readonly toGuest: RingMemory } {
  return {
    fromGuest: new RingMemory(memory, pfns.slice(0, offset)),
    toGuest: new RingMemory(memory, pfns.slice(offset)),
  };
}
