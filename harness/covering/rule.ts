/**
 * Rules that forbid combinations of values. A rule is a table over a few dimensions that also
 * answers for a row that is not complete: whether its own dimensions can still be filled in.
 *
 * @module
 */

/** Cells of a table; more means that a rule looks at too much at once. */
const CELLS_MAX = 4_000_000;

/** Answers by values: each plus one, or 0 where there is none yet, times its stride. */
export interface RuleTable {
  readonly strides: readonly number[];
  /** 1 where some way to fill in what is missing is allowed. */
  readonly cells: Uint8Array;
}

/** A table, and the dimensions that it is about, in the order of its strides. */
export interface Rule {
  readonly table: RuleTable;
  readonly dimensions: readonly number[];
}

/**
 * The table of a rule over dimensions with `sizes` values each, of which rows have only those in
 * `values`.
 */
export function ruleTable(
  sizes: readonly number[],
  values: readonly (readonly number[])[],
  allows: (values: readonly number[]) => boolean,
): RuleTable {
  const strides: number[] = [];
  let count = 1;
  for (const size of sizes) {
    strides.push(count);
    count *= size + 1;
  }
  if (count > CELLS_MAX) {
    throw new RangeError(
      `Cannot make a rule as its combinations must be at most ${CELLS_MAX}: ` +
        `current value is ${count}`,
    );
  }
  const cells = new Uint8Array(count);
  const row: number[] = [];
  visit(0);
  return { strides, cells };

  function visit(at: number): void {
    if (at < sizes.length) {
      for (const value of values[at] ?? []) {
        row[at] = value;
        visit(at + 1);
      }
    } else if (allows(row)) {
      open(0, 0);
    }
  }

  /** Allows `row`, and every row that lacks some of its values. */
  function open(at: number, cell: number): void {
    if (at === sizes.length) {
      cells[cell] = 1;
      return;
    }
    open(at + 1, cell);
    open(at + 1, cell + (strides[at] ?? 0) * ((row[at] ?? 0) + 1));
  }
}
