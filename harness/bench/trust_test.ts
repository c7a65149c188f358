import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { drawsOf } from "../seed.ts";
import type { SideName } from "./block_order.ts";
import { KeepingRuns, type KeptRuns, keptRuns } from "./kept_runs.ts";
import { drawn, replayed } from "./trust.ts";

const INPUT = { seed: 3, floor: 0.02, band: 0.05, blocksMax: 28 };
const SIDES: readonly SideName[] = ["a", "b", "control", "control", "b", "a"];

/** Runs of 28 blocks that wander by up to 5 %, on a machine whose speed changes by a fifth. */
function noise(slower = 0): KeptRuns {
  const draw = drawsOf(9, "noise");
  const keeping = new KeepingRuns(() => 1);
  for (let block = 0; block < 28; block++) {
    const speed = 1 + draw(200) / 1_000;
    for (const side of SIDES) {
      const slow = side === "b" ? 1 + slower : 1;
      const value = () => 10 * speed * slow * (1 + draw(50) / 1_000);
      const metrics = ["save", "restore"].map((metric) => {
        return { metric, class: "timed", unit: "ms", value: value() } as const;
      });
      keeping.keep(side, [...metrics, { metric: "saved", class: "exact", unit: "B", value: 7 }]);
    }
  }
  return keptRuns(keeping.text("node 24", slower), "noise.json");
}

test("drawn() has no false alarm on identical sides, and no metric to find", async () => {
  const row = await drawn(noise(), 20, INPUT);
  assertEquals([row.comparisons, row.falseAlarms, row.slow, row.found], [20, 0, 0, 0]);
});

test("drawn() finds what is slower, and accuses nothing else", async () => {
  for (const slower of [0.05, 0.1, 0.2]) {
    const row = await drawn(noise(slower), 8, INPUT);
    assertEquals([row.slow, row.found, row.falseAlarms], [16, 16, 0], `${slower}`);
  }
});

test("replayed() judges runs as they were, also slower ones", async () => {
  const same = await replayed(noise(), INPUT);
  assertEquals([same.comparisons, same.falseAlarms, same.slow], [1, 0, 0]);
  const slow = await replayed(noise(0.1), INPUT);
  assertEquals([slow.from, slow.slower, slow.slow, slow.found], ["processes", 0.1, 2, 2]);
});

test("keptRuns() refuses another schema, and text() leaves a block out that is not whole", () => {
  assertThrows(
    () => keptRuns('{"schema":2}', "x.json"),
    RangeError,
    "x.json as its schema must be 1",
  );
  const keeping = new KeepingRuns(() => 0.5);
  for (let run = 0; run < 8; run++) {
    keeping.keep("a", [{ metric: "save", class: "timed", unit: "ms", value: 1 / 3 }]);
  }
  const { runs, load } = keptRuns(keeping.text("bun 1", 0), "x.json");
  assertEquals([runs.length, runs[0], load], [6, ["a", 0.33333], [0.5, 0.5]]);
});
