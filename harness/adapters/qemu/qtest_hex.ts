/**
 * Octets as qtest writes them: `0x` and two digits each, the first octet first.
 *
 * @module
 */
import { Buffer } from "node:buffer";

export function hexOf(octets: Uint8Array): string {
  return `0x${Buffer.from(octets).toString("hex")}`;
}

/** `size` octets. */
export function octetsOf(text: string, size: number): Uint8Array {
  const octets = new Uint8Array(Buffer.from(text.replace(/^0x/, ""), "hex"));
  if (octets.length === size) return octets;
  throw new RangeError(`Cannot read octets as there must be ${size}: current value is ${text}`);
}
