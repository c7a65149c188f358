import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Answer, call, inDirectory } from "./called.ts";

type Compare = (change: (text: string) => string, ...args: readonly string[]) => Promise<Answer>;

/** Compares a run of the counter with itself as it is after a change, and the other way round. */
async function inRun(body: (compare: Compare, back: Compare) => Promise<void>): Promise<void> {
  await inDirectory(async (directory) => {
    await call(["run", "--out", directory]);
    const [run, later] = [join(directory, "run.ndjson"), join(directory, "later.ndjson")];
    const compare =
      (...names: readonly string[]): Compare =>
      (change, ...args) => {
        writeFileSync(later, change(readFileSync(run, "utf8")));
        return call(["compare", ...names, ...args]);
      };
    await body(compare(run, later), compare(later, run));
  });
}

/** What becomes of the cells of keeps-count that passed from 2 to 3. */
const after2to3 = (cell: string) => (text: string) =>
  text
    .split("\n")
    .map((line) =>
      /"name":"counter@2\[\w+\]>3\[\w+\] size=\w+"/.test(line)
        ? line.replace('keeps-count","verdict":"passed"', `keeps-count",${cell}`)
        : line,
    )
    .join("\n");
const CRASHED = after2to3('"verdict":"crashed","reason":"out of memory","edge":0');

test("compare finds nothing between a run and itself", async () => {
  await inRun(async (compare) => {
    const { code, out } = await compare((text) => text);
    assert.equal(code, 0);
    assert.match(out, /^Same: 349 cells\nNothing was lost\n$/);
  });
});

test("compare says in words what was lost, by factors, and exits with 1", async () => {
  await inRun(async (compare) => {
    const { code, out } = await compare(CRASHED);
    assert.equal(code, 1);
    assert.match(out, /^Lost: 8 cells that passed are crashed: out of memory\n/);
    assert.match(out, /\n {2}where writer=2 & reader=3 & first=2 \(.*\), such as on counter@2/);
    assert.match(
      out,
      /\n {2}counter\/keeps-count\n2 > 3: 8 cells lost, 0 gained\nSame: 341 cells\n/,
    );
    assert.match(out, /\nSomething was lost\n$/);
  });
});

test("compare says what was gained, and exits with 0", async () => {
  await inRun(async (_compare, back) => {
    const { code, out } = await back(CRASHED);
    assert.equal(code, 0);
    assert.match(out, /^Gained: 8 cells pass that were crashed: out of memory\n/);
    assert.match(out, /\n2 > 3: 0 cells lost, 8 gained\nSame: 341 cells\nNothing was lost\n$/);
  });
});

test("compare tells what is not asked any more from what fails", async () => {
  await inRun(async (compare, back) => {
    const unsupported = after2to3('"verdict":"unsupported","reason":"3 lacks count"');
    const silent = await compare(unsupported);
    assert.equal(silent.code, 1);
    assert.match(
      silent.out,
      /^Lost: 8 cells that passed are not supported: 3 lacks count; counter/,
    );
    const without = (text: string) => text.replaceAll('names/are-kept"', 'names/are-held"');
    const renamed = await compare(without);
    assert.equal(renamed.code, 1);
    assert.match(
      renamed.out,
      /^Lost: scenarios counter\/names\/are-kept\nLost: \d+ cells that passed are not there; /,
    );
    assert.match(
      renamed.out,
      /\nGained: scenarios counter\/names\/are-held\nGained: \d+ cells pass that were not there; /,
    );
    const releases = await back((text) => text.replace('"releases":["1",', '"releases":["0","1",'));
    assert.match(releases.out, /^Lost: releases 0\n/);
    assert.equal(releases.code, 1);
  });
});

test("compare does not call lost what a part of the plan leaves out", async () => {
  await inRun(async (compare) => {
    const part = (text: string) =>
      text
        .replace('"pruned":', '"selection":["--paths pairs"],"pruned":')
        .split("\n")
        .filter((line) => !/"name":"counter@\S*>\S*>/.test(line))
        .join("\n");
    const { code, out } = await compare(part);
    assert.equal(code, 0);
    assert.match(out, /^Same: \d+ cells\nNothing was lost\n$/);
  });
});

test("compare says what fails in another way", async () => {
  await inRun(async (compare) => {
    const change = (text: string) => text.replaceAll('"reason":"count too old"', '"reason":"no"');
    const { code, out } = await compare(change);
    assert.equal(code, 0);
    assert.match(
      out,
      /^Changed: 17 cells that failed are refused: no\n {2}where writer=1 & reader=3/,
    );
  });
});

test("compare takes runs of a history, and prints JSON with digests", async () => {
  await inDirectory(async (directory) => {
    const [run, later, history] = ["run.ndjson", "later.ndjson", "h.sqlite"].map((name) =>
      join(directory, name),
    ) as [string, string, string];
    await call(["run", "--out", directory]);
    writeFileSync(later, CRASHED(readFileSync(run, "utf8")));
    await call(["history", "add", run, later, "--history", history]);
    const { code, out } = await call(["compare", `${history}#1`, `${history}#2`, "--json"]);
    const files = await call(["compare", run, later, "--json"]);
    assert.deepEqual([code, out], [1, files.out]);
    const { lost, isLoss, digests } = JSON.parse(out);
    assert.deepEqual([lost[0].cells, lost[0].verdict, isLoss], [8, "crashed", true]);
    assert.match(digests.after, /^[0-9a-f]{64}$/);
    const which = await call(["compare", history, run]);
    assert.equal(which.code, 2);
    assert.match(which.err, /^Cannot read .*must be named, .*h.sqlite#1 to #2\n$/);
  });
});

test("compare refuses runs of two implementations", async () => {
  await inRun(async (compare) => {
    const other = (text: string) =>
      text.replace('"implementation":"counter"', '"implementation":"c"');
    const { code, err } = await compare(other);
    assert.deepEqual(
      [code, err],
      [2, "Cannot compare runs of different implementations: counter and c\n"],
    );
  });
});
