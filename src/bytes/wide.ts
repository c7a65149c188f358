/**
 * Integers wider than 32 bits as halves of 32 bits and back: what a byte loop can handle without
 * allocating.
 *
 * @module
 */

const view = new DataView(new ArrayBuffer(8));

/** Bits of a bigint above which a double is no longer exact. */
const EXACT = 2 ** 53;
/** The bigints of one octet, so that small values allocate nothing. */
const SMALL: readonly bigint[] = Array.from({ length: 256 }, (_, n) => BigInt(n));

/** The unsigned 64-bit integer of two unsigned halves. */
export function bigintOfHalves(low: number, high: number): bigint {
  if (high < 0x20_0000) {
    return high === 0 && low < 256 ? (SMALL[low] as bigint) : BigInt(high * 2 ** 32 + low);
  }
  view.setUint32(0, low, true);
  view.setUint32(4, high, true);
  return view.getBigUint64(0, true);
}

/** The lower 32 bits of a bigint; those of the two's complement when it is negative. */
export function lowHalf(value: bigint): number {
  const near = Number(value);
  if (near >= 0 && near < EXACT) return near >>> 0;
  view.setBigUint64(0, value, true);
  return view.getUint32(0, true);
}

/** Bits 32 to 63 of a bigint; those of the two's complement when it is negative. */
export function highHalf(value: bigint): number {
  const near = Number(value);
  if (near >= 0 && near < EXACT) return (near / 2 ** 32) >>> 0;
  view.setBigUint64(0, value, true);
  return view.getUint32(4, true);
}
