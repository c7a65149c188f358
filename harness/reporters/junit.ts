/**
 * JUnit XML: a suite per route, which is the releases of a path, and a case per scenario on it. A
 * case stands for every condition of the route that the scenario judges, as viewers cannot open
 * one case per cell: a surprise on any of them is a failure, a known failure makes the case
 * skipped, with counts and first reasons. Long routes are counted by their number of hops, so the
 * text has a bound whatever was run.
 *
 * Source: the schema of Jenkins' xUnit plugin, and what the viewers of GitHub, GitLab and IDEs
 * read: totals at the top, and a time for each case, which is 0 as a report knows no times.
 *
 * @module
 */
import { type Path, pathName } from "../path.ts";
import { tokenOf } from "../replay_token.ts";
import type { CellResult, ConditionResult, Report, Reporter } from "../report.ts";
import { type Counter, counted, counting } from "./reading.ts";
import { flakyText } from "./wording.ts";

/** Hops of a route that has a suite of its own. */
const HOPS_MAX = 3;
/** Suites; where there are releases for more routes, the other routes have one together. */
const SUITES_MAX = 1_000;

/** The suites of a report by name. */
class Suites implements Counter {
  readonly byName = new Map<string, RouteSuite>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  add(result: ConditionResult): void {
    const route = routeOf(result.condition.path);
    const name = this.byName.has(route) || this.byName.size < SUITES_MAX ? route : "other routes";
    let suite = this.byName.get(name);
    if (suite === undefined) {
      suite = new RouteSuite(name, this.#seed);
      this.byName.set(name, suite);
    }
    suite.add(result);
  }
}

const suitesOf = ({ header }: Report): Suites => new Suites(header.seed);

export const junit: Reporter = counting(suitesOf, function* (report) {
  const { implementation } = report.header;
  const suites = counted(report, suitesOf).byName;
  const { stale = [], expired = [] } = report.end ?? {};
  const all = [...suites.values()].flatMap((suite) => suite.outcomes);
  const old = new Array<Outcome>(stale.length + expired.length).fill("failed");
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  const name = xml(`freezethaw ${implementation}`);
  yield `<testsuites name="${name}" ${countsOf([...all, ...old])}>\n`;
  for (const suite of suites.values()) yield suite.text();
  yield* staleSuite(stale, expired);
  yield "</testsuites>\n";
});

/** The releases of a path: `openhcl@2505>main`; of a long one how many there are. */
function routeOf(path: Path): string {
  const [first] = path;
  if (path.length > HOPS_MAX) return `${first.implementation}, ${path.length} hops`;
  return pathName(path.map((hop) => ({ ...hop, inputs: {} })) as unknown as Path);
}

type Outcome = "failed" | "skipped" | "passed";

/** The attributes that count cases. */
function countsOf(outcomes: readonly Outcome[]): string {
  const count = (sought: Outcome) => outcomes.filter((outcome) => outcome === sought).length;
  const counts = `tests="${outcomes.length}" failures="${count("failed")}" errors="0"`;
  return `${counts} skipped="${count("skipped")}" time="0"`;
}

/** Surprises that a case writes out; the others are counted. */
const SURPRISES_TOLD = 20;

/** One scenario on one path, over all conditions. */
class Case {
  judged = 0;
  unsupported = 0;
  known = 0;
  surprises = 0;
  /** Reason of the first cell that is known to fail or cannot be run. */
  skipReason = "";
  /** In lines, as viewers show them. */
  readonly told: string[] = [];
  /** How the first surprise came out, which viewers show before somebody opens the case. */
  #first = "";

  add(cell: CellResult, condition: string, seed: number): void {
    this.judged++;
    if (cell.surprise !== undefined) {
      this.surprises++;
      if (this.told.length >= SURPRISES_TOLD) return;
      const text = surpriseText(cell);
      if (this.told.length === 0) this.#first = text;
      const token = tokenOf({ scenario: cell.scenario, condition, seed });
      this.told.push(`${condition}:\n  ${text}\n  --replay ${token}`);
    } else if (cell.verdict === "unsupported") {
      if (this.unsupported++ === 0 && this.known === 0) this.skipReason = textOf(cell);
    } else if (cell.verdict !== "passed") {
      if (this.known++ === 0) this.skipReason = knownText(cell);
    }
  }

