/**
 * A worker of a crew: runs the stretches that it is asked for, each condition by its name.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { conditionNamed } from "../condition_name.ts";
import type { Answer, Ask } from "../crew.ts";
import { DiskFull } from "../disk_full.ts";
import type { Expectation } from "../expectation.ts";
import type { Planned } from "../plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import { redacted } from "../redact.ts";
import { Run, type Stretch } from "../run.ts";
import { Selection } from "../selection.ts";
import type { Walk } from "../walk.ts";
import type { Implementation, Implementations } from "./product.ts";

/** What a worker needs besides the names of conditions. */
export interface CrewTask {
  /** Name of the implementation. */
  readonly implementation: string;
  readonly patterns: readonly string[];
  readonly seed: number;
  /** What is known to fail, when it is not what the product says. */
  readonly expectations?: readonly Expectation[];
  readonly retries: number;
  readonly attempts: number;
  readonly redact: boolean;
}

/** Serves the run that started this worker until it is ended. */
export function serveCrew(implementations: Implementations): void {
  const port = parentPort;
  if (port === null) throw new Error("Cannot serve as this must be a worker of a run");
  const work = workOf(implementations, workerData as CrewTask);
  const answer = (told: Answer) => port.postMessage(told);
  port.on("message", async (ask: Ask) => answer(await work(ask)));
  answer({ listens: true });
}

/** Answers one ask after the other; what breaks is an answer too. */
function workOf(implementations: Implementations, task: CrewTask): (ask: Ask) => Promise<Answer> {
  let share: Share | undefined;
  return async (ask) => {
    try {
      share ??= new Share(await loaded(implementations, task), task);
      return { number: ask.number, stretch: await share.stretch(ask) };
    } catch (error) {
      if (error instanceof DiskFull) return { broken: error.message, isDiskFull: true };
      return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}

function loaded(
  implementations: Implementations,
  { implementation }: CrewTask,
): Promise<Implementation> {
  const load = implementations[implementation];
  if (load !== undefined) return load();
  throw new RangeError(
    `Cannot serve as the implementation must be one of ${Object.keys(implementations)}: ` +
      `current value is ${implementation}`,
  );
}

/** This worker's part of the run. */
class Share {
  readonly #implementation: Implementation;
  readonly #selection: Selection;
  readonly #run: Run;
  readonly #walk: Walk;

  constructor(found: Implementation, task: CrewTask) {
    const { patterns, seed, retries, attempts, redact } = task;
    const { adapter, space, suites, oracles, expectations: known } = found;
    const { expectations = known } = task;
    const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
    // What is run, and in which order, is the plan of the run that this worker serves.
    const plan = { parts: [], planned: 0, pruned: [], conditions: () => [] };
    this.#implementation = found;
    this.#selection = new Selection({ patterns });
    const now = () => performance.now();
    const how = { seed, retries, attempts, now, plan, ...(redact ? { change: redacted } : {}) };
    this.#run = new Run({ adapter, space, expectations, ...how, ...bound });
    this.#walk = this.#run.walk();
  }

  stretch({ names, places }: Ask): Promise<Stretch> {
    return this.#run.stretch(
      this.#walk,
      names.map((name, index) => this.#planned(name, places[index])),
    );
  }

  #planned(name: string, at: number | undefined): Planned {
    const condition = conditionNamed(this.#implementation.space, name);
    const planned = { condition, name, selected: this.#selection.scenariosOn(name) };
    return at === undefined ? planned : { ...planned, at };
  }
}
