/**
 * Rules about length. Exempt by path: what is a table and not a program.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import type { Source } from "./source.ts";

const FILE_LINES_MAX = 250;
/** Of tests and benches: many short cases. */
const TEST_FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;
const LINE_COLUMNS_MAX = 100;

/** Tables: saved-state messages by release, and expectations. */
const TABLES = /^src\/openhcl_state\/|^suites\/known\/|_table\.ts$/;

/** Files, functions and lines are no longer than a reader can hold. */
export function checkLengths({ path, lines, functions }: Source): Finding[] {
  const findings: Finding[] = [];
  // A final line feed leaves an empty last item.
  const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const max = /_(?:test|bench)\.ts$/.test(path) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
  if (count > max && !TABLES.test(path)) {
    findings.push({ path, line: max + 1, rule: "file-length", what: over(count, max) });
  }
  for (const { name, line, lines: length } of functions) {
    if (length <= FUNCTION_LINES_MAX) continue;
    const what = `${name}() ${over(length, FUNCTION_LINES_MAX)}`;
    findings.push({ path, line, rule: "function-length", what });
  }
  lines.forEach((text, index) => {
    // A link cannot be broken.
    if (text.length <= LINE_COLUMNS_MAX || text.includes("://")) return;
    const what = `has ${text.length} columns, at most ${LINE_COLUMNS_MAX}`;
    findings.push({ path, line: index + 1, rule: "line-length", what });
  });
  return findings;
}

function over(lines: number, max: number): string {
  return `has ${lines} lines, at most ${max}`;
}
