/**
 * The middle of `freezethaw run`: runs what was chosen, in this thread or in several, and tells
 * what has stopped it. Choosing and reporting are no matter of its.
 *
 * @module
 */
import { redacted } from "../redact.ts";
import { Run } from "../run.ts";
import type { ChosenPlan } from "./choice.ts";
import type { CrewTask } from "./crew_member.ts";
import { dayNow } from "./day.ts";
import { earlierRun } from "./earlier_run.ts";
import { execute, type Stopped } from "./execute.ts";
import { growFreely } from "./heap.ts";
import { demandHistory } from "./history.ts";
import { demandWritable } from "./output_files.ts";
import type { Implementation } from "./product.ts";
import type { RunOptions } from "./run_options.ts";
import type { Session } from "./session.ts";
import { sourceOf } from "./source.ts";
import { speedSince, timesNow } from "./speed.ts";

/** What a run is of. */
export interface Subject {
  readonly implementation: Implementation;
  readonly chosen: ChosenPlan;
  readonly patterns: readonly string[];
  /** Whether it is of the user's own, and known to this thread only. */
  readonly isOwn: boolean;
  /** Whether more is known to fail than the product says. */
  readonly isMore: boolean;
}

/** The run itself. What it holds is let go when it returns, before reports need memory. */
export async function carryOut(
  { implementation, chosen, patterns, isOwn, isMore }: Subject,
  files: readonly string[],
  runPath: string,
  options: RunOptions,
  session: Session,
): Promise<Stopped> {
  const { shell, product } = session;
  const { adapter, space, expectations } = implementation;
  const { seed, retries, attempts } = options;
  if (adapter.rigsAtOnce !== undefined) growFreely();
  const today = options.today ?? dayNow();
  const deadline = options.timeout === undefined ? {} : { deadlineMs: options.timeout };
  const change = options.redact ? { change: redacted } : {};
  const repeats = { retries, attempts };
  const now = () => performance.now();
  const how = { seed, today, ...repeats, now, ...deadline, ...change };
  const runner = new Run({ adapter, space, expectations, ...how, ...chosen });
  const from = options.resume ? earlierRun(runPath, runner) : 0;
  demandWritable(options.out, files);
  if (options.history !== undefined) await demandHistory(options.history);
  const task: CrewTask = {
    implementation: options.implementation ?? space.implementation,
    patterns,
    seed,
    ...(isMore ? { expectations } : {}),
    ...repeats,
    redact: options.redact === true,
  };
  const source = sourceOf(runner, from, isOwn ? 1 : options.jobs, product.worker, task);
  const started = timesNow();
  const stopped = await execute(runner, source, runPath, session, options.failFast === true);
  const speed = speedSince(started);
  if (speed !== undefined) shell.tell(`${speed}\n`);
  if (stopped !== undefined) {
    const how = stopped === "failed" ? "Stopped at a surprise" : "Interrupted";
    shell.tell(`${how} after ${runner.tally.conditions} of ${runner.planned} conditions, `);
    shell.tell("all of them on disk. The same command with --resume goes on from there\n");
  }
  return stopped;
}
