/**
 * Which part of a plan is run: by parts, by factors of an edge, by patterns over names.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { factorsOf } from "./factors.ts";
import { namePattern } from "./name_pattern.ts";
import { pathFactsOf } from "./path_facts.ts";
import type { Matches } from "./query_match.ts";
import { cellName } from "./report.ts";

/** Strength of the covering rows, and conditions of the swarm, of a run that is not told. */
export const STRENGTH = 2;
export const SWARM_CONDITIONS = 2_000;

/** What a user asked for; everything when empty. */
export interface Choice {
  /** Names of parts; the usual ones when absent. */
  readonly parts?: readonly string[];
  readonly strength?: number;
  readonly conditions?: number;
  /** Values that the factors of some edge must have; a list means any of them. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** What that edge must be besides. */
  readonly queries?: readonly Matches[];
  /** Patterns over names of scenarios, conditions or cells; one must match. */
  readonly patterns?: readonly string[];
  /** Names of conditions, in place of parts. */
  readonly names?: ReadonlySet<string>;
}

export class Selection {
  /** Undefined means the usual ones. */
  readonly parts: readonly string[] | undefined;
  readonly strength: number;
  readonly conditions: number;
  /** Conditions to run in place of parts. */
  readonly names: ReadonlySet<string> | undefined;
  /** True when nothing changes the plan. */
  readonly whole: boolean;
  readonly #where: readonly (readonly [string, readonly string[]])[];
  readonly #queries: NonNullable<Choice["queries"]>;
  readonly #patterns: readonly ((name: string) => boolean)[];

  constructor(choice: Choice = {}) {
    const { strength = STRENGTH, conditions = SWARM_CONDITIONS } = choice;
    const { parts, where = {}, queries = [], patterns = [], names } = choice;
    this.parts = parts;
    this.strength = strength;
    this.conditions = conditions;
    this.#where = Object.entries(where);
    this.#queries = queries;
    this.#patterns = patterns.map(namePattern);
    this.names = names;
    const edges = this.#where.length + queries.length;
    const narrow = edges > 0 || patterns.length > 0 || names !== undefined;
    this.whole = parts === undefined && strength === STRENGTH && !narrow;
  }

  /** True when an edge of `condition` has the chosen factors. */
  admitsFactors(condition: Condition, axes: readonly Axis[]): boolean {
    if (this.#where.length === 0 && this.#queries.length === 0) return true;
    const path = () => pathFactsOf(condition, axes);
    return condition.path.slice(1).some((_, edge) => {
      const factors = factorsOf(condition, edge, axes);
      const isChosen = this.#where.every(([factor, values]) =>
        values.includes(factors[factor] ?? ""),
      );
      return isChosen && this.#queries.every((asks) => asks((name) => factors[name], path));
    });
  }

  /** Which scenarios are chosen on the condition `name`; undefined means all. */
  scenariosOn(name: string): ((id: string) => boolean) | undefined {
    const patterns = this.#patterns;
    if (patterns.length === 0 || patterns.some((matches) => matches(name))) return undefined;
    return (id) => patterns.some((matches) => matches(id) || matches(cellName(id, name)));
  }
}
