/**
 * How far a machine came on its path, as its transcript tells.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { ConditionResult } from "./report.ts";

/**
 * How many edges the machine came to: one more than were crossed, in the round that came
 * farthest. All of them where the transcript is silent.
 */
export function edgesReached({ condition: { path }, transcript }: ConditionResult): number {
  const edges = path.length - 1;
  if (transcript.length === 0) return edges;
  const next = transcript.some(({ event }) => event === "left-alone") ? 0 : 1;
  return Math.min(edgesCrossed({ transcript }) + next, edges);
}

/** How many edges were crossed in the round that came farthest; none without a transcript. */
export function edgesCrossed({ transcript }: Pick<ConditionResult, "transcript">): number {
  let [crossed, farthest] = [0, 0];
  for (const { event } of transcript) {
    if (event === "started") crossed = 0;
    if (event === "restored") crossed++;
    farthest = Math.max(farthest, crossed);
  }
  return farthest;
}

/** True when something other than usual happens on the first edge. */
export function isDisturbed({ settings }: Condition, axes: readonly Axis[]): boolean {
  return axes.some(
    ({ name, neutral, onlyFirst }) =>
      onlyFirst === true && settings[name] !== undefined && settings[name] !== neutral,
  );
}
