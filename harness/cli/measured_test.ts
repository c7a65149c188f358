import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { keptRuns, replayed, type SelfTestRow } from "../bench/mod.ts";
import { INPUT } from "./bench_trust.ts";
import { figuresTable } from "./figures_text.ts";
import { blockOf } from "./readme_block.ts";
import { selfTestTable } from "./trust_text.ts";

const ROOT = new URL("../../", import.meta.url);
const MEASURED = "harness/bench/measured";
const textOf = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

test("the README shows the ratios that were measured", () => {
  const figures = JSON.parse(textOf(`${MEASURED}/rivals.json`));
  assertEquals(blockOf(textOf("README.md"), "benches"), figuresTable(figures));
});

test("the README shows what the self-test came to", () => {
  const rows = JSON.parse(textOf(`${MEASURED}/self_test.json`)) as readonly SelfTestRow[];
  assertEquals(blockOf(textOf("README.md"), "self-test"), selfTestTable(rows));
  for (const { falseAlarms, comparisons } of rows) {
    assert(falseAlarms <= Math.ceil(comparisons / 100), `${falseAlarms} of ${comparisons}`);
  }
});

test("the runs that were kept come to the same again", async () => {
  const rows = JSON.parse(textOf(`${MEASURED}/self_test.json`)) as readonly SelfTestRow[];
  const real = rows.filter(({ from }) => from === "processes");
  const names = readdirSync(new URL(`${MEASURED}/noise/`, ROOT)).sort();
  assertEquals(real.length, names.length);
  for (const [at, name] of names.entries()) {
    const kept = keptRuns(textOf(`${MEASURED}/noise/${name}`), name);
    assertEquals(await replayed(kept, INPUT), real[at]);
  }
});