  get outcome(): Outcome {
    if (this.surprises > 0) return "failed";
    return this.known > 0 || this.unsupported === this.judged ? "skipped" : "passed";
  }

  /** What stands inside of the case. */
  text(): string {
    if (this.outcome === "passed") return "";
    const count = this.outcome === "failed" ? this.surprises : this.known || this.unsupported;
    const share = `${count} of ${this.judged} conditions`;
    if (this.outcome === "skipped") {
      return `<skipped message="${escaped(`${share}: ${this.skipReason}`)}"/>`;
    }
    const rest = this.surprises - this.told.length;
    const lines = rest > 0 ? [...this.told, `and ${rest} more`] : this.told;
    const message = escaped(`${share}: ${this.#first}`);
    return `<failure type="surprise" message="${message}">${xml(lines.join("\n"))}</failure>`;
  }
}

/** The conditions of one route. */
class RouteSuite {
  readonly name: string;
  readonly #seed: number;
  readonly #cases = new Map<string, Case>();

  constructor(name: string, seed: number) {
    this.name = name;
    this.#seed = seed;
  }

  add({ name, cells }: ConditionResult): void {
    for (const cell of cells) {
      let found = this.#cases.get(cell.scenario);
      if (found === undefined) {
        found = new Case();
        this.#cases.set(cell.scenario, found);
      }
      found.add(cell, name, this.#seed);
    }
  }

  get outcomes(): readonly Outcome[] {
    return [...this.#cases.values()].map(({ outcome }) => outcome);
  }

  text(): string {
    const classname = xml(this.name);
    const lines = [...this.#cases].map(([scenario, found]) => {
      const open = `<testcase classname="${classname}" name="${escaped(scenario)}" time="0"`;
      const text = found.text();
      return text === "" ? `${open}/>\n` : `${open}>${text}</testcase>\n`;
    });
    const counts = countsOf(this.outcomes);
    return `<testsuite name="${classname}" ${counts}>\n${lines.join("")}</testsuite>\n`;
  }
}

function surpriseText(cell: CellResult): string {
  const flaky = cell.flaky === undefined ? "" : `; ${flakyText(cell)}`;
  return `${textOf(cell)}; expected ${cell.surprise}${flaky}`;
}

function textOf({ verdict, reason = "", edge }: CellResult): string {
  const where = edge === undefined ? "" : ` on edge ${edge}`;
  return `${verdict}${where}${reason === "" ? "" : `: ${reason}`}`;
}

function knownText(cell: CellResult): string {
  const { expected } = cell;
  return expected === undefined ? textOf(cell) : `known (${expected}): ${textOf(cell)}`;
}

/** An expectation that nothing bears out is a failure without a path. */
function* staleSuite(stale: readonly string[], expired: readonly string[]): Generator<string> {
  const count = stale.length + expired.length;
  if (count === 0) return;
  const counts = countsOf(new Array<Outcome>(count).fill("failed"));
  yield `<testsuite name="expectations" ${counts}>\n`;
  for (const name of stale) {
    const failure = '<failure type="stale" message="nothing bears out this expectation"/>';
    yield `<testcase classname="stale" name="${xml(name)}" time="0">${failure}</testcase>\n`;
  }
  for (const name of expired) {
    const failure = '<failure type="expired" message="this expectation is over, and needed"/>';
    yield `<testcase classname="expired" name="${xml(name)}" time="0">${failure}</testcase>\n`;
  }
  yield "</testsuite>\n";
}

/** Escaped texts that keep coming: names of scenarios and reasons. */
const ESCAPED_MAX = 4096;
const escapedTexts = new Map<string, string>();

function escaped(text: string): string {
  let found = escapedTexts.get(text);
  if (found === undefined) {
    if (escapedTexts.size >= ESCAPED_MAX) escapedTexts.clear();
    found = xml(text);
    escapedTexts.set(text, found);
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML 1.0 has no way to write most control characters and lone surrogates: they are replaced. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "")
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\u0020-\u{10FFFF}]|[\u{FFFE}\u{FFFF}]/gu, "\u{FFFD}");
}
