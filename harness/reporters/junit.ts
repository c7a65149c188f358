/**
 * JUnit XML: a suite per path, a case per cell with the settings as class name. Surprises are
 * failures, known failures and unsupported cells are skipped with their reason.
 *
 * @module
 */
import { pathName } from "../path.ts";
import type { CellResult, ConditionResult, Reporter, RunEnd } from "../report.ts";

export const junit: Reporter = function* (report) {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(`freezethaw ${report.header.implementation}`)}"`;
  yield `${totalsOf(report.end)}>\n`;
  let suite: PathSuite | undefined;
  for (const result of report.conditions()) {
    const name = pathName(result.condition.path);
    if (suite !== undefined && suite.name !== name) {
      yield suite.text();
      suite = undefined;
    }
    suite ??= new PathSuite(name);
    suite.add(result);
  }
  if (suite !== undefined) yield suite.text();
  yield* staleSuite(report.end?.stale ?? []);
  yield "</testsuites>\n";
};

/** Totals of a run that came to its end; a stale expectation counts as a failed case. */
function totalsOf(end: RunEnd | undefined): string {
  if (end === undefined) return "";
  const { cells, surprises, stale } = end;
  return ` tests="${cells + stale.length}" failures="${surprises + stale.length}"`;
}

/** The conditions of one path, which follow each other in a report. */
class PathSuite {
  readonly name: string;
  readonly #cases: string[] = [];
  #tests = 0;
  #failures = 0;
  #skipped = 0;

  constructor(name: string) {
    this.name = name;
  }

  add({ condition, cells }: ConditionResult): void {
    const settings = Object.entries(condition.settings).map(([axis, value]) => `${axis}=${value}`);
    const classname = xml(settings.join(" "));
    for (const cell of cells) {
      this.#tests++;
      const outcome = outcomeOf(cell);
      if (outcome.startsWith("<failure")) this.#failures++;
      if (outcome.startsWith("<skipped")) this.#skipped++;
      const open = `<testcase classname="${classname}" name="${escaped(cell.scenario)}"`;
      this.#cases.push(outcome === "" ? `${open}/>\n` : `${open}>${outcome}</testcase>\n`);
    }
  }

  text(): string {
    const counts = `tests="${this.#tests}" failures="${this.#failures}" skipped="${this.#skipped}"`;
    return `<testsuite name="${xml(this.name)}" ${counts}>\n${this.#cases.join("")}</testsuite>\n`;
  }
}

function outcomeOf({ verdict, reason = "", edge, expected, surprise }: CellResult): string {
  if (verdict === "passed" && surprise === undefined) return "";
  const where = edge === undefined ? "" : ` on edge ${edge}`;
  const text = `${verdict}${where}${reason === "" ? "" : `: ${reason}`}`;
  if (surprise !== undefined) {
    return `<failure type="${verdict}" message="${escaped(`${text}; expected ${surprise}`)}"/>`;
  }
  const known = expected === undefined ? text : `known (${expected}): ${text}`;
  return `<skipped message="${escaped(known)}"/>`;
}

/** An expectation that nothing bears out is a failure without a path. */
function* staleSuite(stale: readonly string[]): Generator<string> {
  if (stale.length === 0) return;
  yield `<testsuite name="expectations" tests="${stale.length}" failures="${stale.length}">\n`;
  for (const name of stale) {
    const failure = '<failure type="stale" message="nothing bears out this expectation"/>';
    yield `<testcase classname="stale" name="${xml(name)}">${failure}</testcase>\n`;
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
