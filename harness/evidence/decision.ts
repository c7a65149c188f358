/**
 * May one upgrade? Yes needs evidence: a machine that went the way, and nothing that failed on it.
 * What was never asked, or could not be, is neither yes nor no.
 *
 * @module
 */
import { counted } from "../counted.ts";
import type { AskedRun } from "./cell_query.ts";
import { type RouteEvidence, wayOf } from "./route_evidence.ts";
import type { UpgradeEvidence } from "./upgrade_evidence.ts";

export type Answer = "yes" | "no" | "unknown";

/** What is said of one way, and why. */
export interface Decision {
  readonly way: readonly string[];
  readonly answer: Answer;
  readonly reasons: readonly string[];
  readonly evidence: RouteEvidence;
}

/** Claims that hold without the way, and that nobody can ask on it. */
export interface Loss {
  /** Such as `2411 lacks nvme.keepalive`. */
  readonly why: string;
  readonly scenarios: readonly string[];
}

/** Several upgrades, one after the other. */
export interface Route {
  readonly hops: readonly string[];
  /** Cells that passed on the whole route; 0 when it is only known hop by hop. */
  readonly asAWhole: number;
  readonly lost: readonly Loss[];
}

/** A run, and the SHA-256 of its NDJSON. */
interface PinnedRun extends AskedRun {
  readonly digest: string;
}

/** Digits of a digest, and runs, that a reason names. */
const DIGITS = 12;
const RUNS_MAX = 3;
/** Stops of a route. A longer one is no help to anybody. */
const HOPS_MAX = 6;

export class Decisions {
  readonly #evidence: UpgradeEvidence;
  readonly #releases: readonly string[];
  readonly #runs: readonly PinnedRun[];

  constructor(evidence: UpgradeEvidence, releases: readonly string[], runs: readonly PinnedRun[]) {
    this.#evidence = evidence;
    this.#releases = releases;
    this.#runs = runs;
  }

  /** May a machine that was booted in the first release go the way? */
  of(way: readonly string[]): Decision {
    const evidence = this.#evidence.of(way);
    const { failed, errors, passed } = evidence;
    const runs = this.#runs.filter(({ id }) => evidence.runs.has(id));
    // What it did not come to may fail.
    const torn = runs.filter(({ report }) => report.end === undefined).map(({ id }) => id);
    const reasons: string[] = [];
    if (failed > 0) reasons.push(`${counted(failed, "cell")} failed on ${wayOf(way)}`);
    if (errors > 0) reasons.push(`${counted(errors, "cell")} could not be asked on ${wayOf(way)}`);
    if (passed + failed === 0) {
      reasons.push(`no cell has passed on ${wayOf(way)}${asideText(evidence)}`);
    }
    if (torn.length > 0) reasons.push(`run ${torn.join(", ")} was interrupted`);
    if (reasons.length === 0) reasons.push(praise(evidence, way));
    if (passed + failed > 0) reasons.push(...othersTexts(evidence));
    if (runs.length > 0) reasons.push(runsText(runs));
    const isKnown = errors === 0 && passed > 0 && torn.length === 0;
    return { way, answer: failed > 0 ? "no" : isKnown ? "yes" : "unknown", reasons, evidence };
  }

  /**
   * May a machine that came from `from` to `to` go back, and one that was booted there? One of them
   * must have been tried, and neither may fail.
   */
  back(from: string, to: string): readonly Decision[] {
    const both = [this.of([from, to, from]), this.of([to, from])];
    const tried = both.filter(({ answer, evidence }) => {
      return answer !== "unknown" || evidence.passed + evidence.errors > 0;
    });
    return tried.length > 0 ? tried : both.slice(1);
  }

  /** The shortest way over other releases on which every hop is safe, and the whole, if known. */
  route(from: string, to: string): Route | undefined {
    let routes: (readonly string[])[] = [[from]];
    for (let hops = 2; hops <= HOPS_MAX; hops++) {
      routes = routes.flatMap((route) => this.#longer(route));
      const found = routes.filter((route) => route.at(-1) === to);
      const [best] = found.toSorted((a, b) => this.#whole(b) - this.#whole(a));
      if (best !== undefined) {
        return { hops: best, asAWhole: this.#whole(best), lost: this.lost(best) };
      }
    }
    return undefined;
  }

  /** What cannot be asked on some hop of a way, and holds where there is no such hop. */
  lost(way: readonly string[]): readonly Loss[] {
    const from = this.#evidence.of([way[0] ?? "", way[0] ?? ""]);
    const losses = new Map<string, Set<string>>();
    for (let hop = 0; hop + 1 < way.length; hop++) {
      const { scenarios } = this.#evidence.of(way.slice(hop, hop + 2));
      for (const [scenario, { passed, failed, unsupported, why }] of scenarios) {
        if (passed + failed > 0 || unsupported === 0) continue;
        if ((from.scenarios.get(scenario)?.passed ?? 0) === 0) continue;
        losses.set(why, (losses.get(why) ?? new Set()).add(scenario));
      }
    }
    return [...losses].map(([why, scenarios]) => ({ why, scenarios: [...scenarios] }));
  }

  #longer(route: readonly string[]): (readonly string[])[] {
    const last = route.at(-1) ?? "";
    return this.#releases
      .filter((release) => !route.includes(release))
      .filter((release) => this.of([last, release]).answer === "yes")
      .map((release) => [...route, release])
      .filter((longer) => this.#evidence.of(longer).failed === 0);
  }

  #whole(route: readonly string[]): number {
    return this.#evidence.of(route).passed;
  }
}

/** The worst of several answers. */
export function worst(answers: readonly Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

function praise({ passed, conditions, scenarios }: RouteEvidence, way: readonly string[]): string {
  const asked = [...scenarios.values()].filter((one) => one.passed > 0).length;
  const on = `${counted(asked, "scenario")} on ${counted(conditions.size, "condition")}`;
  const all = passed === 1 ? "" : "all ";
  return `${all}${counted(passed, "cell")} passed on ${wayOf(way)}, of ${on}`;
}

/** Evidence that is not counted. */
function othersTexts({ outdated }: RouteEvidence): readonly string[] {
  return outdated === 0 ? [] : [`${outdated} conditions of other builds are not counted`];
}

/** The runs that an answer rests on, newest first. */
function runsText(runs: readonly PinnedRun[]): string {
  const named = runs.slice(-RUNS_MAX).toReversed();
  const texts = named.map(({ id, digest }) => `run ${id}, sha256 ${digest.slice(0, DIGITS)}`);
  const more = runs.length - named.length;
  return `by ${texts.join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What there is that is no evidence. */
function asideText({ unsupported, outdated, disturbed }: RouteEvidence): string {
  const parts = [
    ...(unsupported > 0
      ? [`${counted(unsupported, "cell")} ${unsupported === 1 ? "is" : "are"} not supported`]
      : []),
    ...(outdated > 0 ? [`${outdated} conditions are of other builds`] : []),
    ...(disturbed > 0 ? [`${disturbed} conditions are disturbed on purpose`] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
