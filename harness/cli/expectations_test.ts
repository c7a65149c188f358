import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tokenOf } from "../replay_token.ts";
import { call, inDirectory } from "./called.ts";
import { counterProduct, TOO_OLD } from "./counter_product.ts";

const NONE = { product: counterProduct([]) };

/** Runs the counter with `entries` from a file, and `args`. */
async function runWith(entries: unknown, ...args: readonly string[]) {
  let answer = { code: -1, out: "", err: "" };
  await inDirectory(async (directory) => {
    const file = join(directory, "known.json");
    writeFileSync(file, JSON.stringify(entries));
    const out = ["--out", directory, "--json"];
    answer = await call(["run", ...out, "--expectations", file, ...args], NONE);
  });
  return answer;
}

test("run --expectations takes entries from JSON and from a module", async () => {
  assert.equal((await runWith([TOO_OLD])).code, 0);
  assert.equal((await runWith({ expectations: [TOO_OLD] })).code, 0);
  await inDirectory(async (directory) => {
    const file = join(directory, "known.ts");
    writeFileSync(file, `export default ${JSON.stringify([TOO_OLD])};\n`);
    const args = ["run", "--out", directory, "--expectations", file];
    assert.equal((await call(args, NONE)).code, 0);
    const twice = await call(args, { product: counterProduct() });
    assert.equal(twice.code, 2);
    assert.match(twice.err, /each expectation must have a name of its own: .* too-old\n$/);
  });
});

test("run --replay knows what a file expects", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "known.json");
    writeFileSync(file, JSON.stringify([TOO_OLD]));
    const condition = "counter@1[up]>3[up] size=small";
    const token = tokenOf({ scenario: "counter/keeps-count", condition, seed: 1 });
    assert.equal((await call(["run", "--replay", token], NONE)).code, 1);
    const { code, out } = await call(["run", "--replay", token, "--expectations", file], NONE);
    assert.equal(code, 0);
    assert.match(out, /\nknown as too-old: /);
  });
});

test("run fails by an entry of a file that never matches, or that a pass refutes", async () => {
  const never = { ...TOO_OLD, name: "never", factors: { writer: "3", reader: "1" } };
  const { code, out } = await runWith([TOO_OLD, never]);
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(out).end.stale, ["never"]);
});

test("run demands the signature of a failure, not only its factors", async () => {
  assert.equal((await runWith([{ ...TOO_OLD, reason: "too young" }])).code, 1);
  assert.equal((await runWith([{ ...TOO_OLD, verdict: "crashed" }])).code, 1);
});

test("run fails by what has expired on a day, up to which it is fine", async () => {
  const entry = [{ ...TOO_OLD, expires: "2026-12-31", owner: "somebody" }];
  assert.equal((await runWith(entry, "--today", "2026-12-31")).code, 0);
  const { code, out } = await runWith(entry, "--today", "2027-01-01");
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(out).end.expired, ["too-old"]);
});

test("run fails by what has expired with a release that was tested, or a newer one", async () => {
  for (const [expires, expected] of [
    ["3", 1],
    ["2", 1],
    ["1", 1],
  ] as const) {
    assert.equal((await runWith([{ ...TOO_OLD, expires }])).code, expected, expires);
  }
  // The release that ends it is not on the edge of any cell that it foresees.
  const early = { ...TOO_OLD, name: "early", factors: { writer: "1", reader: "2" } };
  const { out } = await runWith([TOO_OLD, { ...early, expires: "3" }]);
  const { stale, expired } = JSON.parse(out).end;
  assert.deepEqual([stale, expired], [["early"], undefined]);
});

test("run says in one line what is wrong with a file of expectations", async () => {
  for (const [entries, words] of [
    [7, "there must be a list of them"],
    [[null], "entry 1 must be an object"],
    [[{ ...TOO_OLD, name: "Too Old" }], "entry 1 must have a name in kebab-case"],
    [[TOO_OLD, TOO_OLD], "too-old must have a name of its own"],
    [[{ ...TOO_OLD, verdict: "passed" }], "too-old must have a verdict of failed"],
    [[{ ...TOO_OLD, factors: { writr: "1" } }], "too-old must have factors of first,writer"],
    [[{ ...TOO_OLD, factors: { writer: ["1", "9"] } }], "too-old must have writer of 1,2,3"],
    [[{ ...TOO_OLD, factors: { writer: [] } }], "too-old must have text, or a list of it"],
    [[{ ...TOO_OLD, expires: "2026-02-30" }], "too-old must expire on a day"],
    [[{ ...TOO_OLD, until: "3" }], "too-old must only have name"],
    [[{ ...TOO_OLD, owner: 7 }], "too-old must have text as owner"],
    [[{ ...TOO_OLD, scenarios: "*" }], "too-old must have a list of patterns"],
    [[{ ...TOO_OLD, mayPass: false }], "too-old may only have mayPass: true"],
  ] as const) {
    const { code, err } = await runWith(entries);
    assert.equal(code, 2, words);
    assert.match(err, /^Cannot take expectations as [^\n]*\n$/);
    assert.ok(err.includes(words), err);
  }
  const missing = await call(["run", "--expectations", "/nowhere/known.json"], NONE);
  assert.deepEqual([missing.code, missing.err], [2, "Cannot read /nowhere/known.json: ENOENT\n"]);
  const day = await call(["run", "--today", "2026-13-01"], NONE);
  assert.equal(day.code, 2);
  assert.match(day.err, /^Cannot run as --today must be a day/);
});
