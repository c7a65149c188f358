import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startings } from "./bench_side.ts";

const BUILD = fileURLToPath(new URL("../..", import.meta.url));
const MEASURES = {
  each: [{ words: ["hops"], plain: true }, { words: ["own"] }],
  once: [{ words: ["exact"] }],
} as const;
const pack = (source: string) => Promise.resolve(`${source}.packed`);

const isBun = process.versions.bun !== undefined;

test("startings() gives the same run of both sides the same luck, and other runs another", {
  skip: isBun && "Bun has no seeds",
}, async () => {
  const [[one], [other]] = [
    (await startings(BUILD, MEASURES, pack)).each,
    (await startings(BUILD, MEASURES, pack)).each,
  ];
  assert.deepEqual(one?.command(3), other?.command(3));
  assert.notDeepEqual(one?.command(3), one?.command(4));
});

test("startings() keeps optimising compilers from what is plain alone", async () => {
  const { each, once } = await startings(BUILD, MEASURES, pack);
  const optimises = [...each, ...once].map(({ command, env }) => {
    return !/--no-turbofan|useDFGJIT=0/.test([...command(0), ...asWords(env)].join(" "));
  });
  assert.deepEqual(optimises, [false, true, true]);
});

test("startings() asks a build for what is measured, and a command for anything", async () => {
  const { each } = await startings(BUILD, MEASURES, pack);
  assert.deepEqual(
    each.map(({ command }) => command(0).slice(-2)),
    [
      [`${BUILD}harness/main.ts.packed`, "hops"],
      [`${BUILD}harness/main.ts.packed`, "own"],
    ],
  );
  const { each: command, once } = await startings("echo 1", MEASURES, pack);
  assert.deepEqual([command.map((it) => it.command(0)), once], [[["/bin/sh", "-c", "echo 1"]], []]);
});

function asWords(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
