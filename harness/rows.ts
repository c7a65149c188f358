/**
 * The cells of one program, shared: thousands of conditions end in a few hundred ways, and those
 * that end alike get the same array. Whoever looks at a row can so remember by identity what it
 * found there.
 *
 * @module
 */
import { type CellResult, cellOf } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** Rows kept; one whose reasons hold numbers that never come again is not worth more. */
const ROWS_MAX = 64;

export class Rows {
  readonly #blank: readonly CellResult[];
  readonly #rows = new Map<string, readonly CellResult[]>();

  /** `blank` is the row that nobody said anything about. */
  constructor(blank: readonly CellResult[]) {
    this.#blank = blank;
  }

  /** The row with `verdicts` in their seats; an empty seat keeps the blank cell. */
  of(verdicts: readonly (Verdict | undefined)[]): readonly CellResult[] {
    const key = keyOf(verdicts);
    if (key === "") return this.#blank;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX) this.#rows.clear();
    const row = this.#blank.map((cell, seat) => {
      const verdict = verdicts[seat];
      return verdict === undefined ? cell : cellOf(cell.scenario, verdict);
    });
    this.#rows.set(key, row);
    return row;
  }
}

/** Equal verdicts give equal keys. The outcome of a hop fills many seats and is written once. */
function keyOf(verdicts: readonly (Verdict | undefined)[]): string {
  let key = "";
  let last: Verdict | undefined;
  for (let seat = 0; seat < verdicts.length; seat++) {
    const verdict = verdicts[seat];
    if (verdict === undefined) continue;
    key += verdict === last ? `${seat}=` : `${seat}\n${JSON.stringify(verdict)}\n`;
    last = verdict;
  }
  return key;
}
