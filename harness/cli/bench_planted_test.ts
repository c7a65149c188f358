import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { keptRuns, type SelfTestRow, SideError } from "../bench/mod.ts";
import { Planted } from "./bench_planted.ts";
import { processSide, startings } from "./bench_side.ts";
import { call, inDirectory } from "./called.ts";
import { EXIT_OK } from "./exit.ts";

/** Real processes on a busy machine. */
const SLOW = { timeout: 120_000 };

/** Prints a time that is `share` slower, and one of which that is only a part. */
const program = (share: number) =>
  ["restore", "processor"]
    .map((metric) => ({ metric, class: "timed", unit: "ms", value: 10 * (1 + share) }))
    .map((metric) => `echo '${JSON.stringify(metric)}'`)
    .join("; ");

const sideThat = async (command: string) => processSide(await startings(command, NOTHING));
const NOTHING = { each: [], once: [] };

test("Planted runs all sides in turns, and keeps a comparison for each share", SLOW, () =>
  inDirectory(async (folder) => {
    const planted = new Planted((share) => sideThat(program(share)), new AbortController().signal);
    for (let block = 0; block < 14; block++) await planted.runBlock();
    planted.write(folder);
    const names = readdirSync(folder).sort();
    assertEquals(
      names.map((name) => name.replace(/^[a-z]+_/, "")),
      ["10.json", "20.json", "5.json", "same.json"],
    );
    for (const name of names) {
      const { slower, runs } = keptRuns(readFileSync(join(folder, name), "utf8"), name);
      assertEquals(runs.length, 14 * 6);
      const values = new Set(runs.map(([side, value]) => `${side} ${value}`));
      assertEquals(values, new Set(["a 10", "control 10", `b ${10 * (1 + slower)}`]));
    }
    const { code, out } = await call(["bench", "self-test", folder, "--json"]);
    assertEquals(code, EXIT_OK);
    const rows = JSON.parse(out) as readonly SelfTestRow[];
    assertEquals(
      rows.map(({ from, slower, slow, found }) => `${from} ${slower}: ${found} of ${slow}`),
      [
        ...["processes 0.1: 1 of 1", "draws 0.1: 100 of 100"],
        ...["processes 0.2: 1 of 1", "draws 0.2: 100 of 100"],
        ...["processes 0.05: 1 of 1", "draws 0.05: 100 of 100"],
        ...["processes 0: 0 of 0", "draws 0: 0 of 0"],
      ],
    );
  }),
);

test("Planted keeps nothing of a block in which a side breaks", SLOW, () =>
  inDirectory(async (folder) => {
    const flag = join(folder, "broken");
    const breaks = `test -e ${flag} && exit 3; ${program(0.2)}`;
    const make = (share: number) => sideThat(share === 0.2 ? breaks : program(share));
    const planted = new Planted(make, new AbortController().signal);
    await planted.runBlock();
    writeFileSync(flag, "");
    const { message } = await assertRejects(() => planted.runBlock(), SideError);
    assertMatch(message, /side b ends with 3/);
    planted.write(folder);
    for (const name of readdirSync(folder).filter((each) => each !== "broken")) {
      const { runs } = keptRuns(readFileSync(join(folder, name), "utf8"), name);
      assertEquals(runs.length, 6, name);
    }
  }),
);
