import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tokenOf } from "../replay_token.ts";
import { call, inDirectory } from "./called.ts";
import { counterProduct } from "./counter_product.ts";

const CELL = {
  scenario: "counter/keeps-count",
  condition: "counter@1[up]>3[up] size=large",
  seed: 7,
};

test("run --replay prints the transcript and the verdict of one cell", async () => {
  const { code, out, err } = await call(["run", "--replay", tokenOf(CELL)]);
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(
    out.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID"),
    `counter/keeps-count
counter@1[up]>3[up] size=large
seed 7

started       1         1[up]
saved         1         4 bytes, correlation ID
not-restored  3         count too old

⊘ refused on edge 0: count too old
known as too-old: Release 3 has forgotten how release 1 counts. https://example.com/counter/1
`,
  );
});

test("run --replay gives the transcript and the cell of the run that it is from", async () => {
  await inDirectory(async (directory) => {
    const product = counterProduct([]);
    const ran = await call(["run", "--seed", "5", "--json", "--out", directory], { product });
    const [surprise] = JSON.parse(ran.out).surprises;
    const again = await call(["run", "--replay", surprise.token, "--json"], { product });
    assert.equal(again.code, 1);
    const { scenario, condition, seed, transcript, cell } = JSON.parse(again.out);
    assert.deepEqual([scenario, condition, seed], [surprise.scenario, surprise.condition, 5]);
    const lines = readFileSync(join(directory, "run.ndjson"), "utf8").trimEnd().split("\n");
    const line = lines.map((text) => JSON.parse(text)).find(({ name }) => name === condition);
    assert.deepEqual(transcript, line.transcript);
    assert.deepEqual(
      cell,
      line.cells.find((of: { scenario: string }) => of.scenario === scenario),
    );
    const told = await call(["run", "--replay", surprise.token], { product });
    assert.match(told.out, /\n⊘ refused on edge 0: count too old\nexpected passed\n$/);
  });
});

test("run --replay exits 4 when the adapter breaks", async () => {
  const product = counterProduct([], "lies-when-restored");
  const condition = "counter@1[up]>2[up] size=large";
  const { code, out } = await call(["run", "--replay", tokenOf({ ...CELL, condition })], {
    product,
  });
  assert.equal(code, 4);
  assert.match(out, /\n! error: Planned 2, but 2½ restored\n/);
});

test("run --replay puts a captured state on the first hop", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "state.bin");
    writeFileSync(file, "41");
    const token = tokenOf({
      scenario: "oracle/transcript-complete",
      condition: "counter@2[up]>1[up] size=small",
      seed: 1,
    });
    const { code, out } = await call(["run", "--replay", token, "--file", file]);
    assert.equal(code, 0);
    assert.match(out, /\nsaved {9}2 {9}2 bytes, /);
  });
});

test("run --replay says in one line what is wrong with a token, and exits 2", async () => {
  const token = tokenOf(CELL);
  const named = (change: Partial<typeof CELL>) => tokenOf({ ...CELL, ...change });
  const condition = (name: string) => named({ condition: name });
  for (const [given, expected] of [
    ["nonsense", "Cannot replay token as it must begin with ft1_: current value is nonsense"],
    [`${token}0`, "Cannot replay token as it must be whole and unchanged: current value is ft1_7_"],
    [condition("qemu@1>2"), 'Cannot find implementation "qemu": valid are counter'],
    [
      condition("counter@1[up]>4[up] size=large"),
      "Cannot find condition as release must be one of 1, 2, 3: current value is 4",
    ],
    [
      condition("counter@1[up]>2[down] size=large"),
      "Cannot find condition as it must be possible (one-way): current value is counter@1[up]",
    ],
    [
      named({ scenario: "counter/keep-count" }),
      'Cannot find scenario "counter/keep-count": nearest are counter/keeps-count',
    ],
    [
      named({ scenario: "counter/save-failure/is-told" }),
      "Cannot replay token as its scenario must speak of its condition: current value is ft1_7_",
    ],
  ] as const) {
    const { code, out, err } = await call(["run", "--replay", given]);
    assert.equal(err.slice(0, expected.length), expected);
    assert.deepEqual([code, out, err.split("\n").length], [2, "", 2]);
  }
});

test("run --replay leaves nothing to choose", async () => {
  const token = tokenOf(CELL);
  for (const more of [["counter/*"], ["--where", "writer=1"], ["--paths", "pairs"], ["--resume"]]) {
    const { code, err } = await call(["run", ...more, "--replay", token]);
    assert.equal(code, 2);
    assert.equal(err, "Cannot run as --replay leaves nothing to choose: current value is more\n");
  }
});
