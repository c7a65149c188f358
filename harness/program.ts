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
import { type Hop, hopName } from "./path.ts";
import { type CellResult, cellOf } from "./report.ts";
import type { Preparation, Scenario, Suite } from "./scenario.ts";

/** A scenario under its full name. */
export interface BoundScenario {
  /** `suite/scenario`. */
  readonly id: string;
  readonly scenario: Scenario;
}

/** An oracle under its full name. */
export interface BoundOracle {
  /** `oracle/name`. */
  readonly id: string;
  readonly oracle: Oracle;
}

/** Scenarios that judge the same run. */
export interface Round {
  readonly preparation?: Preparation;
  readonly scenarios: readonly BoundScenario[];
}

export interface Program {
  /** Names of all cells, in the order in which they are reported. */
  readonly order: readonly string[];
  readonly rounds: readonly Round[];
  /** Oracles that have something to say; they judge every round. */
  readonly oracles: readonly BoundOracle[];
  /** Cells that cannot be run, decided. */
  readonly unsupported: ReadonlyMap<string, CellResult>;
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
  readonly #scenarios: readonly BoundScenario[];
  readonly #oracles: readonly BoundOracle[];
  readonly #capabilities = new Map<string, CapabilitySet>();
  readonly #programs = new Map<string, Program>();

  constructor(
    adapter: Adapter,
    axes: readonly Axis[],
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
  ) {
    this.#adapter = adapter;
    this.#axes = axes;
    this.#scenarios = scenarios;
    this.#oracles = oracles;
  }

  /** The program of `condition`, narrowed to the cells that `selected` admits. */
  of(condition: Condition, selected?: (id: string) => boolean): Program {
    const settings = Object.values(condition.settings).join(" ");
    const hops = condition.path.map((hop) => hop.release + this.#set(hop, condition, settings).key);
    if (selected !== undefined) return this.#make(condition, settings, selected);
    const key = `${settings}|${hops.join(">")}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.#make(condition, settings, () => true);
      this.#programs.set(key, program);
    }
    return program;
  }

  /** What `hop` can do, with a key that is equal for equal sets. */
  #set(hop: Hop, { settings }: Condition, settingsKey: string): CapabilitySet {
    const key = `${hopName(hop)} ${settingsKey}`;
    let set = this.#capabilities.get(key);
    if (set === undefined) {
      set = new CapabilitySet(this.#adapter.capabilities(hop, settings));
      this.#capabilities.set(key, set);
    }
    return set;
  }

  #make(condition: Condition, settings: string, selected: (id: string) => boolean): Program {
    const unsupported = new Map<string, CellResult>();
    const hops = condition.path.map((hop) => ({ hop, has: this.#set(hop, condition, settings) }));
    const supports = (id: string, needs: readonly string[]) => {
      const lack = firstLack(hops, needs);
      if (lack !== undefined) unsupported.set(id, cellOf(id, { kind: "unsupported", ...lack }));
      return lack === undefined;
    };
    const scenarios = this.#scenarios.filter(
      ({ id, scenario }) => selected(id) && appliesTo(scenario, condition.settings, this.#axes),
    );
    const oracles = this.#oracles.filter(({ id }) => selected(id));
    return {
      order: [...scenarios, ...oracles].map(({ id }) => id),
      rounds: rounds(scenarios.filter(({ id, scenario }) => supports(id, needsOf(scenario)))),
      oracles: oracles.filter(({ id, oracle }) => supports(id, oracle.needs)),
      unsupported,
    };
  }
}

/** A set of capabilities that equal sets can be told by. */
class CapabilitySet extends Set<string> {
  readonly key: string;

  constructor(names: ReadonlySet<string>) {
    super(names);
    this.key = [...names].sort().join(",");
  }
}

function needsOf({ needs, needsCapabilities, preparation }: Scenario): string[] {
  return [...needs, ...(preparation?.needs ?? []), ...(needsCapabilities ?? [])];
}

function firstLack(
  hops: readonly { readonly hop: Hop; readonly has: ReadonlySet<string> }[],
  needs: readonly string[],
): { reason: string } | undefined {
  for (const { hop, has } of hops) {
    const lack = needs.find((need) => !has.has(need));
    if (lack !== undefined) return { reason: `${hop.release} lacks ${lack}` };
  }
  return undefined;
}

/** Groups scenarios by preparation, in order of their first scenario. */
function rounds(scenarios: readonly BoundScenario[]): Round[] {
  const groups = Map.groupBy(scenarios, ({ scenario }) => scenario.preparation);
  // Oracles want a run even where no scenario does.
  if (groups.size === 0) return [{ scenarios: [] }];
  return [...groups].map(([preparation, group]) => ({
    ...(preparation === undefined ? {} : { preparation }),
    scenarios: group,
  }));
}
