/**
 * Puts each listed defect into codec or model, in memory, and sees the cell turn red that speaks
 * of it. The healthy program, bundled the same way, shows no surprise there.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CellResult } from "../report.ts";
import { FORMAT_MUTATIONS } from "./format_mutations_table.ts";
import { MATRIX_MUTATIONS } from "./matrix_mutations_table.ts";
import { MODEL_MUTATIONS } from "./model_mutations_table.ts";
import { type Judge, Mutants } from "./mutants.ts";
import { type Mutation, mutate } from "./mutation.ts";
import { UNIT_MUTATIONS } from "./unit_mutations_table.ts";
import { VMBUS_MUTATIONS } from "./vmbus_mutations_table.ts";

const MUTATIONS: readonly Mutation[] = [
  ...FORMAT_MUTATIONS,
  ...MODEL_MUTATIONS,
  ...UNIT_MUTATIONS,
  ...MATRIX_MUTATIONS,
  ...VMBUS_MUTATIONS,
];

const MODELS = ["machine", "memory", "nvme", "nvme_driver", "vmbus", "guest", "chipset", "openhcl"];

/**
 * That suites notice does not depend on the runtime, so Node tries every mutation, and the others,
 * which keep each mutant in memory that they have ever loaded, only one out of so many.
 */
const OTHERS_TAKE_ONE_OF = 5;
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
const tried = MUTATIONS.filter((_, at) => onNode || at % OTHERS_TAKE_ONE_OF === 0);

/** A mutant takes a fraction of a second to bundle, load and run. */
const TIMEOUT = { timeout: 60_000 };

const mutants = new Mutants();
after(() => mutants[Symbol.asyncDispose]());

let healthyJudge: Promise<Judge> | undefined;

/** Cells of the healthy program, by condition. */
const healthy = new Map<string, readonly CellResult[]>();

async function healthyCells(condition: string): Promise<readonly CellResult[]> {
  const known = healthy.get(condition);
  if (known !== undefined) return known;
  healthyJudge ??= mutants.judge();
  const cells = await (await healthyJudge)(condition);
  healthy.set(condition, cells);
  return cells;
}

function cellOf(cells: readonly CellResult[], { scenario, condition }: Mutation): CellResult {
  const cell = cells.find((candidate) => candidate.scenario === scenario);
  assert.ok(cell !== undefined, `no cell ${scenario} ${condition}`);
  return cell;
}

function shown({ verdict, reason = "", expected = "", surprise = "" }: CellResult): string {
  return JSON.stringify({ verdict, reason, expected, surprise });
}

for (const mutation of tried) {
  const { name, scenario, condition } = mutation;
  test(`mutation ${name} turns ${scenario} red`, TIMEOUT, async () => {
    const before = cellOf(await healthyCells(condition), mutation);
    assert.equal(before.surprise, undefined, `red without the mutation: ${shown(before)}`);
    assert.notEqual(before.verdict, "unsupported", `not run: ${shown(before)}`);
    const judge = await mutants.judge(mutation);
    const cell = cellOf(await judge(condition), mutation);
    assert.notEqual(cell.surprise, undefined, `green with the mutation: ${shown(cell)}`);
    // A defect of the adapter makes every cell an error, and names none.
    assert.notEqual(cell.verdict, "error", `not judged: ${shown(cell)}`);
  });
}

test("MUTATIONS are at least 30, each with its own name", () => {
  const names = MUTATIONS.map(({ name }) => name);
  assert.ok(names.length >= 30, `${names.length} mutations`);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)+$/);
});

test("MUTATIONS reach the codec, the schemas and every model", () => {
  const folders = new Set(MUTATIONS.map(({ file }) => file.split("/").slice(0, 2).join("/")));
  for (const name of ["mesh", "openhcl_state", ...MODELS]) {
    assert.ok(folders.has(`src/${name}`), `src/${name}`);
  }
});

const SAMPLE: Mutation = {
  name: "sample",
  file: "src/mesh/sample.ts",
  find: "left",
  replace: "$& right",
  scenario: "mana/adapters/come-back",
  condition: "none",
};

test("mutate() replaces the text once and takes the replacement as it is", () => {
  assert.equal(mutate(SAMPLE, "a left b"), "a $& right b");
});

test("mutate() refuses text that is gone or not unique", () => {
  const stale = (count: number) => ({
    message:
      "Cannot apply mutation sample as its text must occur once in src/mesh/sample.ts: " +
      `current value is ${count} times`,
  });
  assert.throws(() => mutate(SAMPLE, "right"), stale(0));
  assert.throws(() => mutate(SAMPLE, "left left"), stale(2));
});

test("Mutants.judge() refuses a file that is not part of the program", TIMEOUT, async () => {
  await assert.rejects(mutants.judge(SAMPLE), {
    message:
      "Cannot apply mutation sample as the program must have its file: " +
      "current value is src/mesh/sample.ts",
  });
});
