import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { lineOf } from "../ndjson_writer.ts";
import type { Report, Reporter } from "../report.ts";
import { badge } from "./badge.ts";
import { change } from "./change.ts";
import { github, githubSummary, limited } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { HEADER, largeReport, REPORT, RESULTS } from "./sample_report.ts";
import { sarif } from "./sarif.ts";
import { statement, statementJson } from "./statement.ts";
import { tap } from "./tap.ts";

function render(reporter: Reporter, report: Report = REPORT): string {
  return [...reporter(report)].join("");
}

/** The sample as it is when nothing surprises. */
const GREEN: Report = {
  header: HEADER,
  conditions: () => RESULTS.slice(0, 2),
  end: { type: "end", conditions: 2, cells: 4, verdicts: { passed: 3 }, surprises: 0, stale: [] },
};

test("tap has a point per condition, with surprises as diagnostics", () => {
  const lines = render(tap).trimEnd().split("\n");
  assert.equal(lines[0], "TAP version 14");
  assert.equal(lines[1], "ok 1 - counter@2505[up]>1.7.2511[up] size=small");
  assert.equal(lines[3], "not ok 3 - counter@1.7.2511[up]>2505[up] size=small");
  assert.deepEqual(lines.slice(4, 6), ["  ---", "  surprises:"]);
  const told = JSON.parse((lines[6] ?? "").replace("    - ", ""));
  assert.equal(told.replay, "ft1_5_s/b_counter@1.7.2511,up~2505,up_size=small_6e2fba31");
  assert.equal(lines[7], "  ...");
  assert.deepEqual(lines.slice(-2), [
    "not ok 7 - expectation never-seen: nothing bears it out",
    "1..7",
  ]);
});

