/**
 * What is asked of a condition: which scenarios apply, which hops lack what they need, and which
 * of them share a run. It depends on settings and capabilities only, so few programs serve all
 * conditions of a plan.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import type { Axis } from "./axis.ts";
import { type Condition, settingsAt } from "./condition.ts";
import type { Lookers } from "./notes.ts";
import type { Oracle } from "./oracle.ts";
import { adapterFault } from "./outcome.ts";
import { type Hop, hopName } from "./path.ts";
import { type CellResult, cellOf } from "./report.ts";
import { Rows } from "./rows.ts";
import type { Preparation, Scenario, Suite } from "./scenario.ts";
import type { Verdict } from "./verdict.ts";

type Settings = Condition["settings"];

/** A scenario under its full name. */
export interface BoundScenario {
  /** `suite/scenario`. */
  readonly id: string;
  readonly scenario: Scenario;
}

/** Who judges, and the place of the cell among those of the condition. */
export type Seated<T> = T & {
  readonly seat: number;
  /** It has nothing to say on later edges. */
  readonly onlyFirst: boolean;
};

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
  /** Everyone who could look at the first hop, whoever reads what it saves. */
  readonly lookers: Lookers;
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

/** True when `settings` are those that `scenario` speaks of; see `Axis.reserved`. */
export function appliesTo(scenario: Scenario, settings: Settings, axes: readonly Axis[]): boolean {
  const when = scenario.when ?? {};
  for (const [axis, value] of Object.entries(when)) if (settings[axis] !== value) return false;
  return axes.every(
    ({ name, neutral, reserved }) => !reserved || name in when || settings[name] === neutral,
  );
}

/** True for a scenario about something that only the first edge has; see `Axis.onlyFirst`. */
export function judgesOnlyFirst({ when = {} }: Scenario, axes: readonly Axis[]): boolean {
  return axes.some(
    ({ name, neutral, onlyFirst }) => onlyFirst && (when[name] ?? neutral) !== neutral,
  );
}

/** Programs that are kept; random paths never come to an end of new ones. */
const PROGRAMS_MAX = 128;

/** Makes programs, and makes each only once as long as they are few. */
export class Programs {
  readonly #adapter: Adapter;
  readonly #axes: readonly Axis[];
  readonly #scenarios: readonly Needy<BoundScenario>[];
  readonly #oracles: readonly Needy<BoundOracle>[];
  /** Everything that anybody needs. */
  readonly #needs: readonly string[];
  /** Axes that decide which scenarios apply. */
  readonly #deciding: readonly string[];
  readonly #programs = new Map<string, Program>();
  readonly #lookers = new Map<string, Lookers>();

