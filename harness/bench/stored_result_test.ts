import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { costChanges } from "./grid_change.ts";
import type { Cost } from "./grid_result.ts";
import { readResult, whyNoBaseline } from "./stored_result.ts";

const COST: Cost = {
  ...{ writer: "2505", reader: "main", configuration: "all", keepalive: "kept" },
  ...{ metric: "saved", class: "exact", unit: "B", count: 3, p50: 10, p99: 20, max: 20 },
};
const RESULT = {
  ...{ type: "performance-grid", schema: 2, version: "0.1.0", implementation: "openhcl" },
  ...{ seed: 1, selection: ["--paths pairs"], complete: true },
  machine: { id: "0123456789ab", runtime: "node 24.1.0" },
  costs: [COST],
};

const read = (change: Record<string, unknown>) =>
  readResult(JSON.stringify({ ...RESULT, ...change }));

test("readResult() reads costs, and leaves alone what a later version adds", () => {
  const { header, costs } = read({ schema: 9, weather: "fine", costs: [{ ...COST, sd: 1 }] });
  assertEquals([header.schema, costs], [9, [COST]]);
});

test("readResult() says in one line what is none", () => {
  for (const [change, words] of [
    [{ type: "run" }, 'must have of type performance-grid: current value is "run"'],
    [{ schema: "1" }, "a number in `schema`"],
    [{ machine: null }, "a text in `id`: current value is absent"],
    [{ costs: {} }, "a list in `costs`"],
    [{ costs: [null] }, "a text in `costs[0].writer`"],
    [{ costs: [{ ...COST, p99: "1" }] }, "a number in `costs[0].p99`"],
    [{ costs: new Array(200_001).fill(0) }, "at most 200000 costs: current value is 200001"],
  ] as const) {
    assertThrows(() => read(change), SyntaxError, words);
  }
  assertThrows(() => readResult("{"), SyntaxError, "must have JSON");
});

test("whyNoBaseline() accepts the same machine, runtime, schema and plan only", () => {
  const now = read({}).header;
  const why = (change: Record<string, unknown>) => whyNoBaseline(read(change).header, now);
  assertEquals(why({}), undefined);
  assertEquals(why({ version: "0.0.9" }), undefined);
  assertEquals(why({ schema: 1 }), "schema 1 in place of 2");
  assertEquals(why({ machine: { ...RESULT.machine, id: "b" } }), "of another machine");
  assertEquals(why({ machine: { ...RESULT.machine, runtime: "bun 1" } }), "of bun 1");
  assertEquals(why({ implementation: "qemu" }), "of qemu");
  assertEquals(why({ seed: 2 }), "of seed 2");
  assertEquals(why({ selection: [] }), "of other conditions");
  assertEquals(why({ complete: false }), "not complete");
});

test("costChanges() finds exact costs that grew or shrank, and judges no time", () => {
  const changes = (change: Partial<Cost>) =>
    costChanges([COST], [{ ...COST, ...change }]).map(({ verdict }) => verdict);
  assertEquals(changes({}), []);
  assertEquals(changes({ max: 21 }), ["regression"]);
  assertEquals(changes({ p50: 9, max: 21 }), ["regression"]);
  assertEquals(changes({ p50: 9 }), ["improvement"]);
  assertEquals(changes({ p50: 11, class: "timed" }), []);
  assertEquals(changes({ p50: 11, reader: "2411" }), []);
});
