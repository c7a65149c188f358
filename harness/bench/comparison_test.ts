import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { drawsOf } from "../seed.ts";
import type { SideName } from "./block_order.ts";
import { type ComparisonInput, type ComparisonState, compare } from "./comparison.ts";
import { LOOKS } from "./looks.ts";
import { SideError } from "./measured.ts";
import type { Metric } from "./metric.ts";

const BYTES: Metric = { metric: "saved", class: "exact", unit: "B", value: 100 };

/** Runs whose time wanders by up to 4 %, with side `b` slower by `effect`. */
function sides(effect: number, exact: (side: SideName) => number = () => 100) {
  const draw = drawsOf(5, "runs");
  return (side: SideName): Promise<readonly Metric[]> => {
    const value = (side === "b" ? 1 + effect : 1) * (100 + draw(4_000) / 1_000);
    const timed: Metric = { metric: "save", class: "timed", unit: "ms", value };
    return Promise.resolve([{ ...BYTES, value: exact(side) }, timed]);
  };
}

async function last(input: Partial<ComparisonInput>): Promise<ComparisonState> {
  const usual = { run: sides(0), isOver: () => false, seed: 1, floor: 0.02, band: 0.02, budget: 0 };
  let state: ComparisonState | undefined;
  for await (const each of compare({ ...usual, ...input })) state = each;
  if (state === undefined) throw new TypeError("There is no state");
  return state;
}

test("compare() ends at the first look that finds a large slowdown", async () => {
  const { blocks, timed, exact } = await last({ run: sides(0.3) });
  assertEquals(
    blocks,
    LOOKS.find((count) => count >= 14),
  );
  assertEquals(timed[0]?.verdict, "regression");
  assertEquals(exact[0]?.verdict, "same");
});

test("compare() calls identical sides the same", async () => {
  assertEquals((await last({})).timed[0]?.verdict, "same");
});

test("compare() adds blocks to the last look where nothing is decided", async () => {
  const { blocks, timed } = await last({ floor: 1e-9, band: 1e-9 });
  assertEquals(blocks, LOOKS.at(-1));
  assertEquals(timed[0]?.verdict, "inconclusive");
});

test("compare() judges what there is when the budget ends between two looks", async () => {
  let runs = 0;
  const { blocks, timed } = await last({ run: sides(0.3), isOver: () => ++runs === 3 });
  assertEquals(blocks, 3);
  assertEquals(timed[0]?.verdict, "inconclusive");
  assertEquals(timed[0]?.detectable, Number.POSITIVE_INFINITY);
});

test("compare() decides exact metrics by one run of each side, at zero or a budget", async () => {
  const run = sides(0, (side) => (side === "b" ? 101 : 100));
  assertEquals((await last({ run })).exact[0]?.verdict, "regression");
  assertEquals((await last({ run, budget: 0.01 })).exact[0]?.verdict, "same");
  const less = sides(0, (side) => (side === "b" ? 99 : 100));
  assertEquals((await last({ run: less })).exact[0]?.verdict, "improvement");
});

test("compare() needs one block where all is exact", async () => {
  assertEquals((await last({ run: () => Promise.resolve([BYTES]) })).blocks, 1);
});

test("compare() refuses an exact metric that changes, and a side that measures less", async () => {
  let count = 0;
  const changing = sides(0, () => ++count);
  const error = await assertRejects(() => last({ run: changing }), SideError);
  assert(error.message.includes("Cannot take saved as exact"), error.message);
  let runs = 0;
  const less = async (side: SideName) => (++runs > 4 ? [BYTES] : await sides(0)(side));
  await assertRejects(() => last({ run: less }), SideError, "Cannot compare save");
  const other = async (side: SideName) =>
    side === "b" ? [{ ...BYTES, metric: "kept" }] : await sides(0)(side);
  await assertRejects(() => last({ run: other }), SideError, "must have a metric in common");
});

test("compare() compares what both sides have, and says what only one has", async () => {
  const older = async (side: SideName) =>
    side === "b" ? await sides(0)(side) : (await sides(0)(side)).slice(1);
  const { exact, timed, only } = await last({ run: older });
  assertEquals([exact.length, timed.length], [0, 1]);
  assertEquals(only, { a: [], b: ["saved"] });
});

test("compare() takes what is measured once into the exact metrics", async () => {
  const runOnce = (side: "a" | "b") =>
    Promise.resolve([{ ...BYTES, metric: "state", value: side === "b" ? 7 : 6 }]);
  const { exact } = await last({ run: () => Promise.resolve([BYTES]), runOnce });
  assertEquals(
    exact.map(({ metric, verdict }) => [metric, verdict]),
    [
      ["state", "regression"],
      ["saved", "same"],
    ],
  );
});
