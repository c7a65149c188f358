/**
 * The scenarios of one round and all oracles, who look at the same run. Each keeps its first
 * verdict; who has none at the end has seen nothing wrong.
 *
 * @module
 */
import type { Condition } from "./condition.ts";
import type { Machine } from "./facets/machine.ts";
import type { Edge, Outcome } from "./oracle.ts";
import { textOf, verdictOf } from "./outcome.ts";
import type { Hop } from "./path.ts";
import type { BoundOracle, BoundScenario } from "./program.ts";
import type { Scenario } from "./scenario.ts";
import type { Verdict } from "./verdict.ts";
import type { Watchdog } from "./watchdog.ts";

const PASSED: Verdict = { kind: "passed" };

export class Jury {
  readonly #scenarios: readonly BoundScenario[];
  readonly #oracles: readonly BoundOracle[];
  readonly #watchdog: Watchdog;
  readonly #verdicts = new Map<string, Verdict>();
  /** What each scenario carries from before the first save. */
  readonly #carried: unknown[] = [];
  /** What each oracle saw before the current save. */
  readonly #seen: unknown[] = [];

  constructor(
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
    watchdog: Watchdog,
  ) {
    this.#scenarios = scenarios;
    this.#oracles = oracles;
    this.#watchdog = watchdog;
  }

  verdict(id: string): Verdict {
    return this.#verdicts.get(id) ?? PASSED;
  }

  /** Overrides every verdict. */
  decideAll(verdict: Verdict): void {
    for (const { id } of this.#scenarios) this.#verdicts.set(id, verdict);
    for (const { id } of this.#oracles) this.#verdicts.set(id, verdict);
  }

  /** Scenarios look at the machine before the first save. */
  async before(machine: Machine): Promise<void> {
    for (const [index, { id, scenario }] of this.#scenarios.entries()) {
      try {
        const carried = scenario.before?.(machine as never);
        this.#carried[index] = isThenable(carried) ? await this.#watchdog.guard(carried) : carried;
      } catch (error) {
        this.#verdicts.set(id, { kind: "error", reason: textOf(error), edge: 0 });
      }
    }
  }

  /** Oracles look at the writer before each save. */
  look(machine: Machine, writer: Hop, condition: Condition, edge: number): void {
    for (const [index, { id, oracle }] of this.#oracles.entries()) {
      if (oracle.before === undefined || this.#verdicts.has(id)) continue;
      try {
        this.#seen[index] = oracle.before(machine, writer, condition);
      } catch (error) {
        this.#verdicts.set(id, { kind: "error", reason: textOf(error), edge });
      }
    }
  }

  /** Everyone judges a machine that was restored. */
  async judge(machine: Machine, edge: Edge): Promise<void> {
    await this.#each(edge.index, (scenario, carried) => scenario.after(machine as never, carried));
    this.#judgeEdge(edge);
  }

  /** Everyone judges a save that failed; `machine` is the writer, running or not. */
  async judgeFailedSave(machine: Machine, edge: Edge): Promise<void> {
    // A machine that crashed or hangs cannot be asked anything.
    const asks = (scenario: Scenario) =>
      edge.save.kind === "refused" && scenario.afterFailedSave !== undefined;
    this.#adopt(edge.save, edge.index, asks);
    const message = edge.save.reason ?? "";
    await this.#each(edge.index, (scenario, carried) =>
      scenario.afterFailedSave?.(machine as never, carried, message),
    );
    this.#judgeEdge(edge);
  }

  /** Everyone judges a restore that failed. */
  async judgeFailedRestore(restore: Outcome, edge: Edge): Promise<void> {
    this.#adopt(restore, edge.index, (scenario) => scenario.afterFailedRestore !== undefined);
    await this.#each(edge.index, (scenario, carried) =>
      scenario.afterFailedRestore?.(restore, carried),
    );
    this.#judgeEdge(edge);
  }

  /** Gives the outcome of a failed hop as verdict to all undecided but those who ask. */
  #adopt(outcome: Outcome, edge: number, asks: (scenario: Scenario) => boolean): void {
    for (const { id, scenario } of this.#scenarios) {
      if (this.#verdicts.has(id) || asks(scenario)) continue;
      this.#verdicts.set(id, { ...(outcome as Verdict), edge });
    }
  }

  async #each(
    edge: number,
    claim: (scenario: Scenario, carried: unknown) => void | Promise<void>,
  ): Promise<void> {
    for (const [index, { id, scenario }] of this.#scenarios.entries()) {
      if (this.#verdicts.has(id)) continue;
      try {
        const answer = claim(scenario, this.#carried[index]);
        if (isThenable(answer)) await this.#watchdog.guard(answer);
      } catch (error) {
        this.#verdicts.set(id, verdictOf(error, edge));
      }
    }
  }

  #judgeEdge(edge: Edge): void {
    for (const [index, { id, oracle }] of this.#oracles.entries()) {
      if (this.#verdicts.has(id)) continue;
      try {
        oracle.judge(edge, this.#seen[index]);
      } catch (error) {
        this.#verdicts.set(id, verdictOf(error, edge.index));
      }
    }
  }
}

/** Most claims answer at once; a wait for each of them would cost more than the claim. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
