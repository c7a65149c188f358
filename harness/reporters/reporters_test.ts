import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { Path } from "../path.ts";
import type { ConditionResult, Reporter } from "../report.ts";
import { junit } from "./junit.ts";
import { line } from "./line.ts";
import { markdown } from "./markdown.ts";
import { ndjson } from "./ndjson.ts";
import { HEADER, largeReport, REPORT, RESULTS } from "./sample_report.ts";
import { terminal, terminalInColour } from "./terminal.ts";

/** End of the last line of the sample. */
const SURPRISES = "2 surprises, 1 stale expectation";

/** How a reader runs the two surprises of the sample again. */
const TOKENS = [
  "--replay ft1_5_s/b_counter@1.7.2511,up~2505,up_size=small_6e2fba31",
  "--replay ft1_5_s/a_counter@1.7.2511,up~2505,down_size=small_a0601f75",
];

function render(reporter: Reporter, report = REPORT): string {
  return [...reporter(report)].join("");
}

test("terminal shows the grid, the axes and a reason for every cell that did not pass", () => {
  assert.equal(
    render(terminal),
    `counter 2505, 1.7.2511; seed 5; 6 conditions (pairs 4)
Not run: 1,234 combinations (one-way): The direction stays

Rows write, columns read. ✓ all conditions pass; otherwise the gravest verdict and the number of
conditions that do not pass. ✗ came back with a loss; ⊘ refused, … hung, ☓ crashed: did not come
back. Plain when all are known, ! when some surprise, ~ when some attempts did not agree. Blank:
cannot happen, or not chosen.

Written with up, read with
      up          down
      2505 1.7    2505 1.7
2505       ✓
1.7   ⊘1!         ☓1!

By axis, conditions that pass
  size  small 1/3 (2 surprise), large 1/1

Other paths and faults, conditions that pass
  fault=cut  1/1
  A > B > A  1/1

Surprises
  ✓ passed s/b: 1 cell
    expected refused on edge 0 with "missing required field" (too-old)
    such as s/b counter@1.7.2511[up]>2505[up] size=small
    ${TOKENS[0]}
  ☓ crashed s/a: 1 cell: panic: <none> & "\u{FFFD}\`\u{FFFD}
    expected passed
    such as s/a counter@1.7.2511[up]>2505[down] size=small
    ${TOKENS[1]}

Known breaks
  ⊘ too-old: 1 cell on 1 condition
    Release 2505 demands a field that 1.7.2511 | leaves out.
    refused: missing required field
    such as s/a counter@1.7.2511[up]>2505[up] size=small
    https://example.com/issues/7?a=1&b=2

Unsupported, not run
  · 2505 lacks nvme: 1 cell
Stale: nothing bears out the expectation never-seen

6 conditions, 12 cells: ✓ 9 passed, ⊘ 1 refused, ☓ 1 crashed, · 1 unsupported; 2 surprises, 1 stale
  expectation
Coverage of factors: 2-way 66.6% (2 of 3); never seen: size=huge
`,
  );
});

test("terminal counts combinations of values together, and long routes by their length", () => {
  const [quiet] = RESULTS;
  assert.ok(quiet !== undefined);
  const { path } = quiet.condition;
  const under = (hops: number, settings: Record<string, string>): ConditionResult => ({
    ...quiet,
    condition: {
      path: Array.from({ length: hops }, (_, at) => path[at % 2]) as unknown as Path,
      settings: { size: "small", fault: "none", point: "idle", ...settings },
    },
  });
  const point = { name: "point", per: "path", values: ["idle", "busy"], meaning: "Point" } as const;
  const axes = [...HEADER.axes, { ...point, neutral: "idle" }];
  const results = [
    under(2, { point: "busy" }),
    under(2, { point: "busy", fault: "cut" }),
    under(4, {}),
    under(5, { fault: "cut" }),
  ];
  const text = render(terminal, { header: { ...HEADER, axes }, conditions: () => results });
  for (const line of [
    "  point=busy            1/1",
    "  several axes at once  1/1",
    "  4 hops                1/1",
    "  5 hops, disturbed     1/1",
  ]) {
    assert.ok(text.includes(`\n${line}\n`), line);
  }
});

test("terminalInColour shows the same text, and terminal no colour", () => {
  assert.equal(stripVTControlCharacters(render(terminalInColour)), render(terminal));
  assert.notEqual(render(terminalInColour), render(terminal));
});

