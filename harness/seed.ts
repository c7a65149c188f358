/**
 * Numbers that look random and are not: derived from the seed of the run and a name, so that a
 * condition meets the same ones whatever else is run, in whatever order, on whatever runtime.
 *
 * @module
 */

/** 128 bits as four words. */
type Words = readonly [number, number, number, number];

/** Odd multipliers, one per word; any odd constants with mixed bits serve. */
const FACTORS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

/** A 32-bit seed for `name` under `seed`. */
export function seedOf(seed: number, name: string): number {
  return hash(seed, name)[0];
}

/** A GUID (RFC 9562, version 4 layout) for `name` under `seed`, in lower case. */
export function guidOf(seed: number, name: string): string {
  const [a, b, c, d] = hash(seed, name);
  const version = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  const [second, third] = [hex(version), hex(variant)];
  const head = `${hex(a)}-${second.slice(0, 4)}-${second.slice(4)}`;
  return `${head}-${third.slice(0, 4)}-${third.slice(4)}${hex(d)}`;
}

/** Draws an integer from 0 up to, and without, `below`. */
export type Draw = (below: number) => number;

/** Draws for `name` under `seed` (mulberry32: one word of state, more than a condition needs). */
export function drawsOf(seed: number, name: string): Draw {
  let state = seedOf(seed, name);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Octets as text: looked up, as each condition needs more than one GUID. */
const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

function hex(word: number): string {
  const high = `${HEX[word >>> 24]}${HEX[(word >>> 16) & 0xff]}`;
  return `${high}${HEX[(word >>> 8) & 0xff]}${HEX[word & 0xff]}`;
}

function hash(seed: number, name: string): Words {
  let a = Math.imul(seed ^ FACTORS[0], FACTORS[0]);
  let b = Math.imul(seed ^ FACTORS[1], FACTORS[1]);
  let c = Math.imul(seed ^ FACTORS[2], FACTORS[2]);
  let d = Math.imul(seed ^ FACTORS[3], FACTORS[3]);
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    a = b ^ Math.imul(a ^ unit, FACTORS[0]);
    b = c ^ Math.imul(b ^ unit, FACTORS[1]);
    c = d ^ Math.imul(c ^ unit, FACTORS[2]);
    d = a ^ Math.imul(d ^ unit, FACTORS[3]);
  }
  return [stir(a ^ c), stir(b ^ d), stir(c ^ (a >>> 16)), stir(d ^ (b >>> 16))];
}

/** Spreads every bit over the word (finaliser of MurmurHash3). */
function stir(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
