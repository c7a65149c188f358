/**
 * Two runs side by side: what was gained and lost from one to the other.
 *
 * @module
 */
import { type ConditionPair, conditionPairs } from "../changed_cells.ts";
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
    for (const pair of conditionPairs(this.#before, this.#after)) this.#compare(pair);
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

  #compare({ before, after, cells }: ConditionPair): void {
    const result = after ?? before;
    if (result === undefined) return;
    const marked = {
      lost: new Set<string>(),
      gained: new Set<string>(),
      changed: new Set<string>(),
    };
    for (const { before: old, after: now, turn } of cells) {
      const { scenario = "" } = now ?? old ?? {};
      if (turn === "same") this.#same++;
      else if (turn !== "unasked" && (turn !== "changed" || (isBad(old) && isBad(now)))) {
        marked[turn].add(scenario);
      }
      if (turn === "lost" && !isBad(now)) note(this.#lostSilently, scenario, now, result.name);
      if (turn === "gained" && !isBad(old)) note(this.#gainedSilently, scenario, old, result.name);
    }
    this.#count(result, [...marked.lost], "lost");
    this.#count(result, [...marked.gained], "gained");
    if (after !== undefined) {
      this.#lost.add(markedOf(after, marked.lost));
      this.#changed.add(markedOf(after, marked.changed));
    }
    if (before !== undefined) this.#gained.add(markedOf(before, marked.gained));
  }

  #count({ condition: { path } }: ConditionResult, cells: readonly string[], how: keyof Balance) {
    if (cells.length === 0) return;
    const releases = path.map(({ release }) => release).join(" > ");
    const balance = this.#balances.get(releases) ?? { lost: 0, gained: 0 };
    this.#balances.set(releases, balance);
    balance[how] += cells.length;
  }
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

function isBad(cell: CellResult | undefined): boolean {
  return cell !== undefined && BAD.has(cell.verdict);
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