test("tap marks what is known and what is not asked, and bails out of an interrupted run", () => {
  const [, second, third] = RESULTS;
  assert.ok(second !== undefined && third !== undefined);
  const known = { ...third, cells: third.cells.slice(0, 1), name: "a#b\\c" };
  const unasked = { ...second, cells: second.cells.slice(0, 1) };
  const text = render(tap, { header: HEADER, conditions: () => [known, unasked] });
  assert.match(text, /\nnot ok 1 - a\\#b\\\\c # TODO known: too-old: missing required field\n/);
  assert.match(text, /\nok 2 - .* # SKIP 2505 lacks nvme\n/);
  assert.match(text, /\nBail out! The run was interrupted\n$/);
});

test("sarif has what the schema of 2.1.0 demands, and points at conditions", () => {
  const log = JSON.parse(render(sarif));
  demandSarif(log);
  const [run] = log.runs;
  const levels = run.results.map(({ ruleId, level }: { ruleId: string; level: string }) => {
    return `${ruleId} ${level}`;
  });
  assert.deepEqual(levels, ["s/b error", "s/a error", "s/a warning", "expectation/stale error"]);
  const [first, , known] = run.results;
  // The header is line 1, and the third condition line 4.
  assert.equal(first.locations[0].physicalLocation.region.startLine, 4);
  assert.match(first.message.text, /^s\/b passed on 1 cell; expected refused on edge 0/);
  assert.match(known.suppressions[0].justification, /https:\/\/example\.com\/issues\/7/);
  const again = JSON.parse(render(sarif));
  assert.deepEqual(again, log, "the same report gives the same log");
  const prints = run.results.map((result: { partialFingerprints: object }) =>
    JSON.stringify(result.partialFingerprints),
  );
  assert.equal(new Set(prints).size, prints.length);
  demandSarif(JSON.parse(render(sarif, GREEN)));
  const stopped = JSON.parse(render(sarif, { header: HEADER, conditions: () => [] }));
  demandSarif(stopped);
  assert.equal(stopped.runs[0].invocations[0].executionSuccessful, false);
});

type Node = Readonly<Record<string, unknown>>;
type Check = (value: unknown, where: string) => void;

const is =
  (type: "string" | "boolean" | "object"): Check =>
  (value, where) =>
    assert.equal(typeof value, type, where);
const oneOf =
  (...values: readonly string[]): Check =>
  (value, where) =>
    assert.ok(values.includes(value as string), `${where}: ${value}`);
const list =
  (check: Check): Check =>
  (value, where) => {
    assert.ok(Array.isArray(value), where);
    for (const [at, item] of value.entries()) check(item, `${where}[${at}]`);
  };
/** An object of the schema: what it must have, and nothing that the schema does not know. */
const shape =
  (required: Readonly<Record<string, Check>>, more: Readonly<Record<string, Check>> = {}): Check =>
  (value, where) => {
    assert.ok(typeof value === "object" && value !== null, where);
    for (const key of Object.keys(required)) assert.ok(key in value, `${where} lacks ${key}`);
    for (const [key, item] of Object.entries(value as Node)) {
      const check = required[key] ?? more[key];
      assert.ok(check !== undefined, `${where}: the schema knows no ${key}`);
      check(item, `${where}.${key}`);
    }
  };
const positive: Check = (value, where) =>
  assert.ok(Number.isInteger(value) && Number(value) >= 1, where);
const strings: Check = (value, where) => {
  for (const text of Object.values(value as Node)) assert.equal(typeof text, "string", where);
};
const uniqueIds: Check = (value, where) => {
  const ids = (value as readonly Node[]).map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, where);
};
const message = shape({ text: is("string") });
const location = shape(
  {},
  {
    physicalLocation: shape(
      { artifactLocation: shape({ uri: is("string") }) },
      { region: shape({}, { startLine: positive }) },
    ),
    logicalLocations: list(shape({}, { fullyQualifiedName: is("string"), kind: is("string") })),
  },
);
const rule = shape({ id: is("string") }, { shortDescription: message, help: message });
const result = shape(
  { message },
  {
    ruleId: is("string"),
    kind: oneOf("notApplicable", "pass", "fail", "review", "open", "informational"),
    level: oneOf("none", "note", "warning", "error"),
    locations: list(location),
    partialFingerprints: strings,
    suppressions: list(
      shape(
        { kind: oneOf("inSource", "external") },
        { status: oneOf("accepted", "underReview", "rejected"), justification: is("string") },
      ),
    ),
    properties: is("object"),
  },
);

interface Log {
  readonly runs: readonly [
    { readonly tool: { readonly driver: { rules: readonly Node[] } }; results: readonly Node[] },
  ];
}

/** The parts of the schema (OASIS, sarif-schema-2.1.0.json) that our logs have. */
const demandSarif = (log: unknown) => {
  const driver = shape(
    { name: is("string") },
    {
      fullName: is("string"),
      rules(value, where) {
        list(rule)(value, where);
        uniqueIds(value, where);
      },
    },
  );
  const run = shape(
    { tool: shape({ driver }) },
    {
      invocations: list(shape({ executionSuccessful: is("boolean") })),
      columnKind: oneOf("utf16CodeUnits", "unicodeCodePoints"),
      properties: is("object"),
      results: list(result),
    },
  );
  shape({ version: oneOf("2.1.0"), runs: list(run) }, { $schema: is("string") })(log, "log");
  const [{ tool, results }] = (log as Log).runs;
  const ids = new Set(tool.driver.rules.map(({ id }: Node) => id));
  for (const { ruleId } of results) assert.ok(ids.has(ruleId), `no rule ${ruleId}`);
};

test("gitlab has an issue per finding with a fingerprint of its own", () => {
  const issues = JSON.parse(render(gitlab));
  assert.deepEqual(
    issues.map(({ check_name, severity }: Node) => [check_name, severity]),
    [
      ["s/b", "minor"],
      ["s/a", "critical"],
      ["too-old", "info"],
      ["expectation", "major"],
    ],
  );
  assert.equal(new Set(issues.map(({ fingerprint }: Node) => fingerprint)).size, 4);
  assert.deepEqual(issues[0].location, { path: "run.ndjson", lines: { begin: 4 } });
  assert.deepEqual(JSON.parse(render(gitlab, GREEN)), []);
});

test("github annotates surprises with escaped commands, ten at most", () => {
  const lines = render(github).trimEnd().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? "", /^::error title=s\/b::passed on 1 cell; .*%0A--replay ft1_5_s\/b_/);
  assert.equal(lines[2], "::error title=stale expectation::never-seen: nothing bears it out");
  assert.match(lines[3] ?? "", /^::notice title=freezethaw counter::6 conditions, 12 cells: /);
  const stale = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `e${index}`);
    const report = { ...GREEN, end: { ...GREEN.end, stale: names } } as Report;
    return render(github, report)
      .split("\n")
      .filter((line) => line.startsWith("::error"));
  };
  assert.equal(stale(10).length, 10);
  assert.equal(stale(11).length, 10);
  assert.equal(stale(11).at(-1), "::error title=freezethaw::2 further findings");
});

