/**
 * Words that look random and are not: content for registers, variables and files that differs from
 * machine to machine and is the same on every runtime.
 *
 * @module
 */

/** The word at place `at` of the pattern of `seed`; 32 bits. */
export function wordOf(seed: number, at: number): number {
  return stir(Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca77) ^ Math.imul(at + 1, 0x27d4_eb2f));
}

/** The first `length` octets from place `at` on. */
export function octetsOf(seed: number, at: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => wordOf(seed, at + index));
}

/** Spreads every bit over the word (finaliser of MurmurHash3). */
function stir(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
