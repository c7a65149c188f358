/**
 * Rules about what stands in a file: header, exports, clocks and chance, raw bytes, open ends,
 * sources that nobody can open.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import type { Export, Source } from "./source.ts";

/** One to three are the aim; more than this is a second noun. */
const EXPORTS_MAX = 5;

/** A whole surface, a schema, the words a schema is written in: many exports are their point. */
const MANY_EXPORTS = /(?:^|\/)(?:mod|saved_state)\.ts$|^src\/openhcl_state\/|_table\.ts$/;
const SCHEMA_WORDS = new Set(["src/schema/type.ts", "src/schema/standard.ts"]);

/** What two runs do not agree on. */
const CHANCE = new Set(["Math.random", "Date.now", "new Date/0", "performance.now"]);
for (const name of ["process.hrtime", "crypto.randomUUID", "crypto.getRandomValues"]) {
  CHANCE.add(name);
}
/** Properties that are drawn anew in each run. */
for (const name of ["fc.assert(unseeded)", "fc.check(unseeded)"]) CHANCE.add(name);

/** Where a run meets its user, and where time is what is measured. */
const MAY_READ_CLOCK = /_bench\.ts$|^harness\/cli\/|^harness\/main\.ts$/;

/** Differs by runtime: Deno reports `t.skip()` as passed and refuses an async `describe`. */
const NOT_PORTABLE: ReadonlyMap<string, string> = new Map([
  ["t.skip", "decide at registration, with the option `skip`"],
  ["context.skip", "decide at registration, with the option `skip`"],
  ["describe(async)", "the callback of `describe` is not async"],
  ["suite(async)", "the callback of `suite` is not async"],
]);

const OPEN_END = new RegExp(`(?://|\\*).*\\b(?:${["TO", "FIX"].join("DO|")}ME)\\b`);

/** Notes that are kept beside the repository: who reads a file cannot open them. */
const NOTES = /\bfacts(?:\/| \w+\.md\b)/;

/** What stands in a file follows the house rules. */
export function checkContents(source: Source): Finding[] {
  const { path, lines } = source;
  const findings = [...checkExports(source), ...checkUses(source)];
  if (!/_test\.ts$/.test(path) && !hasHeader(source)) {
    const what = "starts with a comment that says what the module is and ends in @module";
    findings.push({ path, line: 1, rule: "header", what });
  }
  lines.forEach((text, index) => {
    const line = index + 1;
    if (OPEN_END.test(text) && !text.includes("://")) {
      findings.push({
        path,
        line,
        rule: "open-end",
        what: "an open end needs the link of its issue",
      });
    }
    if (NOTES.test(text)) {
      const what = "a source is a file, page or pull request that a reader can open, not our notes";
      findings.push({ path, line, rule: "closed-source", what });
    }
  });
  return findings;
}

/** In a file of types only, the comment of the first one will do. */
function hasHeader({ lines: [...lines], exports }: Source): boolean {
  if (lines[0]?.startsWith("#!")) lines.shift();
  if (lines[0]?.startsWith("/**") && exports.every(({ kind }) => kind === "type")) return true;
  return lines[0] === "/**" && lines.slice(0, lines.indexOf(" */")).includes(" * @module");
}

function checkExports({ path, exports }: Source): Finding[] {
  const findings: Finding[] = [];
  for (const { kind, line } of exports) {
    if (kind !== "default" || /^suites\//.test(path)) continue;
    const what = "only a suite is a default export";
    findings.push({ path, line, rule: "default-export", what });
  }
  const counted = exports.filter(isCounted);
  if (counted.length > EXPORTS_MAX && !MANY_EXPORTS.test(path) && !SCHEMA_WORDS.has(path)) {
    const names = counted.map(({ name }) => name).join(", ");
    const what = `has ${counted.length} exports, at most ${EXPORTS_MAX}: ${names}`;
    findings.push({ path, line: counted[EXPORTS_MAX]?.line ?? 1, rule: "exports", what });
  }
  return findings;
}

/** Types, errors and named limits go with the value that they describe. */
function isCounted({ kind, name }: Export): boolean {
  return kind === "value" && name !== name.toUpperCase();
}

function checkUses({ path, uses }: Source): Finding[] {
  const findings: Finding[] = [];
  for (const { name, line } of uses) {
    if (CHANCE.has(name) && !MAY_READ_CLOCK.test(path)) {
      const what = `${name.replace("/0", "()")} differs from run to run; use a seed or a clock`;
      findings.push({ path, line, rule: "chance", what });
    }
    if (name === "DataView" && !path.startsWith("src/bytes/")) {
      findings.push({ path, line, rule: "raw-bytes", what: "only src/bytes touches DataView" });
    }
    const advice = path.endsWith("_test.ts") ? NOT_PORTABLE.get(name) : undefined;
    if (advice !== undefined) {
      findings.push({ path, line, rule: "portable-test", what: `${name}: ${advice}` });
    }
  }
  return findings;
}