test("github-summary fits, and says what did not", () => {
  assert.match(render(githubSummary), /^# Save and restore of counter\n/);
  const lines = Array.from({ length: 100 }, (_, at) => `${"é".repeat(50)} ${at}\n`);
  const cut = [...limited(["```text\n", ...lines, "```\n"], 2_000)].join("");
  assert.ok(Buffer.byteLength(cut) <= 2_000);
  assert.match(cut, /\n```\n\n8\d further lines did not fit; they are in the Markdown report\.\n$/);
  const exact = lines.slice(0, 3).join("");
  assert.equal([...limited([exact], Buffer.byteLength(exact) + 512)].join(""), exact);
  assert.match([...limited([exact], Buffer.byteLength(exact) + 511)].join(""), /\n1 further line /);
});

test("badge says how the run came out", () => {
  assert.match(render(badge), /<title>counter save\/restore: 2 surprises<\/title>/);
  assert.match(render(badge, GREEN), /: all pass<\/title>.*#2e7d32/);
  const known = RESULTS.filter(({ cells }) => cells[0]?.expected !== undefined);
  const some = { ...GREEN, conditions: () => known };
  assert.match(render(badge, some), /: as expected, 1 known break</);
  assert.match(render(badge, { header: HEADER, conditions: () => [] }), /: unknown<.*#5f6368/);
  const ends = { adapterFaults: 1 };
  assert.match(
    render(badge, { ...GREEN, end: { ...GREEN.end, ...ends } } as Report),
    /adapter broke/,
  );
});

test("change tells what is new against a baseline, what broke first", () => {
  const [first, second, third, ...others] = RESULTS;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  const cell = { scenario: "s/a", verdict: "failed", reason: "worse", edge: 0 } as const;
  const broken = { ...first, cells: [{ ...cell, surprise: "passed" }, ...first.cells.slice(1)] };
  const known = {
    ...second,
    cells: [second.cells[0], { ...cell, scenario: "s/b", expected: "k" }],
  };
  const mended = { ...third, cells: third.cells.slice(0, 1) };
  const after = [broken, known, mended, ...others, { ...first, name: "another" }];
  const now = { ...REPORT, conditions: () => after as typeof RESULTS, baseline: REPORT };
  const text = render(change, now);
  const titles = [...text.matchAll(/^#### (.*)$/gm)].map(([, title]) => title);
  assert.deepEqual(titles, ["Surprises that are new", "Passed before, and is known to break now"]);
  assert.match(
    text,
    /\n- `s\/a` passed → failed on 1 cell: worse; such as .* `--replay` `ft1_5_s\/a_/,
  );
  assert.match(text, /1 condition that the baseline lacks\.\n/);
  assert.match(render(change, { ...REPORT, baseline: REPORT }), /Nothing is new against the/);
  assert.match(render(change, { ...REPORT, baseline: now }), /Surprises that are gone/);
  assert.match(render(change, REPORT), /There is no baseline/);
});

test("statement answers for each direction, with digests of what was tested", () => {
  const shown = JSON.parse(render(statementJson));
  const directions = shown.directions.map(
    ({ from, to, answer }: Node) => `${from}>${to} ${answer}`,
  );
  assert.deepEqual(directions, [
    "2505>2505 yes",
    "2505>1.7.2511 yes",
    "1.7.2511>2505 no",
    "1.7.2511>1.7.2511 unknown",
  ]);
  assert.deepEqual(
    shown.longer.map(({ hops, answer }: Node) => [hops, answer]),
    [[3, "yes"]],
  );
  const lines = [HEADER, ...RESULTS, REPORT.end ?? assert.fail()].map(lineOf).join("");
  const digest = createHash("sha256").update(lines).digest("hex");
  assert.equal(shown.digests.report, digest);
  const text = render(statement);
  assert.match(text, /\n\| 1\.7\.2511 \| 2505 \| \*\*no\*\* \| 2 \| 0 \| 0 \| 2 \|\n/);
  assert.ok(text.includes(`- report: \`${digest}\`\n`));
  assert.equal(render(statement), text);
});

test("statement knows nothing of what was interrupted, and what is known as such", () => {
  const { header, conditions } = GREEN;
  const stopped = JSON.parse(render(statementJson, { header, conditions }));
  assert.equal(stopped.complete, false);
  assert.ok(stopped.directions.every(({ answer }: Node) => answer === "unknown"));
  const [, , third] = RESULTS;
  assert.ok(third !== undefined);
  const cells = third.cells.slice(0, 1);
  const known = { ...GREEN, conditions: () => [{ ...third, cells }] };
  const answers = JSON.parse(render(statementJson, known)).directions;
  assert.equal(answers[2].answer, "limited");
  assert.match(render(statement, known), /too-old, refused on 1 condition: .*\(<https:\/\/example/);
});

test("reports for machines of 100,000 cells stay small", { timeout: 30_000 }, () => {
  const { report } = largeReport(5_000);
  for (const reporter of [sarif, gitlab, statement, githubSummary, badge]) {
    assert.ok(render(reporter, report).length < 20_000, reporter.name);
  }
});
