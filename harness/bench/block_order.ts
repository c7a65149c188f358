/**
 * The order in which the sides run. Each block runs all of them forward and then backward, so that
 * a machine that slows down evenly slows down all alike; who is first is drawn.
 *
 * @module
 */
import { type Draw, drawsOf } from "../seed.ts";

/** The control is side `a` once more: what is found between these two is noise. */
export type SideName = "a" | "b" | "control";

const SIDES: readonly SideName[] = ["a", "b", "control"];

/** The runs of block `block`, first to last; each side has two. */
export function blockOrder(seed: number, block: number): readonly SideName[] {
  return orderOf(SIDES, seed, block);
}

/** The same of other `sides`. */
export function orderOf<T>(sides: readonly T[], seed: number, block: number): readonly T[] {
  const forward = shuffled(sides, drawsOf(seed, `block ${block}`));
  return [...forward, ...forward.toReversed()];
}

function shuffled<T>(values: readonly T[], draw: Draw): T[] {
  const left = [...values];
  return values.map(() => left.splice(draw(left.length), 1)[0] as T);
}
