/**
 * The scenarios of one round and all oracles, who look at the same run. Each keeps its first
 * verdict; who has none at the end has seen nothing wrong.
 *
 * @module
 */
import type { Machine } from "./facets/machine.ts";
import { type Noted, type Notes, noteOf } from "./notes.ts";
import type { Edge, Leave, Outcome, Wanted } from "./oracle.ts";
import { verdictOf } from "./outcome.ts";
import type { Hop } from "./path.ts";
import type { BoundOracle, BoundScenario, Seated } from "./program.ts";
import type { Scenario } from "./scenario.ts";
import { isThenable } from "./thenable.ts";
import type { Verdict } from "./verdict.ts";
import type { Watchdog } from "./watchdog.ts";

/** Arrays by seat, as one per condition and scenario would otherwise be looked up by name. */
export class Jury {
  readonly #scenarios: readonly Seated<BoundScenario>[];
  readonly #oracles: readonly Seated<BoundOracle>[];
  readonly #watchdog: Watchdog;
  readonly #verdicts: (Verdict | undefined)[];
  /** What a scenario noted before the first save, and an oracle before the current one. */
  readonly #noted: unknown[];
  /** What oracles want besides a look. */
  readonly wants: ReadonlySet<Wanted>;

  constructor(
    scenarios: readonly Seated<BoundScenario>[],
    oracles: readonly Seated<BoundOracle>[],
    seats: number,
    watchdog: Watchdog,
  ) {
    this.#scenarios = scenarios;
    this.#oracles = oracles;
    this.#watchdog = watchdog;
    this.#verdicts = new Array(seats).fill(undefined);
    this.#noted = new Array(seats).fill(undefined);
    this.wants = new Set(oracles.flatMap(({ oracle }) => oracle.wants ?? []));
  }

  /**
   * Puts the verdicts into their seats. An oracle judges every round of a condition, and its
   * verdict is the first that is not a pass.
   */
  record(seats: (Verdict | undefined)[]): void {
    for (const { seat } of this.#scenarios) seats[seat] = this.#verdicts[seat];
    for (const { seat } of this.#oracles) seats[seat] ??= this.#verdicts[seat];
  }

  /** Overrides every verdict. */
  decideAll(verdict: Verdict): void {
    this.#verdicts.fill(verdict);
  }

  /** Everyone takes what was noted before the first save. */
  take(notes: Notes): void {
    for (const { scenario, seat } of this.#scenarios) this.#note(seat, notes.get(scenario), 0);
    for (const { oracle, seat } of this.#oracles) this.#note(seat, notes.get(oracle), 0);
  }

  /** Oracles look at the writer before a later save. */
  look(machine: Machine, writer: Hop, settings: Edge["settings"], edge: number): void {
    for (const { oracle, seat } of this.#oracles) {
      if (oracle.before === undefined || this.#verdicts[seat] !== undefined) continue;
      this.#note(seat, noteOf(oracle, machine, writer, settings), edge);
    }
  }

  #note(seat: number, noted: Noted | undefined, edge: number): void {
    if (noted === undefined) return;
    if ("carried" in noted) this.#noted[seat] = noted.carried;
    else this.#verdicts[seat] ??= { kind: "error", reason: noted.error, edge };
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
    for (const { scenario, seat, onlyFirst } of this.#scenarios) {
      if (edge > 0 && onlyFirst) continue;
      if (this.#verdicts[seat] === undefined && !asks(scenario)) this.#verdicts[seat] = verdict;
    }
  }

  async #each(
    edge: number,
    claim: (scenario: Scenario, carried: unknown) => unknown,
  ): Promise<void> {
    for (const { scenario, seat, onlyFirst } of this.#scenarios) {
      if (this.#verdicts[seat] !== undefined || (edge > 0 && onlyFirst)) continue;
      try {
        const answer = claim(scenario, this.#noted[seat]);
        const carried = isThenable(answer) ? await this.#watchdog.guard(answer) : answer;
        if (carried !== undefined) this.#noted[seat] = carried;
      } catch (error) {
        this.#verdicts[seat] = verdictOf(error, edge);
      }
    }
  }

  /** True when somebody wants to know how the guest takes leave. */
  wantsLeave(settings: Edge["settings"]): boolean {
    return this.#oracles.some(({ oracle }) => oracle.leave?.wants(settings) === true);
  }

  /** Oracles judge the end of the path. */
  judgeLeave(leave: Leave): void {
    for (const { oracle, seat } of this.#oracles) {
      if (oracle.leave === undefined || this.#verdicts[seat] !== undefined) continue;
      try {
        oracle.leave.judge(leave);
      } catch (error) {
        this.#verdicts[seat] = verdictOf(error, leave.index);
      }
    }
  }

  #judgeEdge(edge: Edge): void {
    for (const { oracle, seat } of this.#oracles) {
      if (this.#verdicts[seat] !== undefined) continue;
      try {
        oracle.judge(edge, this.#noted[seat]);
      } catch (error) {
        this.#verdicts[seat] = verdictOf(error, edge.index);
      }
    }
  }
}