  constructor(
    adapter: Adapter,
    axes: readonly Axis[],
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
  ) {
    this.#adapter = adapter;
    this.#axes = axes;
    this.#scenarios = scenarios.map((bound) => ({
      ...bound,
      needs: needsOf(bound.scenario),
      onlyFirst: judgesOnlyFirst(bound.scenario, axes),
    }));
    this.#oracles = oracles.map((bound) => {
      return { ...bound, needs: bound.oracle.needs, onlyFirst: false };
    });
    const all = [...this.#scenarios, ...this.#oracles];
    this.#needs = [...new Set(all.flatMap(({ needs }) => needs))];
    const spoken = scenarios.flatMap(({ scenario }) => Object.keys(scenario.when ?? {}));
    const reserved = axes.filter((axis) => axis.reserved).map(({ name }) => name);
    this.#deciding = [...new Set([...spoken, ...reserved])];
  }

  /** The program of `condition`, narrowed to the cells that `selected` admits. */
  of(condition: Condition, selected?: (id: string) => boolean): Program {
    const { path, settings } = condition;
    const last = path.length - 2;
    const hops = path.map((hop, at) => {
      const before = path[at - 1];
      const lacks = before && this.#adapter.lacksAfter?.(before, hop);
      return { ...this.#able(hop, settingsAt(settings, Math.min(at, last), this.#axes)), lacks };
    });
    if (selected !== undefined) return this.#make(settings, hops, selected);
    const key = this.#keyOf(settings, hops);
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    if (this.#programs.size >= PROGRAMS_MAX) this.#programs.clear();
    const program = this.#make(settings, hops, () => true);
    this.#programs.set(key, program);
    return program;
  }

  #able(hop: Hop, settings: Settings): AbleHop {
    try {
      const has = this.#adapter.capabilities(hop, settings);
      return { release: hop.release, has, absent: this.#adapter.absent?.(hop.release) };
    } catch (error) {
      throw adapterFault(error, `ask what ${hopName(hop)} can do`);
    }
  }

  /** Who applies, and where each thing that is needed is lacking first. */
  #keyOf(settings: Settings, hops: readonly AbleHop[]): string {
    let key = "";
    for (const axis of this.#deciding) key += `${settings[axis]} `;
    for (const { release, lacks } of hops) if (lacks !== undefined) key += `${release}!`;
    for (const need of this.#needs) {
      const at = hops.findIndex(({ has }) => !has.has(need));
      key += at === -1 ? "," : `,${at}:${hops[at]?.release}`;
    }
    return key;
  }

  #make(settings: Settings, hops: readonly AbleHop[], selected: (id: string) => boolean): Program {
    const scenarios = this.#scenarios.filter(({ scenario }) =>
      appliesTo(scenario, settings, this.#axes),
    );
    const cells: CellResult[] = [];
    const seated = <T extends Needy<{ readonly id: string }>>(bound: T): Seated<T>[] => {
      const { id, needs } = bound;
      const lack = firstLack(hops, needs);
      cells.push(cellOf(id, lack ?? { kind: "passed" }));
      return lack === undefined ? [{ ...bound, seat: cells.length - 1 }] : [];
    };
    const able = scenarios.filter(({ id }) => selected(id)).flatMap(seated);
    const oracles = this.#oracles.filter(({ id }) => selected(id)).flatMap(seated);
    const lookers = this.#lookersOf(settings, hops, scenarios);
    return { cells, rows: new Rows(cells), rounds: rounds(able), oracles, lookers };
  }

  /** The same object for all programs that begin alike. */
  #lookersOf(
    settings: Settings,
    [first]: readonly AbleHop[],
    applying: readonly Needy<BoundScenario>[],
  ): Lookers {
    const able = (needs: readonly string[]) => needs.every((need) => first?.has.has(need));
    const key = this.#keyOf(settings, first === undefined ? [] : [first]);
    const known = this.#lookers.get(key);
    if (known !== undefined) return known;
    if (this.#lookers.size >= PROGRAMS_MAX) this.#lookers.clear();
    const scenarios = applying.flatMap(({ scenario, needs }) =>
      scenario.before !== undefined && able(needs) ? [scenario] : [],
    );
    const oracles = this.#oracles.flatMap(({ oracle, needs }) =>
      oracle.before !== undefined && able(needs) ? [oracle] : [],
    );
    const lookers = { scenarios, oracles };
    this.#lookers.set(key, lookers);
    return lookers;
  }
}

/** Someone who can only judge hops with certain capabilities. */
type Needy<T> = T & { readonly needs: readonly string[]; readonly onlyFirst: boolean };

/** What a hop can do. */
interface AbleHop {
  readonly release: string;
  readonly has: ReadonlySet<string>;
  /** What it lacks to come after the hop before it, whatever a scenario needs. */
  readonly lacks?: string | undefined;
  /** Why it cannot be started. */
  readonly absent?: string | undefined;
}

function needsOf({ needs, needsCapabilities, preparation }: Scenario): string[] {
  return [...needs, ...(preparation?.needs ?? []), ...(needsCapabilities ?? [])];
}

function firstLack(hops: readonly AbleHop[], needs: readonly string[]): Verdict | undefined {
  for (const { release, has, lacks, absent } of hops) {
    const lack = needs.find((need) => !has.has(need)) ?? lacks;
    if (lack === undefined) continue;
    const why = absent === undefined ? `lacks ${lack}` : `cannot be started: ${absent}`;
    return { kind: "unsupported", reason: `${release} ${why}` };
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
