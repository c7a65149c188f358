/**
 * Floating-point numbers as their bits and back.
 *
 * Source: IEEE 754. The payload of a NaN is not kept by every runtime.
 *
 * @module
 */

const view = new DataView(new ArrayBuffer(8));

/** The IEEE 754 double of two halves. */
export function doubleOfHalves(low: number, high: number): number {
  view.setUint32(0, low, true);
  view.setUint32(4, high, true);
  return view.getFloat64(0, true);
}

/** The halves of an IEEE 754 double. */
export function halvesOfDouble(value: number): { low: number; high: number } {
  view.setFloat64(0, value, true);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
}

/** The IEEE 754 single of its bits. */
export function singleOfBits(bits: number): number {
  view.setUint32(0, bits, true);
  return view.getFloat32(0, true);
}

/** The bits of an IEEE 754 single. */
export function bitsOfSingle(value: number): number {
  view.setFloat32(0, value, true);
  return view.getUint32(0, true);
}
