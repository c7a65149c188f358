/**
 * Small pieces of memory and copies of small inputs, cut from larger allocations. A typed array
 * with memory of its own costs a runtime a microsecond or more, a view into an existing one a
 * fraction of that; decoding and machines make hundreds of them. A piece that is kept keeps its
 * whole slab, so slabs are small where some pieces live long.
 *
 * @module
 */

export class Slab {
  readonly #size: number;
  #octets: Uint8Array;
  #used = 0;

  /** `size`: octets allocated at a time; a piece of more than a quarter has memory of its own. */
  constructor(size: number) {
    this.#size = size;
    this.#octets = new Uint8Array(size);
  }

  /**
   * `length` zeros that nobody else writes to. Views into them may be kept and changed; what may
   * not be done is to transfer their buffer to another thread, since others share it.
   */
  zeros(length: number): Uint8Array {
    if (length > this.#size / 4) return new Uint8Array(length);
    if (this.#used + length > this.#size) {
      this.#octets = new Uint8Array(this.#size);
      this.#used = 0;
    }
    this.#used += length;
    return this.#octets.subarray(this.#used - length, this.#used);
  }

  /** A copy of `bytes` that nobody else writes to, under the same rule. */
  copyOf(bytes: Uint8Array): Uint8Array {
    if (bytes.length > this.#size / 4) return new Uint8Array(bytes);
    const copy = this.zeros(bytes.length);
    copy.set(bytes);
    return copy;
  }
}

/** What is decoded or encoded once may be remembered for long. */
const slab = new Slab(2 ** 12);

/** A copy of `bytes` out of the slab that everybody shares; see {@linkcode Slab.copyOf}. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return slab.copyOf(bytes);
}
