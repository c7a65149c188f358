/**
 * What a run covered: of all tuples of values of two and of three factors that an edge can have,
 * how many some edge did have. Every edge of a path counts, whatever came out. One pass; the
 * memory depends on the space alone.
 *
 * Source: NIST IR 7878, Combinatorial Coverage Measurement.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { settingsAt } from "./condition.ts";
import { varies } from "./cover.ts";
import { addPossible } from "./covering/possible.ts";
import { TupleSet } from "./covering/tuple_set.ts";
import { type Layout, layoutOf } from "./layout.ts";
import type { Hop } from "./path.ts";
import { type Variable, variablesOf } from "./variables.ts";

/** Strengths that are measured. */
const STRENGTHS = [2, 3] as const;

export interface CoverageCounts {
  /** Tuples of this many factors: those that were seen, and those that can happen. */
  readonly tuples: readonly {
    readonly strength: number;
    readonly covered: number;
    readonly possible: number;
  }[];
  /** Values that no edge had, as `factor=value`. */
  readonly unseen: readonly string[];
}

export class Coverage {
  readonly #axes: readonly Axis[];
  readonly #variables: readonly Variable[];
  readonly #layout: Layout;
  readonly #sets: readonly TupleSet[];
  /** By variable and value: 1 when an edge had it. */
  readonly #seen: readonly Uint8Array[];
  /** Numbers of the values by their text. */
  readonly #numbers: readonly ReadonlyMap<string, number>[];
  /** Texts of configurations; hops are few and shared. */
  readonly #configurations = new WeakMap<Hop, string>();

  constructor(space: Space) {
    this.#axes = space.axes;
    this.#variables = variablesOf(space);
    this.#layout = layoutOf(space, { hops: 2, varies });
    const { levels } = this.#layout;
    this.#sets = STRENGTHS.filter((strength) => TupleSet.fits(levels, strength)).map(
      (strength) => new TupleSet(levels, strength),
    );
    this.#seen = this.#variables.map(({ values }) => new Uint8Array(values.length));
    this.#numbers = this.#variables.map(
      ({ values }) => new Map(values.map((value, number) => [value, number])),
    );
  }

  /** Counts the edges of a condition. */
  add({ path, settings }: Condition): void {
    for (let edge = 0; edge + 1 < path.length; edge++) {
      this.#addEdge(
        path[edge] as Hop,
        path[edge + 1] as Hop,
        settingsAt(settings, edge, this.#axes),
      );
    }
  }

  /** What has been covered so far. */
  counts(): CoverageCounts {
    const { dimensions, rules } = this.#layout;
    let smaller: TupleSet | undefined;
    const tuples = this.#sets.map((set) => {
      const all = set.copy();
      addPossible(dimensions, rules, all, smaller);
      smaller = all;
      return { strength: set.strength, covered: set.size, possible: all.size };
    });
    return { tuples, unseen: this.#unseen() };
  }

  /** By strength: the tuples that were covered, as bits that a run of the same space has, too. */
  bits(): readonly Uint8Array[] {
    return this.#sets.map((set) => set.bits());
  }

  #addEdge(writer: Hop, reader: Hop, settings: Condition["settings"]): void {
    const values = this.#variables.map(({ axis }, at) => {
      const text = axis === undefined ? this.#textAt(at, writer, reader) : settings[axis.name];
      return this.#numbers[at]?.get(text ?? "") ?? -1;
    });
    // A report may hold what the space does not have any more.
    if (values.includes(-1)) return;
    const levels: number[] = [];
    for (const [at, value] of values.entries()) {
      (this.#seen[at] as Uint8Array)[value] = 1;
      for (const level of this.#layout.dimensions[at]?.levels[value] ?? []) levels.push(level);
    }
    for (const set of this.#sets) set.add(levels);
  }

  /** Release or configuration of a hop, as the first variables have them. */
  #textAt(at: number, writer: Hop, reader: Hop): string {
    const hop = at < 2 ? writer : reader;
    if (at % 2 === 0) return hop.release;
    const text = this.#configurations.get(hop) ?? Object.values(hop.inputs).join(",");
    this.#configurations.set(hop, text);
    return text;
  }

  #unseen(): string[] {
    return this.#layout.dimensions.flatMap(({ values }, at) => {
      if (values.length < 2) return [];
      const { name, values: texts } = this.#variables[at] as Variable;
      return values
        .filter((value) => this.#seen[at]?.[value] === 0)
        .map((value) => `${name}=${texts[value]}`);
    });
  }
}
