/**
 * Turns defects on one by one and tells which cells notice: those whose verdict is a surprise that
 * the same cell without the defect is not, or that is known as what releases really have. A defect
 * is caught when the reason of such a verdict points at its cause.
 *
 * @module
 */
import type { Defect } from "./defect.ts";
import type { Pair } from "./defect_plan.ts";
import type { Planned } from "./plan.ts";
import type { CellResult, ConditionResult } from "./report.ts";
import { Run, type RunInput } from "./run.ts";
import type { VerdictKind } from "./verdict.ts";

/** What one scenario noticed of a defect. */
export interface Catch {
  readonly scenario: string;
  readonly verdict: VerdictKind;
  /** Cells of the scenario with this verdict that noticed. */
  readonly cells: number;
  /** Those among them whose reason points at the cause. */
  readonly naming: number;
  /** Reason and condition of the first cell, if possible of one that points at the cause. */
  readonly reason: string;
  readonly condition: string;
}

/** What became of one defect. */
export interface Finding {
  readonly defect: Defect;
  readonly conditions: number;
  readonly caught: boolean;
  /** Those that point at the cause first, then by the number of cells. */
  readonly catches: readonly Catch[];
}

type HuntInput = Omit<RunInput, "plan" | "selection">;

/** Looks for defects, the conditions of each one being in `pairs` together. */
export class DefectHunt {
  readonly #pairs: readonly Pair[];
  readonly run: Run;
  /** Scenarios that surprise without a defect, by name of condition. */
  readonly #soundSurprises = new Map<string, ReadonlySet<string>>();

  constructor(input: HuntInput, pairs: readonly Pair[]) {
    this.#pairs = pairs;
    const sound = new Set(pairs.map((pair) => pair.sound.name));
    const planned = pairs.length + sound.size;
    const conditions = () => this.#conditions();
    const plan = { parts: [], planned, pruned: [], conditions };
    this.run = new Run({ ...input, plan, selection: [] });
  }

  /** How many are looked for. */
  get defects(): number {
    return new Set(this.#pairs.map(({ defect }) => defect)).size;
  }

  /** Each condition without the defect comes before the one with it, and only once. */
  *#conditions(): Generator<Planned> {
    for (const { sound, seeded } of this.#pairs) {
      if (!this.#soundSurprises.has(sound.name)) yield sound;
      yield seeded;
    }
  }

  /** Yields null after each condition, and what became of a defect after its last one. */
  async *findings(): AsyncGenerator<Finding | null> {
    const pairs = this.#pairs.values();
    let pair = next(pairs);
    let log: CatchLog | undefined;
    for await (const result of this.run.results()) {
      if (pair === undefined) return;
      if (result.name === pair.sound.name) {
        this.#soundSurprises.set(result.name, surprisesOf(result));
        yield null;
        continue;
      }
      log ??= new CatchLog(pair.defect);
      log.add(result, this.#soundSurprises.get(pair.sound.name) ?? new Set());
      const { defect } = pair;
      pair = next(pairs);
      yield null;
      if (pair?.defect === defect) continue;
      yield log.finding();
      log = undefined;
    }
  }
}

function next(pairs: IterableIterator<Pair>): Pair | undefined {
  const { done, value } = pairs.next();
  return done ? undefined : value;
}

function surprisesOf({ cells }: ConditionResult): ReadonlySet<string> {
  const surprising = cells.filter(({ surprise }) => surprise !== undefined);
  return new Set(surprising.map(({ scenario }) => scenario));
}

/** Gathers what was noticed of one defect. */
class CatchLog {
  readonly #defect: Defect;
  readonly #catches = new Map<string, Catch>();
  #conditions = 0;

  constructor(defect: Defect) {
    this.#defect = defect;
  }

  add({ name, cells }: ConditionResult, soundSurprises: ReadonlySet<string>): void {
    this.#conditions++;
    for (const cell of cells) {
      if (this.#notices(cell, soundSurprises)) this.#note(name, cell);
    }
  }

  #notices({ scenario, verdict, expected, surprise }: CellResult, sound: ReadonlySet<string>) {
    if (verdict === "passed" || verdict === "unsupported") return false;
    if (expected !== undefined && expected === this.#defect.known) return true;
    return surprise !== undefined && !sound.has(scenario);
  }

  #note(condition: string, { scenario, verdict, reason = "" }: CellResult): void {
    const key = `${verdict} ${scenario}`;
    const names = this.#defect.cause.test(reason);
    const known = this.#catches.get(key);
    const cells = (known?.cells ?? 0) + 1;
    const naming = (known?.naming ?? 0) + Number(names);
    const example = known === undefined || (names && known.naming === 0);
    const { reason: why, condition: where } = example ? { reason, condition } : known;
    this.#catches.set(key, { scenario, verdict, cells, naming, reason: why, condition: where });
  }

  finding(): Finding {
    const catches = [...this.#catches.values()].sort(
      (a, b) => b.naming - a.naming || b.cells - a.cells,
    );
    const caught = catches.some(({ naming }) => naming > 0);
    return { defect: this.#defect, conditions: this.#conditions, caught, catches };
  }
}
