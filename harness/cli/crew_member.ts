/**
 * A worker of a crew: makes the same plan as the run that it belongs to, and runs the stretches
 * of it that it is asked for.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Ask } from "../crew.ts";
import { Run, type Stretch, type Walk } from "../run.ts";
import { type ChoiceOptions, choose } from "./choice.ts";
import type { Implementation } from "./product.ts";

/** What a worker needs to make the plan again. */
export interface CrewTask {
  /** Name of the implementation. */
  readonly implementation: string;
  readonly patterns: readonly string[];
  readonly choice: ChoiceOptions;
  readonly onlyFailed?: ReadonlySet<string>;
  readonly seed: number;
}

type Implementations = Readonly<Record<string, Implementation>>;

/** Serves the run that started this worker until it is ended. */
export function serveCrew(implementations: Implementations): void {
  const port = parentPort;
  if (port === null) throw new Error("Cannot serve as this must be a worker of a run");
  const work = workOf(implementations, workerData as CrewTask);
  port.on("message", async (ask: Ask) => port.postMessage(await work(ask)));
}

/** Answers one ask after the other; what breaks is an answer too. */
function workOf(implementations: Implementations, task: CrewTask): (ask: Ask) => Promise<Answer> {
  let share: Share | undefined;
  return async ({ from, to }) => {
    try {
      share ??= new Share(implementations, task);
      return { from, stretch: await share.stretch(from, to) };
    } catch (error) {
      return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}

/** This worker's part of the run. */
class Share {
  readonly #run: Run;
  readonly #walk: Walk;

  constructor(implementations: Implementations, task: CrewTask) {
    const { patterns, choice, onlyFailed, seed } = task;
    const implementation = implementations[task.implementation];
    if (implementation === undefined) {
      throw new RangeError(
        `Cannot serve as the implementation must be one of ${Object.keys(implementations)}: ` +
          `current value is ${task.implementation}`,
      );
    }
    const { adapter, space, expectations } = implementation;
    const chosen = choose(implementation, patterns, choice, onlyFailed);
    this.#run = new Run({ adapter, space, expectations, seed, ...chosen });
    this.#walk = this.#run.walk();
  }

  async stretch(from: number, to: number): Promise<Stretch> {
    this.#walk.skipTo(from);
    return await this.#run.stretch(this.#walk, to);
  }
}
