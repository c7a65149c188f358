/**
 * What the constraints of a space say about whole conditions.
 *
 * @module
 */
import type { Constraint, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { factorsOf } from "./factors.ts";

/** The first constraint that an edge of `condition` breaks; undefined when it can happen. */
export function brokenBy(
  { constraints, axes }: Space,
  condition: Condition,
): Constraint | undefined {
  for (let edge = 0; edge + 1 < condition.path.length; edge++) {
    const factors = factorsOf(condition, edge, axes);
    const broken = constraints.find((constraint) => !constraint.allows(factors));
    if (broken !== undefined) return broken;
  }
  return undefined;
}
