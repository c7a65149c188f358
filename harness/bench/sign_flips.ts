/**
 * Paired permutation test: if both sides of a block are alike, the sign of each block's difference
 * is a coin, so the sum of the differences is compared with that of every way to flip them.
 *
 * Source: E. J. G. Pitman, "Significance tests which may be applied to samples from any
 * populations" (1937), for paired samples; B. Phipson and G. K. Smyth, "Permutation p-values should
 * never be zero" (2010), for the one that is added to the count.
 *
 * @module
 */
import { drawsOf } from "../seed.ts";

/** Blocks of which every flip is tried: 2^14 sums. */
const EXHAUSTIVE_BLOCKS_MAX = 14;
/** Flips that are drawn, more of them where hardly any reach the sum: a p for 1,000 metrics. */
const ROUNDS = [999, 9_999, 199_999] as const;
/** Flips that still count as hardly any. */
const HARDLY_ANY = 20;
/** Blocks whose sums are looked up together. */
const GROUP = 8;
const GROUP_FLIPS = 1 << GROUP;
/** Below this share of the sum, a difference is an error of rounding. */
const ROUNDING = 1e-12;

/** Flips of many blocks, the same for each metric of a comparison. */
export class SignFlips {
  readonly #seed: number;
  readonly #blocks: number;
  #octets = new Uint8Array(0);

  constructor(blocks: number, seed: number) {
    this.#blocks = blocks;
    this.#seed = seed;
  }

  /** The smallest p that so many blocks can show. */
  get pMin(): number {
    return this.#isExhaustive ? 2 / 2 ** this.#blocks : 1 / (ROUNDS[2] + 1);
  }

  /** Two-sided p of `differences`, one for each block; 1 when there is none. */
  p(differences: Float64Array): number {
    if (differences.length !== this.#blocks) {
      const now = differences.length;
      throw new RangeError(
        `Cannot flip signs as there must be ${this.#blocks} blocks: current value is ${now}`,
      );
    }
    const observed = Math.abs(differences.reduce((sum, each) => sum + each, 0));
    if (observed === 0) return 1;
    const sums = sumsOf(differences);
    const bound = observed * (1 - ROUNDING);
    if (this.#isExhaustive) return exhaustiveP(sums, this.#blocks, bound);
    let p = 1;
    for (const rounds of ROUNDS) {
      const reached = this.#reached(sums, bound, rounds);
      p = (reached + 1) / (rounds + 1);
      if (reached > HARDLY_ANY) break;
    }
    return p;
  }

  get #isExhaustive(): boolean {
    return this.#blocks <= EXHAUSTIVE_BLOCKS_MAX;
  }

  /** How many of the first `rounds` flips reach `bound`. */
  #reached(sums: Float64Array, bound: number, rounds: number): number {
    const groups = sums.length / GROUP_FLIPS;
    const octets = this.#drawn(rounds * groups);
    let count = 0;
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      let sum = 0;
      for (let base = 0; base < sums.length; base += GROUP_FLIPS) {
        sum += sums[base + (octets[next++] as number)] as number;
      }
      if (sum >= bound || sum <= -bound) count++;
    }
    return count;
  }

  #drawn(length: number): Uint8Array {
    if (this.#octets.length >= length) return this.#octets;
    const words = new Uint32Array(Math.ceil(length / 4));
    const draw = drawsOf(this.#seed, "sign flips");
    for (let index = 0; index < words.length; index++) words[index] = draw(2 ** 32);
    this.#octets = new Uint8Array(words.buffer);
    return this.#octets;
  }
}

/** For each group of blocks, the sum of its differences under each way to flip them. */
function sumsOf(differences: Float64Array): Float64Array {
  const groups = Math.ceil(differences.length / GROUP);
  const sums = new Float64Array(groups * GROUP_FLIPS);
  for (let group = 0; group < groups; group++) {
    const base = group * GROUP_FLIPS;
    const members = differences.subarray(group * GROUP, (group + 1) * GROUP);
    sums[base] = -members.reduce((sum, each) => sum + each, 0);
    for (let flips = 1; flips < GROUP_FLIPS; flips++) {
      const lowest = 31 - Math.clz32(flips & -flips);
      const without = sums[base + (flips & (flips - 1))] as number;
      sums[base + flips] = without + 2 * (members[lowest] ?? 0);
    }
  }
  return sums;
}

function exhaustiveP(sums: Float64Array, blocks: number, bound: number): number {
  const second = sums.length > GROUP_FLIPS ? GROUP_FLIPS : -1;
  let count = 0;
  for (let flips = 0; flips < 2 ** blocks; flips++) {
    const low = sums[flips % GROUP_FLIPS] as number;
    const high = second < 0 ? 0 : (sums[second + (flips >> GROUP)] as number);
    if (Math.abs(low + high) >= bound) count++;
  }
  return count / 2 ** blocks;
}
