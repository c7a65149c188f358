/**
 * Which part of a plan is run: by factors of an edge, by patterns over names, by shape of path.
 *
 * @module
 */
import { type Condition, factorsOf } from "./condition.ts";
import { namePattern } from "./name_pattern.ts";
import { cellName } from "./report.ts";

/** Shapes of path, in the order in which they are run. */
export const SHAPES = ["pairs", "faults", "ping-pong", "triples"] as const;
export type PathShape = (typeof SHAPES)[number];

/** What a user asked for; everything when empty. */
export interface Choice {
  readonly shapes?: readonly PathShape[];
  /** Values that the factors of some edge must have; a list means any of them. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Patterns over names of scenarios, conditions or cells; one must match. */
  readonly patterns?: readonly string[];
  /** Names of conditions; no other is run. */
  readonly names?: ReadonlySet<string>;
}

export class Selection {
  readonly shapes: readonly PathShape[];
  /** True when nothing narrows the plan. */
  readonly whole: boolean;
  readonly #where: readonly (readonly [string, readonly string[]])[];
  readonly #patterns: readonly ((name: string) => boolean)[];
  readonly #names: ReadonlySet<string> | undefined;

  constructor({ shapes = SHAPES, where = {}, patterns = [], names }: Choice = {}) {
    this.shapes = SHAPES.filter((shape) => shapes.includes(shape));
    this.#where = Object.entries(where);
    this.#patterns = patterns.map(namePattern);
    this.#names = names;
    this.whole =
      this.shapes.length === SHAPES.length &&
      this.#where.length === 0 &&
      patterns.length === 0 &&
      names === undefined;
  }

  /** True when an edge of `condition` has the chosen factors. */
  admitsFactors(condition: Condition): boolean {
    if (this.#where.length === 0) return true;
    return condition.path.slice(1).some((_, edge) => {
      const factors = factorsOf(condition, edge);
      return this.#where.every(([factor, values]) => values.includes(factors[factor] ?? ""));
    });
  }

  /** True when names alone do not rule `condition` out. */
  admitsName(name: string): boolean {
    return this.#names?.has(name) ?? true;
  }

  /** Which scenarios are chosen on the condition `name`; undefined means all. */
  scenariosOn(name: string): ((id: string) => boolean) | undefined {
    const patterns = this.#patterns;
    if (patterns.length === 0 || patterns.some((matches) => matches(name))) return undefined;
    return (id) => patterns.some((matches) => matches(id) || matches(cellName(id, name)));
  }
}
