/**
 * Every sample row: valid and mutated bytes, and what OpenHCL's own codec made of them.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { recode, recodeLine } from "../mesh/mod.ts";
import { messageNamed } from "./catalogue.ts";

interface Row {
  readonly release: string;
  readonly message: string;
  readonly hex: string;
  readonly ok: boolean;
  readonly result: string;
}

const url = new URL("../../fixtures/openhcl/recode-sample.ndjson", import.meta.url);
const lines = readFileSync(url, "utf8").trimEnd().split("\n");

test("the sample is complete", () => {
  assert.equal(lines.length, 300);
});

test("recode() answers every sample row as upstream does", () => {
  const answers = [...recode(lines, messageNamed)];
  for (const [i, line] of lines.entries()) {
    const row = JSON.parse(line) as Row;
    const answer = JSON.parse(answers[i] as string);
    const where = `row ${i}, ${row.message} of ${row.release}: ${row.hex}`;
    assert.equal(answer.ok, row.ok, where);
    if (row.ok) {
      assert.deepEqual(answer, { ok: true, hex: row.result }, where);
      continue;
    }
    assert.equal(answer.reason, row.result.split(":")[0], where);
    assert.ok(answer.offset >= 0 && answer.offset <= row.hex.length / 2, where);
  }
});

test("recode() keeps what it has already recoded as it is", () => {
  for (const line of lines) {
    const row = JSON.parse(line) as Row;
    if (!row.ok) continue;
    const again = recodeLine(JSON.stringify({ ...row, hex: row.result }), messageNamed);
    assert.equal(again, JSON.stringify({ ok: true, hex: row.result }));
  }
});

test("recode() answers rows that it cannot read with one line", () => {
  const row = { release: "main", message: "t.N", hex: "" };
  const bad: [unknown, RegExp][] = [
    [{ ...row, release: "1.9" }, /^Cannot find release as one of 2411, .*: current value is 1\.9$/],
    [{ ...row, message: "t.Q" }, /^Cannot find message in any release: current value is t\.Q$/],
    [
      { ...row, release: "2411", message: "nvme_driver.IoQueueSavedState" },
      /^Cannot find message in release 2411: /,
    ],
    [{ ...row, hex: "0" }, /^Cannot read text as pairs of hexadecimal digits: /],
    [{ ...row, hex: "zz" }, /^Cannot read text as hexadecimal octets: current value has "z" at 0$/],
    [{ ...row, hex: 5 }, /^Cannot read row as "hex" must be a string: current value is number$/],
    [null, /^Cannot read row as "release" must be a string: current value is undefined$/],
  ];
  for (const [value, expected] of bad) {
    const answer = JSON.parse(recodeLine(JSON.stringify(value), messageNamed));
    assert.deepEqual(Object.keys(answer), ["ok", "reason"]);
    assert.equal(answer.ok, false);
    assert.match(answer.reason, expected);
  }
  const { reason } = JSON.parse(recodeLine('{"release":', messageNamed));
  assert.equal(reason, 'Cannot read row as JSON: current value is {"release":');
});
