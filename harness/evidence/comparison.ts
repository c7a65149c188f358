/**
 * Two runs side by side: what was gained and lost from one to the other.
 *
 * @module
 */
import type { CellResult, ConditionResult, Report, RunHeader } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";
import { Failures, type Group } from "./failures.ts";

/** Cells that went the same way for one reason. */
export interface Silent {
  /** `unsupported`, `error`, or `absent` when nobody asks any more. */
  readonly what: "unsupported" | "error" | "absent";
  readonly reason: string;
  readonly example: string;
  readonly scenarios: Set<string>;
  cells: number;
}

/** Cells by releases: those that pass no more, and those that pass now. */
export interface Balance {
  lost: number;
  gained: number;
}

export interface Comparison {
  /** Cells that both runs have and that say the same. */
  readonly same: number;
  /** Cells that passed and fail: their groups, as they fail now. */
  readonly lost: readonly Group[];
  /** Cells that passed and cannot be asked any more. */
  readonly lostSilently: readonly Silent[];
  /** Cells that failed and pass: their groups, as they failed. */
  readonly gained: readonly Group[];
  /** Cells that pass and could not be asked before. */
  readonly gainedSilently: readonly Silent[];
  /** Cells that fail in another way: as they fail now. */
  readonly changed: readonly Group[];
  /** What only one of the runs knows. */
  readonly releases: Difference;
  readonly scenarios: Difference;
  readonly balances: ReadonlyMap<string, Balance>;
}

export interface Difference {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

type Row = readonly CellResult[];

const BAD: ReadonlySet<VerdictKind> = new Set(["failed", "refused", "crashed", "hung"]);
/** Silent groups that are told apart. */
const SILENT_MAX = 100;

/** Compares two runs of one implementation. What a part of a plan leaves out is not lost. */
export function compareRuns(before: Report, after: Report): Comparison {
  return new Comparer(before, after).compare();
}

class Comparer {
  readonly #before: Report;
  readonly #after: Report;
  readonly #lost: Failures;
  readonly #gained: Failures;
  readonly #changed: Failures;
  readonly #lostSilently = new Map<string, Silent>();
  readonly #gainedSilently = new Map<string, Silent>();
  readonly #balances = new Map<string, Balance>();
  #same = 0;

  constructor(before: Report, after: Report) {
    this.#before = before;
    this.#after = after;
    this.#lost = new Failures(after.header);
    this.#gained = new Failures(before.header);
    this.#changed = new Failures(after.header);
  }

  compare(): Comparison {
    const earlier = new Map<string, ConditionResult>();
    for (const result of this.#before.conditions()) earlier.set(result.name, slim(result));
    for (const result of this.#after.conditions()) {
      this.#compare(earlier.get(result.name), result);
      earlier.delete(result.name);
    }
    for (const result of earlier.values()) this.#compare(result, undefined);
    const { header: old } = this.#before;
    const { header: now } = this.#after;
    const ids = ({ scenarios }: RunHeader) => scenarios.map(({ id }) => id);
    return {
      same: this.#same,
      lost: this.#lost.groups(),
      lostSilently: [...this.#lostSilently.values()],
      gained: this.#gained.groups(),
      gainedSilently: [...this.#gainedSilently.values()],
      changed: this.#changed.groups(),
      releases: differenceOf(old.releases, now.releases),
      scenarios: differenceOf(ids(old), ids(now)),
      balances: this.#balances,
    };
  }

  #compare(before: ConditionResult | undefined, after: ConditionResult | undefined): void {
    const old = byScenario(before?.cells ?? []);
    const now = byScenario(after?.cells ?? []);
    const marked = {
      lost: new Set<string>(),
      gained: new Set<string>(),
      changed: new Set<string>(),
    };
    const result = after ?? before;
    if (result === undefined) return;
    for (const scenario of new Set([...old.keys(), ...now.keys()])) {
      const kind = this.#weigh(old.get(scenario), now.get(scenario), result.name);
      if (kind === "same") this.#same++;
      else if (kind !== "other") marked[kind].add(scenario);
    }
    this.#count(result, [...marked.lost], "lost");
    this.#count(result, [...marked.gained], "gained");
    if (after !== undefined) {
      this.#lost.add(markedOf(after, marked.lost));
      this.#changed.add(markedOf(after, marked.changed));
    }
    if (before !== undefined) this.#gained.add(markedOf(before, marked.gained));
  }

  /** What became of a cell. */
  #weigh(
    old: CellResult | undefined,
    now: CellResult | undefined,
    condition: string,
  ): "same" | "lost" | "gained" | "changed" | "other" {
    if (old?.verdict === "passed") {
      if (now?.verdict === "passed") return "same";
      if (now !== undefined && BAD.has(now.verdict)) return "lost";
      // Who runs a part of a plan has not lost the rest.
      if (now === undefined && isPart(this.#after)) return "other";
      note(this.#lostSilently, old.scenario, now, condition);
      return "lost";
    }
    if (now?.verdict === "passed") {
      if (old !== undefined && BAD.has(old.verdict)) return "gained";
      if (old === undefined && isPart(this.#before)) return "other";
      note(this.#gainedSilently, now.scenario, old, condition);
      return "gained";
    }
    if (old === undefined || now === undefined) return "other";
    const isSame = old.verdict === now.verdict && old.reason === now.reason;
    return isSame ? "same" : BAD.has(now.verdict) && BAD.has(old.verdict) ? "changed" : "other";
  }

  #count({ condition: { path } }: ConditionResult, cells: readonly string[], how: keyof Balance) {
    if (cells.length === 0) return;
    const releases = path.map(({ release }) => release).join(" > ");
    const balance = this.#balances.get(releases) ?? { lost: 0, gained: 0 };
    this.#balances.set(releases, balance);
    balance[how] += cells.length;
  }
}

/** What is compared of a result; how far it came is told by its events alone. */
function slim({ type, name, condition, transcript, cells }: ConditionResult): ConditionResult {
  const events = transcript.map(({ event, release }) => ({ event, release, detail: "" }));
  return { type, name, condition, transcript: events, cells };
}

/** `result` with the cells of `scenarios` as its only surprises. */
function markedOf(result: ConditionResult, scenarios: ReadonlySet<string>): ConditionResult {
  const cells = result.cells.map((cell): CellResult => {
    const { surprise: _, ...plain } = cell;
    if (scenarios.has(cell.scenario)) return { ...plain, surprise: "passed" };
    return cell.surprise === undefined ? cell : plain;
  });
  return { ...result, cells };
}

function byScenario(cells: Row): ReadonlyMap<string, CellResult> {
  return new Map(cells.map((cell) => [cell.scenario, cell]));
}

function isPart({ header, end }: Report): boolean {
  return header.selection !== undefined || header.shard !== undefined || end === undefined;
}

function note(
  groups: Map<string, Silent>,
  scenario: string,
  cell: CellResult | undefined,
  condition: string,
): void {
  const what =
    cell?.verdict === "unsupported" || cell?.verdict === "error" ? cell.verdict : "absent";
  const reason = cell?.reason ?? "";
  const key = `${what} ${reason}`;
  const full = groups.size >= SILENT_MAX && !groups.has(key);
  const known = groups.get(full ? "" : key);
  const group = known ?? { what, reason, example: condition, scenarios: new Set(), cells: 0 };
  groups.set(full ? "" : key, group);
  group.scenarios.add(scenario);
  group.cells++;
}

function differenceOf(before: readonly string[], after: readonly string[]): Difference {
  return {
    lost: before.filter((one) => !after.includes(one)),
    gained: after.filter((one) => !before.includes(one)),
  };
}
