/**
 * What is asked of a condition: which scenarios apply, which hops lack what they need, and which
 * of them share a run. It depends on settings and capabilities only, so few programs serve all
 * conditions of a plan.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { Oracle } from "./oracle.ts";
import { adapterFault } from "./outcome.ts";
import { type Hop, hopName } from "./path.ts";
import { type CellResult, cellOf } from "./report.ts";
import { Rows } from "./rows.ts";
import type { Preparation, Scenario, Suite } from "./scenario.ts";
import type { Verdict } from "./verdict.ts";

/** A scenario under its full name. */
export interface BoundScenario {
  /** `suite/scenario`. */
  readonly id: string;
  readonly scenario: Scenario;
}

/** Who judges, and the place of the cell among those of the condition. */
export type Seated<T> = T & { readonly seat: number };

/** An oracle under its full name. */
export interface BoundOracle {
  /** `oracle/name`. */
  readonly id: string;
  readonly oracle: Oracle;
}

/** Scenarios that judge the same run. */
export interface Round {
  readonly preparation?: Preparation;
  readonly scenarios: readonly Seated<BoundScenario>[];
}

export interface Program {
  /**
   * The cells in the order in which they are reported: those that cannot be run as they are, the
   * others as if they passed.
   */
  readonly cells: readonly CellResult[];
  /** The cells with the verdicts of a run; made from `cells`. */
  readonly rows: Rows;
  readonly rounds: readonly Round[];
  /** Oracles that have something to say; they judge every round. */
  readonly oracles: readonly Seated<BoundOracle>[];
}

/** Gives scenarios of `suites` their full names. */
export function bindScenarios(suites: readonly Suite[]): BoundScenario[] {
  const bound = suites.flatMap(({ name, scenarios }) =>
    scenarios.map((scenario) => ({ id: `${name}/${scenario.name}`, scenario })),
  );
  if (new Set(bound.map(({ id }) => id)).size !== bound.length) {
    throw new TypeError("Cannot bind scenarios as names of suites must be unique");
  }
  return bound;
}

export function bindOracles(oracles: readonly Oracle[]): BoundOracle[] {
  return oracles.map((oracle) => ({ id: `oracle/${oracle.name}`, oracle }));
}

/** True when `settings` are those that `scenario` speaks of; see `Axis.neutral`. */
export function appliesTo(
  scenario: Scenario,
  settings: Condition["settings"],
  axes: readonly Axis[],
): boolean {
  const when = scenario.when ?? {};
  for (const [axis, value] of Object.entries(when)) if (settings[axis] !== value) return false;
  return axes.every(
    ({ name, neutral }) => neutral === undefined || name in when || settings[name] === neutral,
  );
}

/** Makes programs, and makes each only once. */
export class Programs {
  readonly #adapter: Adapter;
  readonly #axes: readonly Axis[];
  readonly #scenarios: readonly Needy<BoundScenario>[];
  readonly #oracles: readonly Needy<BoundOracle>[];
  /** Everything that anybody needs. */
  readonly #needs: readonly string[];
  /** What hops can do and who speaks of settings; conditions share both. */
  readonly #hops = new WeakMap<Condition["settings"], Map<string, AbleHop>>();
  readonly #groups = new WeakMap<Condition["settings"], Group>();
  readonly #groupsByIds = new Map<string, Group>();
  readonly #programs = new Map<string, Program>();

