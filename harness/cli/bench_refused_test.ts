/**
 * Sides that nobody can judge, as real processes: on a machine that is too noisy, and by a clock
 * that goes back.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertEquals, assertMatch } from "@std/assert";
import { blockOrder } from "../bench/block_order.ts";
import { call, inDirectory } from "./called.ts";
import { EXIT_ADAPTER, EXIT_UNKNOWN } from "./exit.ts";

/** Real processes on a busy machine. */
const SLOW = { timeout: 120_000 };

const SEED = 1;
const BLOCKS = 112;

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Words by which this runtime loads `file` before a program. */
function loading(file: string): string {
  const { deno, bun } = process.versions;
  if (deno !== undefined) return `run -A --preload '${file}'`;
  return bun === undefined ? `--import '${file}'` : `--preload '${file}'`;
}

/** Prints the value of this run, as the file `values` has it, a run a line. */
const SIDE = `read n < count; echo $((n + 1)) > count
i=0; while [ $i -le $n ]; do read value; i=$((i + 1)); done < values
echo '{"metric": "save", "class": "timed", "unit": "ms", "value": '$value'}'`;

test("bench compare judges nobody on a machine that treats the same side otherwise", SLOW, () =>
  inDirectory(async (folder) => {
    // The machine is slow whenever the control runs, and side b is as slow.
    const order = Array.from({ length: BLOCKS }, (_, block) => blockOrder(SEED, block)).flat();
    const values = order.map((side) => (side === "a" ? 10 : 13));
    writeFileSync(join(folder, "values"), `${values.join("\n")}\n`);
    writeFileSync(join(folder, "count"), "0\n");
    const side = `cd ${folder}; ${SIDE}`;
    const sides = ["--a", side, "--b", side, "--seed", `${SEED}`, "--budget", "20s"];
    const { code, out } = await call(["bench", "compare", ...sides]);
    assertEquals(code, EXIT_UNKNOWN, out);
    assertMatch(out, /\nsave +1\.300 .* refused /);
    assertMatch(out, /\nRefused: the control, side a once more, was told apart from side a\./);
    assertMatch(out, /\ngate: undecided\n/);
  }),
);

test("bench compare says in one line that the clock of a side goes back", SLOW, () =>
  inDirectory(async (folder) => {
    const file = join(folder, "backwards.mjs");
    writeFileSync(file, "let now = 1e6; performance.now = () => now--;\n");
    for (const command of ["sample --passes 1", "grid --lines --most 1 --passes 1"]) {
      const side = `'${process.execPath}' ${loading(file)} '${MAIN}' bench ${command}`;
      const { code, err } = await call(["bench", "compare", "--a", side, "--b", side]);
      assertEquals(code, EXIT_ADAPTER, err);
      const words =
        /^Cannot compare as side \w+ ends with 3: Cannot time .* must not go back: .*\n$/;
      assertMatch(err, words);
    }
  }),
);
