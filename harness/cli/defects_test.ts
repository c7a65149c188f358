import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { counterDefects, defectiveAdapter, defectiveSpace } from "../defective_counter.ts";
import { call, inDirectory } from "./called.ts";
import { counterImplementation, counterProduct, offered } from "./counter_product.ts";
import type { Product } from "./product.ts";

function defectiveProduct(): Product {
  const product = counterProduct();
  const defective = {
    ...counterImplementation(),
    adapter: defectiveAdapter(),
    space: defectiveSpace,
    defects: counterDefects,
  };
  return { ...product, implementations: offered({ counter: defective }) };
}

const product = defectiveProduct();

test("run --defects says which are caught and by whom, and exits 1 when one is not", async () => {
  await inDirectory(async (directory) => {
    const run = await call(["run", "--defects", "--out", directory], { product });
    assert.equal(run.err, "");
    assert.equal(run.code, 1);
    assert.equal(
      run.out,
      "✓ forgets (#7): caught; 16 cells of 18 conditions notice, 16 name the cause\n" +
        "    ✗ 16 counter/keeps-count: count was 1 and is 0\n" +
        "✗ sleeps (sleep): not caught; 0 cells of 2 conditions notice, 0 name the cause\n" +
        `\n1 of 2 defects caught\nReport: ${join(directory, "defects.md")}\n`,
    );
    const page = readFileSync(join(directory, "defects.md"), "utf8");
    assert.match(page, /^# Seeded defects\n\n1 of 2 defects caught\.\n\n\| \|/);
    assert.match(page, /\| ✓ \| forgets \| \[#7\]\(https:\S+\) \| `counter\/keeps-count` \|/);
    assert.match(page, /## sleeps\n\nNothing goes wrong\. <https:/);
  });
});

test("run --defects NAME looks for that one only, and its token runs the cell again", async () => {
  await inDirectory(async (directory) => {
    const args = ["run", "--defects", "forgets", "--json", "--out", directory];
    const { code, out } = await call(args, { product });
    assert.equal(code, 0);
    const { defects, exitCode } = JSON.parse(out);
    assert.equal(exitCode, 0);
    assert.deepEqual(
      defects.map(({ name, caught }: { name: string; caught: boolean }) => [name, caught]),
      [["forgets", true]],
    );
    const again = await call(["run", "--replay", defects[0].catches[0].token], { product });
    assert.equal(again.code, 1);
    assert.match(again.out, /✗ failed on edge 0: count was 1 and is 0\n/);
  });
});

test("run --defects lets patterns narrow who looks", async () => {
  await inDirectory(async (directory) => {
    const args = ["run", "counter/names/*", "--defects", "forgets", "--out", directory];
    const { code, out } = await call(args, { product });
    assert.equal(code, 1);
    assert.match(out, /^✗ forgets \(#7\): not caught; 0 cells of 18 conditions/);
  });
});

test("run --defects ends at an interrupt", async () => {
  await inDirectory(async (directory) => {
    const args = ["run", "--defects", "--out", directory];
    const { code, err } = await call(args, { product, interrupt: true });
    assert.equal(code, 130);
    assert.equal(err, "Interrupted after 0 of 2 defects\n");
  });
});

test("run --defects says in one line what it cannot do", async () => {
  for (const [args, expected, of] of [
    [["forget"], 'Cannot find defect "forget": valid are forgets, sleeps\n', product],
    [
      [],
      "Cannot look for defects as counter must have some: current value is none\n",
      counterProduct(),
    ],
    [
      ["--paths", "pairs"],
      "Cannot run as --defects has conditions of its own: current value is more\n",
      product,
    ],
  ] as const) {
    const { code, err } = await call(["run", "--defects", ...args], { product: of });
    assert.equal(err, expected);
    assert.equal(code, 2);
  }
});
