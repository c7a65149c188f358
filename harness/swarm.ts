/**
 * `swarm`: conditions at random from the whole space, paths of two to five hops, every axis. What
 * number N is depends on the seed alone, so a run can begin anywhere; some may come twice.
 *
 * An axis with a neutral value has it in half of the conditions: where everything is disturbed at
 * once, one disturbance hides the others (Groce et al., Swarm Testing, ISSTA 2012).
 *
 * @module
 */
import type { Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { varies } from "./cover.ts";
import { PartialRow } from "./covering/partial_row.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { type Draw, drawsOf } from "./seed.ts";

const HOPS_MIN = 2;
const HOPS_MAX = 5;
/** Rows that are drawn until one can happen; a space that allows so few is not drawn from. */
const DRAWS_MAX = 100_000;

/** The first `count` conditions under `seed`. */
export function* swarm(space: Space, seed: number, count: number): Generator<Condition> {
  const lengths = Array.from({ length: HOPS_MAX - HOPS_MIN + 1 }, (_, index) =>
    drawer(layoutOf(space, { hops: HOPS_MIN + index, varies })),
  );
  for (let number = 0; number < count; number++) {
    const draw = drawsOf(seed, `swarm ${number}`);
    const drawn = lengths[draw(lengths.length)]?.(draw);
    if (drawn !== undefined) yield drawn;
  }
}

/**
 * Draws conditions of one layout. The axes of the path come first and releases last, each from
 * what still fits, so that a value which asks much of the others comes as often as its fellows.
 */
function drawer({ dimensions, rules, usual, conditionOf }: Layout): (draw: Draw) => Condition {
  const row = new PartialRow(dimensions.length, rules);
  const order = [...dimensions.keys()].reverse();
  return (draw) => {
    for (let tries = 0; tries < DRAWS_MAX; tries++) {
      for (const at of order) row.clear(at);
      if (order.every((at) => place(at))) return conditionOf(row.values);
    }
    throw new RangeError(
      `Cannot draw a condition as the constraints must allow one in ${DRAWS_MAX}: ` +
        "current value is none",
    );

    /** Gives dimension `at` a value; false when none is left. */
    function place(at: number): boolean {
      const neutral = usual[at] ?? -1;
      const quiet = neutral !== -1 && draw(2) === 0 && row.fits(at, neutral);
      const fitting = dimensions[at]?.values.filter((value) => row.fits(at, value)) ?? [];
      const value = quiet ? neutral : fitting[draw(fitting.length)];
      if (value === undefined) return false;
      row.set(at, value);
      return true;
    }
  };
}
