/**
 * A set of tuples of levels, each of one size: the combinations of that size, each in the place
 * that the combinatorial number system gives it (Knuth, The Art of Computer Programming, 7.2.1.3).
 *
 * @module
 */

/** Places of a set; a space that needs more is too large for its strength. */
const PLACES_MAX = 1 << 28;

/** What is new in a row. */
interface NewIn {
  /** The addition before this one. */
  readonly before: number;
  /** The last index of a level that was not in it; -1 when all of them were. */
  readonly lastNew: number;
}

export class TupleSet {
  /** Levels in a tuple. */
  readonly strength: number;
  readonly #levels: number;
  /** Combinations below a level, by the place of the level in its tuple. */
  readonly #below: readonly Float64Array[];
  readonly #held: Uint8Array;
  /** By level: the last addition with it, of those that are counted in `#turn`. */
  readonly #addedAt: Uint32Array;
  #turn = 1;
  #size = 0;

  /** An empty set of tuples of `strength` of the levels 0 to `levels` - 1. */
  constructor(levels: number, strength: number) {
    this.strength = strength;
    this.#below = Array.from({ length: strength }, (_, place) =>
      Float64Array.from({ length: levels + 1 }, (_, level) => combinations(level, place + 1)),
    );
    const places = combinations(levels, strength);
    if (!TupleSet.fits(levels, strength)) {
      throw new RangeError(
        `Cannot hold tuples of ${strength} levels as there must be at most ${PLACES_MAX}: ` +
          `current value is ${places}`,
      );
    }
    this.#levels = levels;
    this.#held = new Uint8Array(places);
    this.#addedAt = new Uint32Array(levels);
  }

  /** True when a set of tuples of `strength` of so many levels can be held in memory. */
  static fits(levels: number, strength: number): boolean {
    return combinations(levels, strength) <= PLACES_MAX;
  }

  get size(): number {
    return this.#size;
  }

  /** A set with the same tuples. */
  copy(): TupleSet {
    const copy = new TupleSet(this.#levels, this.strength);
    copy.#held.set(this.#held);
    copy.#size = this.#size;
    return copy;
  }

  /** Which tuples it has: a bit for each place, the lowest one first. */
  bits(): Uint8Array {
    const bits = new Uint8Array(Math.ceil(this.#held.length / 8));
    for (let place = 0; place < this.#held.length; place++) {
      if (this.#held[place] === 1) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
    }
    return bits;
  }

  /** True when it has `tuple`, whose levels ascend. */
  has(tuple: readonly number[]): boolean {
    return this.hasWithout(tuple, -1);
  }

  /** True when it has what is left of `tuple`, whose levels ascend, without the one at `out`. */
  hasWithout(tuple: readonly number[], out: number): boolean {
    return this.#held[this.#placeOf(tuple, out)] === 1;
  }

  /** Adds one tuple, whose levels ascend. */
  put(tuple: readonly number[]): void {
    const place = this.#placeOf(tuple, -1);
    if (this.#held[place] === 1) return;
    this.#held[place] = 1;
    this.#size++;
  }

  #placeOf(tuple: readonly number[], out: number): number {
    let place = 0;
    let depth = 0;
    for (let at = 0; at < tuple.length; at++) {
      if (at === out) continue;
      place += (this.#below[depth++] as Float64Array)[tuple[at] as number] as number;
    }
    return place;
  }

  /**
   * Adds every tuple of `levels`, which ascend. Rows that follow each other are much alike, and
   * what has only levels of the row before has been added with it.
   */
  add(levels: readonly number[]): void {
    const before = this.#turn++;
    let lastNew = -1;
    for (let at = 0; at < levels.length; at++) {
      const level = levels[at] as number;
      if (this.#addedAt[level] !== before) lastNew = at;
    }
    this.#add(levels, { before, lastNew }, 0, 0, 0, false);
    for (const level of levels) this.#addedAt[level] = this.#turn;
  }

  /**
   * How many tuples it lacks that hold the level at index `at`, levels before it, and levels from
   * index `above` on.
   */
  lacking(levels: readonly number[], at: number, above: number): number {
    return this.#lacking(levels, at, above, 0, 0, 0);
  }

  #add(
    levels: readonly number[],
    row: NewIn,
    from: number,
    depth: number,
    place: number,
    isNew: boolean,
  ): void {
    const below = this.#below[depth] as Float64Array;
    const last = depth + 1 === this.strength;
    const { before, lastNew } = row;
    const until = isNew ? levels.length : lastNew + 1;
    for (let index = from; index < until; index++) {
      const level = levels[index] as number;
      const next = place + (below[level] as number);
      const newNow = isNew || this.#addedAt[level] !== before;
      if (!last) {
        this.#add(levels, row, index + 1, depth + 1, next, newNow);
      } else if (newNow && this.#held[next] === 0) {
        this.#held[next] = 1;
        this.#size++;
      }
    }
  }

  #lacking(
    levels: readonly number[],
    at: number,
    above: number,
    from: number,
    depth: number,
    place: number,
  ): number {
    const below = this.#below[depth] as Float64Array;
    const last = depth + 1 === this.strength;
    let lacking = 0;
    const until = from > at ? levels.length : last ? from : at;
    for (let index = from; index < until; index++) {
      const next = place + (below[levels[index] as number] as number);
      if (!last) lacking += this.#lacking(levels, at, above, index + 1, depth + 1, next);
      else if (this.#held[next] === 0) lacking++;
    }
    if (from <= at) {
      const next = place + (below[levels[at] as number] as number);
      if (!last) lacking += this.#lacking(levels, at, above, above, depth + 1, next);
      else if (this.#held[next] === 0) lacking++;
    }
    return lacking;
  }
}

/** How many ways there are to choose `count` of `from`. */
function combinations(from: number, count: number): number {
  let ways = 1;
  for (let step = 0; step < count; step++) ways = (ways * (from - step)) / (step + 1);
  return Math.round(ways);
}
