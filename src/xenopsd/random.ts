/**
 * Numbers that look like chance and come from a seed.
 *
 * Source: xorshift32 of Marsaglia, "Xorshift RNGs", 2003; it is for order, not for secrets.
 *
 * @module
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Zero is the one state that xorshift never leaves; neighbours are spread by a multiplier.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  }

  /** At least 0, less than `limit`. */
  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }
}
