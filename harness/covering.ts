/**
 * Covering arrays of strength two: few rows such that every pair of values of any two factors
 * that can occur together does occur in some row. Greedy with backtracking (in the manner of
 * AETG), deterministic: the same sizes and constraints give the same rows.
 *
 * @module
 */

/** True when a complete row can occur. */
export type Allows = (row: readonly number[]) => boolean;

/**
 * Rows over factors with `sizes` values each. A pair that no allowed row holds is left out; to
 * know that costs a look at every row that holds it, so this is for small factors.
 */
export function coveringRows(sizes: readonly number[], allows: Allows): number[][] {
  const open = new OpenPairs(sizes);
  const rows: number[][] = [];
  for (const [i, a, j, b] of allPairs(sizes)) {
    if (!open.has(i, a, j, b)) continue;
    const row: number[] = new Array(sizes.length).fill(-1);
    row[i] = a;
    row[j] = b;
    if (complete(row, 0, sizes, open, allows)) {
      rows.push(row);
      open.close(row);
    } else {
      open.drop(i, a, j, b);
    }
  }
  return rows;
}

/** Every pair of values of two factors: `[factor, value, later factor, value]`. */
export function* allPairs(
  sizes: readonly number[],
): Generator<readonly [number, number, number, number]> {
  for (const [i, firsts] of sizes.entries()) {
    for (let j = i + 1; j < sizes.length; j++) {
      for (let a = 0; a < firsts; a++) {
        for (let b = 0; b < (sizes[j] ?? 0); b++) yield [i, a, j, b];
      }
    }
  }
}

/** Fills the gaps of `row` from factor `at` on, most new pairs first; false when it cannot. */
function complete(
  row: number[],
  at: number,
  sizes: readonly number[],
  open: OpenPairs,
  allows: Allows,
): boolean {
  if (at === sizes.length) return allows(row);
  if (row[at] !== -1) return complete(row, at + 1, sizes, open, allows);
  for (const value of open.byGain(row, at)) {
    row[at] = value;
    if (complete(row, at + 1, sizes, open, allows)) return true;
  }
  row[at] = -1;
  return false;
}

/** The pairs that no row holds yet. */
class OpenPairs {
  readonly #sizes: readonly number[];
  /** Index of the first value of each factor in one numbering of all values. */
  readonly #offsets: readonly number[];
  readonly #values: number;
  readonly #open: Uint8Array;

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
    const offsets: number[] = [];
    let values = 0;
    for (const size of sizes) {
      offsets.push(values);
      values += size;
    }
    this.#offsets = offsets;
    this.#values = values;
    this.#open = new Uint8Array(values * values).fill(1);
  }

  has(i: number, a: number, j: number, b: number): boolean {
    return this.#open[this.#slot(i, a, j, b)] === 1;
  }

  drop(i: number, a: number, j: number, b: number): void {
    this.#open[this.#slot(i, a, j, b)] = 0;
  }

  close(row: readonly number[]): void {
    for (const [i, a] of row.entries()) {
      for (let j = i + 1; j < row.length; j++) this.drop(i, a, j, row[j] ?? 0);
    }
  }

  /** Values of factor `at`, those that meet most open pairs with the set ones of `row` first. */
  byGain(row: readonly number[], at: number): number[] {
    const gains = Array.from({ length: this.#sizes[at] ?? 0 }, (_, value) => {
      let gain = 0;
      for (const [other, set] of row.entries()) {
        if (set !== -1 && other !== at && this.has(other, set, at, value)) gain++;
      }
      return { value, gain };
    });
    return gains.sort((x, y) => y.gain - x.gain || x.value - y.value).map(({ value }) => value);
  }

  #slot(i: number, a: number, j: number, b: number): number {
    const x = (this.#offsets[i] ?? 0) + a;
    const y = (this.#offsets[j] ?? 0) + b;
    return x < y ? x * this.#values + y : y * this.#values + x;
  }
}
