import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { NdjsonWriter } from "./ndjson_writer.ts";
import type { ConditionResult, RunEnd, RunHeader } from "./report.ts";
import { openReport } from "./report_file.ts";

const HEADER: RunHeader = {
  type: "run",
  schema: 1,
  implementation: "counter",
  releases: ["1"],
  axes: [],
  seed: 1,
  planned: 3,
  pruned: [],
  scenarios: [],
  expectations: [],
};
const END: RunEnd = {
  type: "end",
  conditions: 3,
  cells: 0,
  verdicts: {},
  surprises: 0,
  stale: [],
};

/** A result whose line has about `size` octets and characters of one, two and three octets. */
function result(name: string, size = 0): ConditionResult {
  const hop = { implementation: "counter", release: "1", inputs: {} };
  const condition = { path: [hop, hop] as const, settings: {} };
  const detail = "é⊘x".repeat(size / 6);
  const transcript = [{ event: "saved", release: "1", detail } as const];
  return { type: "condition", name, condition, transcript, cells: [] };
}

function inFile(body: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    body(join(directory, "run.ndjson"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function write(path: string, results: readonly ConditionResult[], end?: RunEnd): void {
  using writer = new NdjsonWriter(path);
  writer.write(HEADER);
  for (const each of results) writer.write(each);
  if (end !== undefined) writer.write(end);
}

test("openReport reads what NdjsonWriter wrote, again and again", () => {
  inFile((path) => {
    const results = [result("a"), result("b", 700_000), result("c", 3_000_000), result("d")];
    write(path, results, END);
    const report = openReport(path);
    assert.deepEqual(report.header, HEADER);
    assert.deepEqual(report.end, END);
    assert.deepEqual([...report.conditions()], results);
    assert.deepEqual([...report.conditions()].length, 4);
    assert.equal(report.wholeSize, readFileSync(path).length);
  });
});

test("openReport leaves out a torn last line and says where it begins", () => {
  inFile((path) => {
    write(path, [result("a"), result("b")]);
    const whole = readFileSync(path).length;
    for (const torn of ["", "{", '{"type":"end","conditions":3', '{"type":"condition"}']) {
      write(path, [result("a"), result("b")]);
      appendFileSync(path, torn);
      const report = openReport(path);
      assert.deepEqual(
        [...report.conditions()].map(({ name }) => name),
        ["a", "b"],
      );
      assert.equal(report.end, undefined);
      assert.equal(report.wholeSize, whole);
    }
  });
});

test("NdjsonWriter appends to what is there", () => {
  inFile((path) => {
    write(path, [result("a")]);
    {
      using writer = new NdjsonWriter(path, "append");
      writer.write(result("b"));
    }
    assert.deepEqual(
      [...openReport(path).conditions()].map(({ name }) => name),
      ["a", "b"],
    );
  });
});

test("NdjsonWriter has everything on disk after flush", () => {
  inFile((path) => {
    using writer = new NdjsonWriter(path);
    writer.write(HEADER);
    writer.write(result("a"));
    writer.flush();
    assert.deepEqual(
      [...openReport(path).conditions()].map(({ name }) => name),
      ["a"],
    );
  });
});

test("openReport refuses what is no report, in one line", () => {
  inFile((path) => {
    for (const [text, expected] of [
      ["", 'as a report must begin with a line of type "run"'],
      ["\u0000\n", "as line 1 must be JSON: it is not"],
      ["[]\n", 'as a report must begin with a line of type "run"'],
      ["null\n", 'as a report must begin with a line of type "run"'],
      [
        '{"type":"run","schema":2}\n',
        "as the schema of the report must be 1: current value is 2; a newer freezethaw wrote it",
      ],
      ['{"type":"run","schema":0}\n', "as the schema of the report must be 1: current value is 0"],
      [
        '{"type":"run","schema":"\\u001b"}\n',
        'as the schema of the report must be 1: current value is "\\u001b"',
      ],
    ] as const) {
      writeFileSync(path, text);
      assert.throws(() => openReport(path), {
        name: "ReportError",
        message: `Cannot read ${path} ${expected}`,
      });
    }
  });
});

test("openReport names the line that is broken in the middle", () => {
  inFile((path) => {
    write(path, [result("a")]);
    appendFileSync(path, "broken\n{}\n");
    const report = openReport(path);
    assert.throws(() => [...report.conditions()], {
      message: /as line 3 must be JSON: it is not$/,
    });
  });
});

test("openReport refuses lines of JSON that are no lines of a report", () => {
  inFile((path) => {
    for (const line of [
      "null",
      "7",
      "{}",
      '{"type":"condition"}',
      '{"type":"condition","cells":[]}',
    ]) {
      write(path, [result("a")]);
      appendFileSync(path, `${line}\n`);
      const report = openReport(path);
      const message = `Cannot read ${path} as line 3 must be a line of a report`;
      assert.throws(() => [...report.conditions()], { name: "ReportError", message });
    }
    writeFileSync(path, '{"type":"run","schema":1}\n');
    const message = `Cannot read ${path} as line 1 must be a line of a report`;
    assert.throws(() => openReport(path), { name: "ReportError", message });
  });
});
