/**
 * Where the lines of a report come from: this thread alone, or a crew of threads when the run is
 * long enough. Both give the same lines in the same order.
 *
 * @module
 */
import { Crew } from "../crew.ts";
import { lineOf } from "../ndjson_writer.ts";
import type { Run } from "../run.ts";
import type { CrewTask } from "./crew_member.ts";

/** Lines as they come, and a way to bring them to an end. */
export interface Source {
  /** Conditions that an earlier run has done. */
  readonly from: number;
  texts(): AsyncIterable<string>;
  /** What was begun still comes. */
  stop(): void;
}

/** Conditions from which on threads are worth their start. */
const SHARED_MIN = 1_000;

/** The conditions of `runner` from number `from` on, by up to `jobs` threads. */
export function sourceOf(
  runner: Run,
  from: number,
  jobs: number,
  worker: URL,
  task: CrewTask,
): Source {
  const alone = jobs === 1 || runner.planned - from < SHARED_MIN;
  return alone ? aloneSource(runner, from) : crewSource(runner, from, jobs, worker, task);
}

function aloneSource(runner: Run, from: number): Source {
  let stopped = false;
  return {
    from,
    async *texts() {
      for await (const result of runner.results(from)) {
        yield lineOf(result);
        if (stopped) return;
      }
    },
    stop() {
      stopped = true;
    },
  };
}

function crewSource(runner: Run, from: number, jobs: number, worker: URL, task: CrewTask): Source {
  const crew = new Crew(worker, task, jobs, runner.conditions(from));
  return {
    from,
    async *texts() {
      for await (const { stretch, planned } of crew.stretches()) {
        runner.adopt(stretch, planned);
        yield stretch.text;
      }
    },
    stop: () => crew.stop(),
  };
}
