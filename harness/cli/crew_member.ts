/**
 * A worker of a crew: makes the same plan as the run that it belongs to, and runs the stretches
 * of it that it is asked for.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Ask } from "../crew.ts";
import { Run } from "../run.ts";
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

/** Serves the run that started this worker until it is ended. */
export function serveCrew(implementations: Readonly<Record<string, Implementation>>): void {
  const task = workerData as CrewTask;
  const port = parentPort;
  const implementation = implementations[task.implementation];
  if (port === null || implementation === undefined) {
    throw new Error("Cannot serve as this must be a worker of a run");
  }
  const { adapter, space, expectations } = implementation;
  const { patterns, choice, onlyFailed, seed } = task;
  const chosen = choose(implementation, patterns, choice, onlyFailed);
  const run = new Run({ adapter, space, expectations, seed, ...chosen });
  const walk = run.walk();
  port.on("message", async ({ from, to }: Ask) => {
    port.postMessage(await answer());

    async function answer(): Promise<Answer> {
      try {
        walk.skipTo(from);
        return { from, stretch: await run.stretch(walk, to) };
      } catch (error) {
        return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      }
    }
  });
}
