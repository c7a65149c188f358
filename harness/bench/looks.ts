/**
 * When to look. Blocks are added until everything is decided or the budget ends, and each look is
 * one more chance to be wrong: which looks there are is settled beforehand, and they share the
 * chance of a false alarm evenly.
 *
 * @module
 */

/** Chance of a false alarm in a whole comparison. */
export const ALPHA = 0.01;
/** Blocks at each look, each about 1.4 times those before. */
export const LOOKS: readonly number[] = [10, 14, 20, 28, 40, 56, 80, 112];
/** Chance of a false alarm at one look. */
export const ALPHA_OF_LOOK: number = ALPHA / LOOKS.length;
