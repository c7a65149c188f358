/**
 * Small pieces of memory and copies of small inputs, cut from one larger allocation. A typed array
 * with memory of its own costs a runtime a microsecond or more, a view into an existing one a
 * fraction of that; decoding and machines make hundreds of them.
 *
 * @module
 */

/** Octets allocated at a time. */
const SLAB_SIZE = 2 ** 16;
/** Larger inputs get memory of their own. */
const SHARED_MAX = SLAB_SIZE / 4;

let slab = new Uint8Array(SLAB_SIZE);
let used = 0;

/**
 * `length` zeros that nobody else writes to. Views into them may be kept and changed; what may not
 * be done is to transfer their buffer to another thread, since others share it.
 */
export function zeros(length: number): Uint8Array {
  if (length > SHARED_MAX) return new Uint8Array(length);
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  used += length;
  return slab.subarray(used - length, used);
}

/** A copy of `bytes` that nobody else writes to, under the same rule. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SHARED_MAX) return new Uint8Array(bytes);
  const copy = zeros(bytes.length);
  copy.set(bytes);
  return copy;
}
