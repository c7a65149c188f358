/**
 * What a probe found, for people.
 *
 * @module
 */

import type { ProbeDifference, ProbeState } from "../probe_state.ts";
import { visible } from "../visible.ts";

/** What was found on `daemon`; commands name the probe `what`. */
export function* probeLines(
  daemon: string,
  what: string,
  { requests, sequences, shown, stale }: ProbeState,
): Generator<string> {
  const known = shown.filter((one) => one.known !== null);
  const unknown = shown.filter((one) => one.known === null);
  const ended = known.reduce((sum, { count }) => sum + count, 0);
  yield `${daemon}: ${requests} requests in ${sequences} sequences, ` +
    `${unknown.length} unexplained differences, ${known.length} known ones (met ${ended} times)`;
  for (const one of unknown) {
    yield "";
    yield* differenceLines(one);
    yield `  freezethaw probe ${what} --replay ${one.token}`;
  }
  for (const { known: name, count, theirs } of known) {
    yield visible(`  known as ${name}, met ${count} times: the daemon answers ${theirs}`);
  }
  for (const name of stale) yield `  stale: ${name} does not show any more`;
}

export function* differenceLines(one: ProbeDifference): Generator<string> {
  const { kind, count, steps, ours, theirs, known, repeats } = one;
  const often = count === 1 ? "once" : `${count} times`;
  const fickle = repeats ? "" : ", and not when its sequence was run again";
  yield visible(`${kind}, ${often}${fickle}${known === null ? "" : `; known as ${known}`}`);
  for (const step of steps) yield visible(`  ${step}`);
  yield visible(`  model   ${ours}`);
  yield visible(`  daemon  ${theirs}`);
}
