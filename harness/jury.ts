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
import type { BoundOracle, BoundScenario, Seated } from "./program.ts";
import type { Scenario } from "./scenario.ts";
import type { Verdict } from "./verdict.ts";
import type { Watchdog } from "./watchdog.ts";

/** Arrays, as one per condition and scenario would otherwise be looked up by name. */
export class Jury {
  readonly #scenarios: readonly Seated<BoundScenario>[];
  readonly #oracles: readonly Seated<BoundOracle>[];
  readonly #watchdog: Watchdog;
  /** Verdicts of scenarios and what each carries from before the first save, by index. */
  readonly #verdicts: (Verdict | undefined)[];
  readonly #carried: unknown[] = [];
  /** Verdicts of oracles and what each saw before the current save, by index. */
  readonly #findings: (Verdict | undefined)[];
  readonly #seen: unknown[] = [];

  constructor(
    scenarios: readonly Seated<BoundScenario>[],
    oracles: readonly Seated<BoundOracle>[],
    watchdog: Watchdog,
  ) {
    this.#scenarios = scenarios;
    this.#oracles = oracles;
    this.#watchdog = watchdog;
    this.#verdicts = new Array(scenarios.length).fill(undefined);
    this.#findings = new Array(oracles.length).fill(undefined);
  }

  /**
   * Puts the verdicts into their seats. An oracle judges every round of a condition, and its
   * verdict is the first that is not a pass.
   */
  record(seats: (Verdict | undefined)[]): void {
    for (const [index, { seat }] of this.#scenarios.entries()) seats[seat] = this.#verdicts[index];
    for (const [index, { seat }] of this.#oracles.entries()) {
      seats[seat] ??= this.#findings[index];
    }
  }

  /** Overrides every verdict. */
  decideAll(verdict: Verdict): void {
    this.#verdicts.fill(verdict);
    this.#findings.fill(verdict);
  }

  /** Scenarios look at the machine before the first save. */
  async before(machine: Machine): Promise<void> {
    for (const [index, { scenario }] of this.#scenarios.entries()) {
      if (scenario.before === undefined) continue;
      try {
        const carried = scenario.before(machine as never);
        this.#carried[index] = isThenable(carried) ? await this.#watchdog.guard(carried) : carried;
      } catch (error) {
        this.#verdicts[index] = { kind: "error", reason: textOf(error), edge: 0 };
      }
    }
  }

  /** Oracles look at the writer before each save. */
  look(machine: Machine, writer: Hop, condition: Condition, edge: number): void {
    for (const [index, { oracle }] of this.#oracles.entries()) {
      if (oracle.before === undefined || this.#findings[index] !== undefined) continue;
      try {
        this.#seen[index] = oracle.before(machine, writer, condition);
      } catch (error) {
        this.#findings[index] = { kind: "error", reason: textOf(error), edge };
      }
    }
  }

  /** Everyone judges a machine that was restored. */
  async judge(machine: Machine, edge: Edge): Promise<void> {
    await this.#each(edge.index, (scenario, carried) => scenario.after(machine as never, carried));
    this.#judgeEdge(edge);
  }

  /** Everyone judges a first boot that failed: there is no machine to ask. */
  judgeFailedStart(edge: Edge): void {
    this.#adopt(edge.save, edge.index, () => false);
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
    const verdict = { ...(outcome as Verdict), edge };
    for (const [index, { scenario }] of this.#scenarios.entries()) {
      if (this.#verdicts[index] === undefined && !asks(scenario)) this.#verdicts[index] = verdict;
    }
  }

  async #each(
    edge: number,
    claim: (scenario: Scenario, carried: unknown) => void | Promise<void>,
  ): Promise<void> {
    for (const [index, { scenario }] of this.#scenarios.entries()) {
      if (this.#verdicts[index] !== undefined) continue;
      try {
        const answer = claim(scenario, this.#carried[index]);
        if (isThenable(answer)) await this.#watchdog.guard(answer);
      } catch (error) {
        this.#verdicts[index] = verdictOf(error, edge);
      }
    }
  }

  #judgeEdge(edge: Edge): void {
    for (const [index, { oracle }] of this.#oracles.entries()) {
      if (this.#findings[index] !== undefined) continue;
      try {
        oracle.judge(edge, this.#seen[index]);
      } catch (error) {
        this.#findings[index] = verdictOf(error, edge.index);
      }
    }
  }
}

/** Most claims answer at once; a wait for each of them would cost more than the claim. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
