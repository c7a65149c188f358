/**
 * A report with each of its texts changed: made safe to show, or rid of what is private. Names of
 * axes are texts, too. What has nothing to change stays the same object, so that rows which
 * conditions share are shared still.
 *
 * @module
 */
import type { CellResult, ConditionResult, Report, RunHeader } from "./report.ts";

export type TextChange = (text: string) => string;

/** Changes results one by one, as they come. */
export class ResultTexts {
  readonly #change: TextChange;
  readonly #rows = new WeakMap<readonly CellResult[], readonly CellResult[]>();

  constructor(change: TextChange) {
    this.#change = change;
  }

  header(header: RunHeader): RunHeader {
    return changed(header, this.#change);
  }

  result(result: ConditionResult): ConditionResult {
    const { cells, ...own } = result;
    let row = this.#rows.get(cells);
    if (row === undefined) {
      row = changed(cells, this.#change);
      this.#rows.set(cells, row);
    }
    const changedOwn = changed(own, this.#change);
    return changedOwn === own && row === cells ? result : { ...result, ...changedOwn, cells: row };
  }
}

/** `report` with its texts as `change` makes them. */
export function withTexts<R extends Report>(report: R, change: TextChange): Report {
  const texts = new ResultTexts(change);
  const { end, baseline, earlier } = report;
  return {
    header: texts.header(report.header),
    conditions: () => resultsOf(report, texts),
    ...(end === undefined ? {} : { end: changed(end, change) }),
    ...(baseline === undefined ? {} : { baseline: withTexts(baseline, change) }),
    ...(earlier === undefined ? {} : { earlier: earlier.map((run) => withTexts(run, change)) }),
  };
}

function* resultsOf(report: Report, texts: ResultTexts): Generator<ConditionResult> {
  for (const result of report.conditions()) yield texts.result(result);
}

function changed<T>(value: T, change: TextChange): T {
  if (typeof value === "string") return change(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return changedItems(value, change) as T;
  return changedEntries(value as Entries, change) as T;
}

/** Most have nothing to change, and a copy is made from the first one on that has. */
function changedItems(items: readonly unknown[], change: TextChange): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = changed(items[at], change);
    if (item !== items[at]) copy ??= items.slice(0, at);
    copy?.push(item);
  }
  return copy ?? items;
}

type Entries = Readonly<Record<string, unknown>>;

/** Likewise; keys are texts, too. */
function changedEntries(entries: Entries, change: TextChange): Entries {
  let copy: [string, unknown][] | undefined;
  let at = 0;
  for (const key in entries) {
    const [name, item] = [change(key), changed(entries[key], change)];
    if (name !== key || item !== entries[key]) copy ??= Object.entries(entries).slice(0, at);
    copy?.push([name, item]);
    at++;
  }
  return copy === undefined ? entries : Object.fromEntries(copy);
}
