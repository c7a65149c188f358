/**
 * JUnit XML: a suite per path, a case per scenario on it. A case stands for every condition of
 * the path that the scenario judges, as viewers cannot open one case per cell: a surprise on any
 * of them is a failure, a known failure makes the case skipped, with counts and first reasons.
 *
 * @module
 */
import { pathName } from "../path.ts";
import type { CellResult, ConditionResult, Reporter } from "../report.ts";

export const junit: Reporter = function* (report) {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(`freezethaw ${report.header.implementation}`)}">\n`;
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
  readonly told: string[] = [];

  add(cell: CellResult, settings: string): void {
    this.judged++;
    if (cell.surprise !== undefined) {
      this.surprises++;
      const text = `${settings}: ${textOf(cell)}; expected ${cell.surprise}`;
      if (this.told.length < SURPRISES_TOLD) this.told.push(text);
    } else if (cell.verdict === "unsupported") {
      if (this.unsupported++ === 0 && this.known === 0) this.skipReason = textOf(cell);
    } else if (cell.verdict !== "passed") {
      if (this.known++ === 0) this.skipReason = knownText(cell);
    }
  }

  get outcome(): "failed" | "skipped" | "passed" {
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
    const message = escaped(`${share}: ${this.told[0]}`);
    return `<failure type="surprise" message="${message}">${xml(lines.join(" | "))}</failure>`;
  }
}

/** The conditions of one path, which follow each other in a report. */
class PathSuite {
  readonly name: string;
  readonly #cases = new Map<string, Case>();

  constructor(name: string) {
    this.name = name;
  }

  add({ condition, cells }: ConditionResult): void {
    const settings = Object.entries(condition.settings)
      .map(([axis, value]) => `${axis}=${value}`)
      .join(" ");
    for (const cell of cells) {
      let found = this.#cases.get(cell.scenario);
      if (found === undefined) {
        found = new Case();
        this.#cases.set(cell.scenario, found);
      }
      found.add(cell, settings);
    }
  }

  text(): string {
    const classname = xml(this.name);
    const outcomes = [...this.#cases.values()].map(({ outcome }) => outcome);
    const failures = outcomes.filter((outcome) => outcome === "failed").length;
    const skipped = outcomes.filter((outcome) => outcome === "skipped").length;
    const lines = [...this.#cases].map(([scenario, found]) => {
      const open = `<testcase classname="${classname}" name="${escaped(scenario)}"`;
      const text = found.text();
      return text === "" ? `${open}/>\n` : `${open}>${text}</testcase>\n`;
    });
    const counts = `tests="${lines.length}" failures="${failures}" skipped="${skipped}"`;
    return `<testsuite name="${classname}" ${counts}>\n${lines.join("")}</testsuite>\n`;
  }
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
