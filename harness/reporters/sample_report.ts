/**
 * A small report for tests of reporters: two releases, two configurations, one axis, a known
 * break, a surprise in each direction, an unsupported cell and a longer path. Texts contain what
 * a careless reporter would stumble over.
 *
 * @module
 */
import type { Condition } from "../condition.ts";
import { conditionName } from "../condition_name.ts";
import type { Expectation } from "../expectation.ts";
import type { Hop, Path } from "../path.ts";
import type { CellResult, ConditionResult, Report, RunHeader } from "../report.ts";

export const KNOWN: Expectation = {
  name: "too-old",
  factors: { writer: "1.7.2511", reader: "2505" },
  verdict: "refused",
  reason: "missing required field",
  link: "https://example.com/issues/7?a=1&b=2",
  note: "Release 2505 demands a field that 1.7.2511 | leaves out.",
};

export const HEADER: RunHeader = {
  type: "run",
  schema: 1,
  implementation: "counter",
  releases: ["2505", "1.7.2511"],
  axes: [
    { name: "mode", per: "hop", values: ["up", "down"], meaning: "Direction" },
    { name: "size", per: "path", values: ["small", "large"], meaning: "Size" },
    { name: "fault", per: "path", values: ["none", "cut"], neutral: "none", meaning: "Fault" },
  ],
  seed: 5,
  planned: 6,
  parts: [{ name: "pairs", count: 4 }],
  pruned: [{ name: "one-way", reason: "The direction stays", count: 1234 }],
  scenarios: [
    { id: "s/a", must: "A holds", source: "manual, 1" },
    { id: "s/b", must: "B holds", source: "manual, 2" },
  ],
  expectations: [KNOWN],
};

const PASSED: readonly CellResult[] = [
  { scenario: "s/a", verdict: "passed" },
  { scenario: "s/b", verdict: "passed" },
];

/** Such as `hop("2505", "up")`. */
function hop(release: string, mode: string): Hop {
  return { implementation: "counter", release, inputs: { mode } };
}

function result(
  path: readonly Hop[],
  settings: Condition["settings"],
  cells: readonly CellResult[],
): ConditionResult {
  const condition = { path: path as unknown as Path, settings: { fault: "none", ...settings } };
  const name = conditionName(condition, HEADER.axes);
  return { type: "condition", name, condition, transcript: [], cells };
}

const [OLD, NEW] = [hop("2505", "up"), hop("1.7.2511", "up")];

export const RESULTS: readonly ConditionResult[] = [
  result([OLD, NEW], { size: "small" }, PASSED),
  result([OLD, NEW], { size: "large" }, [
    { scenario: "s/a", verdict: "unsupported", reason: "2505 lacks nvme" },
    { scenario: "s/b", verdict: "passed" },
  ]),
  result([NEW, OLD], { size: "small" }, [
    {
      scenario: "s/a",
      verdict: "refused",
      reason: "missing required field",
      edge: 0,
      expected: KNOWN.name,
    },
    {
      scenario: "s/b",
      verdict: "passed",
      surprise: 'refused on edge 0 with "missing required field" (too-old)',
    },
  ]),
  result([NEW, hop("2505", "down")], { size: "small" }, [
    {
      scenario: "s/a",
      verdict: "crashed",
      reason: 'panic: <none> & "\u0007`\ud800',
      edge: 0,
      surprise: "passed",
    },
    { scenario: "s/b", verdict: "passed" },
  ]),
  result([OLD, OLD], { size: "small", fault: "cut" }, PASSED),
  result([OLD, NEW, OLD], { size: "small" }, PASSED),
];

export const REPORT: Report = {
  header: HEADER,
  conditions: () => RESULTS,
  end: {
    type: "end",
    conditions: 6,
    cells: 12,
    verdicts: { passed: 9, refused: 1, crashed: 1, unsupported: 1 },
    surprises: 2,
    stale: ["never-seen"],
    coverage: {
      tuples: [
        { strength: 2, covered: 2, possible: 3 },
        { strength: 3, covered: 0, possible: 0 },
      ],
      unseen: ["size=huge"],
    },
  },
};

/** A report of `conditions` conditions with 20 cells each that counts how many were read. */
export function largeReport(conditions: number): { readonly report: Report; read(): number } {
  let read = 0;
  const cells: CellResult[] = Array.from({ length: 20 }, (_, index) => ({
    scenario: `s/claim-${index}`,
    verdict: "passed",
  }));
  const report: Report = {
    header: { ...HEADER, planned: conditions },
    *conditions() {
      for (let index = 0; index < conditions; index++) {
        read++;
        const there = hop(index % 2 ? "2505" : "1.7.2511", index % 4 < 2 ? "up" : "down");
        yield result([there, NEW], { size: String(index % 7) }, cells);
      }
    },
  };
  return { report, read: () => read };
}
