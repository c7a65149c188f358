/**
 * Private copies of small inputs, cut from one larger allocation. A typed array with memory of its
 * own costs a runtime up to a microsecond, a view into an existing one a few nanoseconds; decoding
 * makes hundreds of them.
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
 * A copy of `bytes` that nobody else writes to. Views into it may be kept and changed; what may
 * not be done is to transfer their buffer to another thread, since others share it.
 */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > SHARED_MAX) return new Uint8Array(bytes);
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  slab.set(bytes, used);
  used += length;
  return slab.subarray(used - length, used);
}
