/**
 * The smallest set of factors that tells failing edges from passing ones. A set explains with the
 * values that its factors have on failing edges: each of those, in any combination. All sets of up
 * to three factors are looked at.
 *
 * @module
 */

export type Factors = Readonly<Record<string, string>>;

/** Edges with equal factors, and how many cells they stand for. */
export interface Weighed {
  readonly factors: Factors;
  readonly cells: number;
}

export interface Explanation {
  /** Values by factor, as an expectation has them. */
  readonly factors: Readonly<Record<string, string | readonly string[]>>;
  /** Cells that fail, all of which it covers. */
  readonly failing: number;
  /** Cells that pass although it covers them; none when it is exact. */
  readonly passing: number;
}

/** Factors in one set. */
export const FACTORS_MAX = 3;
const BITS = 32;

/** A factor with what it lets through. */
interface Candidate {
  readonly name: string;
  /** Values on failing edges. */
  readonly values: readonly string[];
  /** A bit for each passing edge that has one of them. */
  readonly bits: Uint32Array;
}

/**
 * All exact explanations with the fewest factors, those with few values first; when there is none,
 * the one that covers the fewest passing cells. `names`, the factors to look at, breaks ties.
 */
export function explain(
  failing: readonly Weighed[],
  passing: readonly Weighed[],
  names: readonly string[],
): readonly Explanation[] {
  const failed = failing.reduce((sum, { cells }) => sum + cells, 0);
  const negatives = withoutTwins(passing, names);
  const full = fullSet(negatives.length);
  const candidates = names
    .map((name) => candidateOf(name, failing, negatives))
    .filter(({ bits }) => !equal(bits, full));
  let closest: { readonly set: readonly Candidate[]; readonly passing: number } | undefined;
  for (let size = 0; size <= FACTORS_MAX; size++) {
    const exact: (readonly Candidate[])[] = [];
    for (const { set, bits } of setsOf(candidates, size, full)) {
      if (isEmpty(bits)) exact.push(set);
      if (exact.length > 0) continue;
      const through = weightOf(bits, negatives);
      if (closest === undefined || through < closest.passing) closest = { set, passing: through };
    }
    if (exact.length > 0) {
      const sorted = exact.toSorted((a, b) => valuesOf(a) - valuesOf(b));
      return sorted.map((set) => ({ factors: factorsOfSet(set), failing: failed, passing: 0 }));
    }
  }
  const { set, passing: through } = closest ?? { set: [], passing: 0 };
  return [{ factors: factorsOfSet(set), failing: failed, passing: through }];
}

/** Every set of factors that covers an edge that fails, and none that passes; small ones first. */
export function* exactSets(
  failing: Weighed,
  passing: readonly Weighed[],
  names: readonly string[],
): Generator<Explanation["factors"]> {
  const negatives = withoutTwins(passing, names);
  const full = fullSet(negatives.length);
  const candidates = names.map((name) => candidateOf(name, [failing], negatives));
  for (let size = 0; size <= FACTORS_MAX; size++) {
    for (const { set, bits } of setsOf(candidates, size, full)) {
      if (isEmpty(bits)) yield factorsOfSet(set);
    }
  }
}

/** Whether an edge has the values of an explanation. */
export function covers({ factors }: Pick<Explanation, "factors">, edge: Factors): boolean {
  return Object.entries(factors).every(([name, wanted]) => {
    const actual = edge[name];
    if (actual === undefined) return false;
    return typeof wanted === "string" ? actual === wanted : wanted.includes(actual);
  });
}

/** In words: `writer=1 & reader=2,3`. */
export function factorsText(factors: Explanation["factors"]): string {
  const tests = Object.entries(factors).map(([name, wanted]) => {
    return `${name}=${[wanted].flat().map(quoted).join(",")}`;
  });
  return tests.length === 0 ? "everywhere" : tests.join(" & ");
}

function quoted(value: string): string {
  return /[\s&|!()=<>,~"]/u.test(value) ? JSON.stringify(value) : value;
}

function candidateOf(
  name: string,
  failing: readonly Weighed[],
  negatives: readonly Weighed[],
): Candidate {
  const values = new Set(failing.map(({ factors }) => factors[name] ?? ""));
  const bits = new Uint32Array(Math.ceil(negatives.length / BITS));
  for (const [index, { factors }] of negatives.entries()) {
    if (!values.has(factors[name] ?? "")) continue;
    bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  // A factor that failing edges do not have tells nothing.
  const known = !values.has("");
  return { name, values: [...values], bits: known ? bits : fullSet(negatives.length) };
}

/** Edges with the same factors as one. */
function withoutTwins(edges: readonly Weighed[], names: readonly string[]): Weighed[] {
  const cells = new Map<string, { factors: Factors; cells: number }>();
  for (const { factors, cells: count } of edges) {
    const key = names.map((name) => factors[name]).join("\n");
    const twin = cells.get(key);
    if (twin === undefined) cells.set(key, { factors, cells: count });
    else twin.cells += count;
  }
  return [...cells.values()];
}

/** The sets of `size` candidates, with the passing edges that all of them let through. */
function* setsOf(
  candidates: readonly Candidate[],
  size: number,
  through: Uint32Array,
  from = 0,
): Generator<{ readonly set: readonly Candidate[]; readonly bits: Uint32Array }> {
  if (size === 0) {
    yield { set: [], bits: through };
    return;
  }
  for (let index = from; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined) return;
    const both = through.map((word, at) => word & (candidate.bits[at] ?? 0));
    for (const { set, bits } of setsOf(candidates, size - 1, both, index + 1)) {
      yield { set: [candidate, ...set], bits };
    }
  }
}

function fullSet(count: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(count / BITS)).fill(0xffffffff);
  const rest = count % BITS;
  if (rest > 0) bits[bits.length - 1] = 2 ** rest - 1;
  return bits;
}

function isEmpty(bits: Uint32Array): boolean {
  return bits.every((word) => word === 0);
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  return a.every((word, index) => word === b[index]);
}

function weightOf(bits: Uint32Array, edges: readonly Weighed[]): number {
  let weight = 0;
  for (const [index, { cells }] of edges.entries()) {
    if (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) weight += cells;
  }
  return weight;
}

function valuesOf(set: readonly Candidate[]): number {
  return set.reduce((sum, { values }) => sum + values.length, 0);
}

function factorsOfSet(set: readonly Candidate[]): Explanation["factors"] {
  return Object.fromEntries(
    set.map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}