test("terminal fits 100 columns, whatever the names are", () => {
  const releases = Array.from({ length: 9 }, (_, index) => `12.${index}.rather-long`);
  const wide = { ...REPORT, header: { ...HEADER, releases } };
  for (const text of render(terminal, wide).split("\n")) {
    assert.ok(text.length <= 100, text);
  }
});

test("terminal says that a run was interrupted", () => {
  const { header, conditions } = REPORT;
  assert.match(render(terminal, { header, conditions }), /\nThe run was interrupted\n$/);
});

test("line prints a line per condition and one per surprise", () => {
  assert.equal(
    render(line),
    `✓ counter@2505[up]>1.7.2511[up] size=small
✓ counter@2505[up]>1.7.2511[up] size=large
! counter@1.7.2511[up]>2505[up] size=small
  ✓ s/b passed; expected refused on edge 0 with "missing required field" (too-old); ${TOKENS[0]}
! counter@1.7.2511[up]>2505[down] size=small
  ☓ s/a crashed: panic: <none> & "\u{FFFD}\`\u{FFFD}; expected passed; ${TOKENS[1]}
✓ counter@2505[up]>2505[up] fault=cut size=small
✓ counter@2505[up]>1.7.2511[up]>2505[up] size=small
6 conditions, 12 cells: ✓ 9 passed, ⊘ 1 refused, ☓ 1 crashed, · 1 unsupported; ${SURPRISES}
`,
  );
});

/** A suite of the sample; cases by the short name of their scenario. */
function junitSuite(
  route: string,
  [tests, failures]: readonly [number, number],
  cases: Readonly<Record<string, string>>,
) {
  const counts = `tests="${tests}" failures="${failures}" errors="0" skipped="0" time="0"`;
  const lines = Object.entries(cases).map(([name, outcome]) => {
    const open = `<testcase classname="${route}" name="${name}" time="0"`;
    return `${open}${outcome === "" ? "/>" : `>${outcome}</testcase>`}`;
  });
  return [`<testsuite name="${route}" ${counts}>`, ...lines, "</testsuite>"].join("\n");
}

/** A case with one surprise: how it came out is its message, and stands in its text. */
function junitFailure(condition: string, how: string, token = ""): string {
  const text = `${condition}:&#10;  ${how}&#10;  ${token}`;
  return `<failure type="surprise" message="1 of 2 conditions: ${how}">${text}</failure>`;
}

test("junit has a suite per route, failures for surprises and skipped known breaks", () => {
  const [up, down] = ["counter@1.7.2511[up]&gt;2505[up]", "counter@1.7.2511[up]&gt;2505[down]"];
  const passed =
    "passed; expected refused on edge 0 with &quot;missing required field&quot; (too-old)";
  const crashed =
    "crashed on edge 0: panic: &lt;none&gt; &amp; &quot;\u{FFFD}`\u{FFFD}; expected passed";
  const both = { "s/a": "", "s/b": "" };
  const expected = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="freezethaw counter" tests="9" failures="3" errors="0" skipped="0" time="0">',
    junitSuite("counter@2505&gt;1.7.2511", [2, 0], both),
    junitSuite("counter@1.7.2511&gt;2505", [2, 2], {
      "s/a": junitFailure(`${down} size=small`, crashed, TOKENS[1]),
      "s/b": junitFailure(`${up} size=small`, passed, TOKENS[0]),
    }),
    junitSuite("counter@2505&gt;2505", [2, 0], both),
    junitSuite("counter@2505&gt;1.7.2511&gt;2505", [2, 0], both),
    '<testsuite name="expectations" tests="1" failures="1" errors="0" skipped="0" time="0">',
    '<testcase classname="stale" name="never-seen" time="0">' +
      '<failure type="stale" message="nothing bears out this expectation"/></testcase>',
    "</testsuite>",
    "</testsuites>",
    "",
  ];
  assert.equal(render(junit), expected.join("\n"));
});

test("junit skips a scenario that is known to fail wherever it does not pass", () => {
  const known = RESULTS.filter(({ cells }) => cells.some(({ expected }) => expected !== undefined));
  const text = render(junit, { ...REPORT, conditions: () => known });
  const share = "1 of 1 conditions: known (too-old): refused on edge 0: missing required field";
  assert.ok(text.includes(`name="s/a" time="0"><skipped message="${share}"/>`), text);
});

