/**
 * What runs have shown of all ways between releases, under the circumstances that are asked for.
 *
 * A cell counts once, as the newest run has it, and only when every release on its path is of the
 * build that was tested last, or that is asked about: what was shown of another build is no
 * evidence for this one. Faults and whatever else is kept for scenarios of its own are left
 * aside, unless they are asked for.
 *
 * @module
 */
import type { Axis } from "../axis.ts";
import { neutralOf } from "../condition_name.ts";
import { factorsOf } from "../factors.ts";
import { hopName } from "../path.ts";
import { pathFactsOf } from "../path_facts.ts";
import { type Query, testsOf } from "../query.ts";
import type { Vocabulary } from "../query_check.ts";
import { matcherOf } from "../query_match.ts";
import { edgesCrossed } from "../reached.ts";
import type { CellResult, ConditionResult, RunHeader } from "../report.ts";
import type { AskedRun } from "./cell_query.ts";
import { pinnedBuilds, SEVERAL } from "./pinned_builds.ts";
import { RouteEvidence, wayOf } from "./route_evidence.ts";

export interface Circumstances {
  /** What the factors of the first edge must be. */
  readonly flags?: Query;
  /** Failures that an expectation foresaw do not count. */
  readonly allowsKnown: boolean;
  readonly vocabulary: Vocabulary;
  /** Names of builds that are asked about in place of those that were tested last. */
  readonly builds?: readonly string[];
}

/** What a run has of a condition is not looked at again in an older one. */
type Seen = Map<string, Set<string>>;

export class UpgradeEvidence {
  /** Build of each release as it is asked about; empty where it says no more than its name. */
  readonly builds: ReadonlyMap<string, string>;
  readonly #ways = new Map<string, RouteEvidence>();
  readonly #circumstances: Circumstances;

  /** `runs` of one implementation, oldest first. */
  constructor(runs: readonly AskedRun[], circumstances: Circumstances) {
    this.#circumstances = circumstances;
    const newestFirst = runs.toReversed();
    const builds = newestFirst.map(buildsOf);
    const pinned = pinnedBuilds(builds, circumstances.builds ?? []);
    this.builds = new Map([...builds.toReversed().flatMap((own) => [...own]), ...pinned]);
    const seen: Seen = new Map();
    for (const [index, run] of newestFirst.entries()) {
      this.#addRun(run, builds[index] ?? new Map(), seen);
    }
  }

  /** What was shown of a way of two releases or more; nothing when it was never gone. */
  of(releases: readonly string[]): RouteEvidence {
    return this.#ways.get(wayOf(releases)) ?? new RouteEvidence();
  }

  #addRun({ id, report }: AskedRun, builds: ReadonlyMap<string, string>, seen: Seen): void {
    const admits = admission(report.header, this.#circumstances);
    for (const result of report.conditions()) {
      const releases = result.condition.path.map(({ release }) => release);
      const admitted = admits(result);
      if (admitted === "disturbed") this.#way(releases.slice(0, 2)).disturbed++;
      if (admitted !== "yes") continue;
      const isCurrent = (release: string) => builds.get(release) === this.builds.get(release);
      if (releases.every(isCurrent)) this.#addResult(result, id, seen);
      else this.#way(releases.slice(0, 2)).outdated++;
    }
  }

  #addResult(result: ConditionResult, run: number, seen: Seen): void {
    const { condition, name, cells } = result;
    const before = seen.get(name);
    const now = before ?? new Set<string>();
    seen.set(name, now);
    const crossed = edgesCrossed(result);
    const releases = condition.path.map(({ release }) => release);
    for (const cell of cells) {
      if (before?.has(cell.scenario)) continue;
      now.add(cell.scenario);
      if (this.#circumstances.allowsKnown && isKnown(cell)) continue;
      this.#addCell(cell, releases, name, run, crossed);
    }
  }

  /** A cell speaks of each way that its path begins with, up to the edge on which it failed. */
  #addCell(
    cell: CellResult,
    releases: readonly string[],
    name: string,
    run: number,
    crossed: number,
  ): void {
    const failed = cell.verdict === "passed" ? undefined : (cell.edge ?? 0);
    for (let edge = 0; edge + 1 < releases.length; edge++) {
      const evidence = this.#way(releases.slice(0, edge + 2));
      const held = failed !== undefined && edge < failed && cell.verdict !== "unsupported";
      const shown: CellResult = held ? { scenario: cell.scenario, verdict: "passed" } : cell;
      evidence.add(shown, name, run, { crossed: edge < crossed });
      if (failed === edge) return;
    }
  }

  #way(releases: readonly string[]): RouteEvidence {
    const key = wayOf(releases);
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const evidence = new RouteEvidence();
    this.#ways.set(key, evidence);
    return evidence;
  }
}

/** Tells the results of a run that are under the circumstances. */
export function admission(
  { axes }: RunHeader,
  { flags, vocabulary }: Circumstances,
): (result: ConditionResult) => "yes" | "no" | "disturbed" {
  const matches = flags === undefined ? () => true : matcherOf(flags, vocabulary);
  const asked = new Set(flags === undefined ? [] : [...testsOf(flags)].map(({ name }) => name));
  const special = axes.filter((axis) => isSpecial(axis) && !names(axis, asked));
  return (result) => {
    const { condition } = result;
    const { settings } = condition;
    const facts = factorsOf(condition, 0, axes);
    const isAsked = matches(
      (name) => facts[name],
      () => pathFactsOf(condition, axes),
    );
    if (!isAsked || !wasStarted(result)) return "no";
    const isOdd = ({ name, neutral }: Axis) => (settings[name] ?? neutral) !== neutral;
    return special.some(isOdd) ? "disturbed" : "yes";
  };
}

/** An axis whose other values only some scenarios speak of. */
function isSpecial({ reserved, onlyFirst, onDemand, neutral }: Axis): boolean {
  return neutral !== undefined && (reserved ?? onlyFirst ?? onDemand ?? false);
}

/** Whether somebody asks for `axis`, or for a part of its values. */
function names({ name, parts = [] }: Axis, asked: ReadonlySet<string>): boolean {
  return asked.has(name) || parts.some((part) => asked.has(`${name}.${part}`));
}

/** A machine that could not be booted is none that could be upgraded. */
function wasStarted({ transcript }: ConditionResult): boolean {
  return (
    transcript.some(({ event }) => event === "started") ||
    transcript.every(({ event }) => event !== "not-started")
  );
}

function isKnown({ verdict, expected, surprise }: CellResult): boolean {
  return verdict !== "passed" && expected !== undefined && surprise === undefined;
}

/** The builds that a run has tested, by release, as they have told themselves. */
function buildsOf({ report }: AskedRun): Map<string, string> {
  const builds = new Map<string, Set<string>>();
  const neutral = neutralOf(report.header.axes);
  for (const { condition, transcript } of report.conditions()) {
    const prefixes = condition.path.map((hop) => `${hopName(hop, neutral)}, `);
    for (const { event, release, detail } of transcript) {
      if (event !== "started" && event !== "restored") continue;
      const prefix = prefixes.find((text) => detail.startsWith(text));
      const told = builds.get(release) ?? new Set();
      builds.set(release, told);
      if (prefix !== undefined) told.add(detail.slice(prefix.length));
    }
  }
  return new Map(
    [...builds].map(([release, told]) => [release, [...told].toSorted().join(SEVERAL)]),
  );
}