  constructor(
    adapter: Adapter,
    axes: readonly Axis[],
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
  ) {
    this.#adapter = adapter;
    this.#axes = axes;
    this.#scenarios = scenarios.map((bound) => ({ ...bound, needs: needsOf(bound.scenario) }));
    this.#oracles = oracles.map((bound) => ({ ...bound, needs: bound.oracle.needs }));
    const all = [...this.#scenarios, ...this.#oracles];
    this.#needs = [...new Set(all.flatMap(({ needs }) => needs))];
  }

  /** The program of `condition`, narrowed to the cells that `selected` admits. */
  of(condition: Condition, selected?: (id: string) => boolean): Program {
    const { path, settings } = condition;
    const hops = path.map((hop) => this.#able(hop, settings));
    const group = this.#group(settings);
    if (selected !== undefined) return this.#make(group, hops, selected);
    let key = `${group.number}`;
    for (const { lacks } of hops) key += `>${lacks}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.#make(group, hops, () => true);
      this.#programs.set(key, program);
    }
    return program;
  }

  #able(hop: Hop, settings: Condition["settings"]): AbleHop {
    const hops = this.#hops.get(settings) ?? new Map<string, AbleHop>();
    this.#hops.set(settings, hops);
    const name = hopName(hop);
    let able = hops.get(name);
    if (able === undefined) {
      able = this.#ask(hop, settings);
      hops.set(name, able);
    }
    return able;
  }

  #ask(hop: Hop, settings: Condition["settings"]): AbleHop {
    try {
      const has = this.#adapter.capabilities(hop, settings);
      const lacks = this.#needs.filter((need) => !has.has(need));
      const { release } = hop;
      return { release, has, lacks: lacks.length === 0 ? "" : `${release} ${lacks.join(",")}` };
    } catch (error) {
      throw adapterFault(error, `ask what ${hopName(hop)} can do`);
    }
  }

  #group(settings: Condition["settings"]): Group {
    const known = this.#groups.get(settings);
    if (known !== undefined) return known;
    const scenarios = this.#scenarios.filter(({ scenario }) =>
      appliesTo(scenario, settings, this.#axes),
    );
    const ids = scenarios.map(({ id }) => id).join(" ");
    const group = this.#groupsByIds.get(ids) ?? { number: this.#groupsByIds.size, scenarios };
    this.#groupsByIds.set(ids, group);
    this.#groups.set(settings, group);
    return group;
  }

  #make(group: Group, hops: readonly AbleHop[], selected: (id: string) => boolean): Program {
    const cells: CellResult[] = [];
    const seated = <T extends Needy<{ readonly id: string }>>(bound: T): Seated<T>[] => {
      const { id, needs } = bound;
      const lack = firstLack(hops, needs);
      cells.push(cellOf(id, lack ?? { kind: "passed" }));
      return lack === undefined ? [{ ...bound, seat: cells.length - 1 }] : [];
    };
    const able = group.scenarios.filter(({ id }) => selected(id)).flatMap(seated);
    const oracles = this.#oracles.filter(({ id }) => selected(id)).flatMap(seated);
    return { cells, rows: new Rows(cells), rounds: rounds(able), oracles };
  }
}

/** Someone who can only judge hops with certain capabilities. */
type Needy<T> = T & { readonly needs: readonly string[] };

/** What a hop can do. */
interface AbleHop {
  readonly release: string;
  readonly has: ReadonlySet<string>;
  /** Release and what it lacks of all that is needed; empty when it lacks nothing. */
  readonly lacks: string;
}

/** Scenarios that apply under the same settings. */
interface Group {
  readonly number: number;
  readonly scenarios: readonly Needy<BoundScenario>[];
}

function needsOf({ needs, needsCapabilities, preparation }: Scenario): string[] {
  return [...needs, ...(preparation?.needs ?? []), ...(needsCapabilities ?? [])];
}

function firstLack(hops: readonly AbleHop[], needs: readonly string[]): Verdict | undefined {
  for (const { release, has } of hops) {
    const lack = needs.find((need) => !has.has(need));
    if (lack !== undefined) return { kind: "unsupported", reason: `${release} lacks ${lack}` };
  }
  return undefined;
}

/** Groups scenarios by preparation, in order of their first scenario. */
function rounds(scenarios: readonly Seated<BoundScenario>[]): Round[] {
  const groups = Map.groupBy(scenarios, ({ scenario }) => scenario.preparation);
  // Oracles want a run even where no scenario does.
  if (groups.size === 0) return [{ scenarios: [] }];
  return [...groups].map(([preparation, group]) => ({
    ...(preparation === undefined ? {} : { preparation }),
    scenarios: group,
  }));
}