/** The first result of the sample on other routes. */
function* onRoutes(routes: Iterable<readonly string[]>): Generator<ConditionResult> {
  const [result] = RESULTS;
  assert.ok(result !== undefined);
  for (const releases of routes) {
    const [hop] = result.condition.path;
    const path = releases.map((release) => ({ ...hop, release })) as unknown as Path;
    yield { ...result, condition: { ...result.condition, path } };
  }
}

test("junit has one suite for all routes of four hops, and one for those of five", () => {
  const routes = ["1121", "1212", "11111", "12121", "2222"].map((route) => [...route]);
  const text = render(junit, { ...REPORT, conditions: () => onRoutes(routes) });
  const names = [...text.matchAll(/<testsuite name="(counter[^"]*)"/g)].map(([, name]) => name);
  assert.deepEqual(names, ["counter, 4 hops", "counter, 5 hops"]);
});

test("junit has at most a thousand suites and one for other routes", () => {
  const suites = (count: number) => {
    const routes = Array.from({ length: count }, (_, index) => ["1", `2.${index}`]);
    const text = render(junit, { header: HEADER, conditions: () => onRoutes(routes) });
    return [text.split("<testsuite ").length - 1, text.includes('name="other routes"')];
  };
  assert.deepEqual(suites(999), [999, false]);
  assert.deepEqual(suites(1_000), [1_000, false]);
  assert.deepEqual(suites(1_010), [1_001, true]);
});

test("junit skips a scenario that no condition of the path can judge", () => {
  const unsupported = RESULTS.filter(({ cells }) =>
    cells.some(({ verdict }) => verdict === "unsupported"),
  );
  const text = render(junit, { ...REPORT, conditions: () => unsupported });
  assert.match(text, /<skipped message="1 of 1 conditions: unsupported: 2505 lacks nvme"\/>/);
});

test("markdown has the grid and the reasons, with every special character escaped", () => {
  const text = render(markdown);
  assert.match(text, /^# Save and restore of counter\n/);
  assert.match(text, /\n1\.7 {3}⊘1! {9}☓1!\n/);
  assert.match(text, /\n\| fault=cut \| 1 \| 0 \| 0 \|\n/);
  assert.match(text, /\n- ☓ `s\/a` crashed on 1 cell: panic: \\<none\\> & ".\\`.; expected passed/);
  assert.match(text, /\[too-old\]\(<https:\/\/example\.com\/issues\/7\?a=1&b=2>\), 1 cell on 1/);
  assert.match(text, /1\.7\.2511 \\\| leaves out\. Reason: missing required field\./);
  assert.match(text, /\n- `never-seen`: nothing bears it out\n/);
  assert.match(text, /\n- · 2505 lacks nvme: 1 cell\n/);
  assert.match(text, /\n- `one-way`, 1,234 combinations: The direction stays\n/);
});

test("ndjson gives back the lines of the run", () => {
  const lines = render(ndjson).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((text) => JSON.parse(text)),
    [HEADER, ...RESULTS, REPORT.end],
  );
});

for (const [name, reporter] of Object.entries({ line, ndjson })) {
  test(`${name} streams 100,000 cells`, { timeout: 20_000 }, () => {
    const { report, read } = largeReport(5000);
    const pieces = reporter(report)[Symbol.iterator]();
    for (let count = 0; count < 10; count++) pieces.next();
    assert.ok(read() <= 20, `${read()} conditions read for ten pieces`);
    let longest = 0;
    for (let next = pieces.next(); !next.done; next = pieces.next()) {
      longest = Math.max(longest, next.value.length);
    }
    assert.equal(read(), 5000);
    assert.ok(longest < 20_000, `a piece of ${longest}`);
  });
}

for (const [name, reporter] of Object.entries({ terminal, markdown })) {
  test(`${name} sums up 100,000 cells on a page`, { timeout: 20_000 }, () => {
    const { report } = largeReport(5000);
    const text = render(reporter, report);
    assert.ok(text.length < 5000, `${text.length} characters`);
    assert.match(text, /5,000 conditions/);
  });
}

test("junit sums up 100,000 cells by route and scenario", { timeout: 20_000 }, () => {
  const text = render(junit, largeReport(5000).report);
  assert.equal(text.split("<testcase ").length - 1, 2 * 20);
  assert.ok(text.length < 5000, `${text.length} characters`);
});
