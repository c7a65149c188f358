import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { METRICS_MAX, readMetrics } from "./metric.ts";

const LINE = `{"metric":"saved","class":"exact","unit":"B","value":0}`;

test("readMetrics() reads a metric from each line that is not empty", () => {
  assertEquals(readMetrics(`${LINE}\n\n`), [
    { metric: "saved", class: "exact", unit: "B", value: 0 },
  ]);
});

test("readMetrics() says which line is wrong, and how", () => {
  for (const [text, words] of [
    ["", "there is none"],
    ["hello", 'line 1 must have one JSON object: current value is "hello"'],
    ["null", "line 1 must have a name in `metric`: current value is absent"],
    [`${LINE}\n${LINE}`, "line 2 must have a metric once: current value is saved"],
    [LINE.replace("exact", "slow"), 'exact or timed: current value is "slow"'],
    [LINE.replace("exact", "timed"), "a `value` of more than 0: current value is 0"],
    [LINE.replace(":0}", ":1e999}"), "a number in `value`: current value is null"],
    [LINE.replace('"B"', '""'), 'a name in `unit`: current value is ""'],
  ] as const) {
    assertThrows(() => readMetrics(text), SyntaxError, words);
  }
});

test("readMetrics() takes as many metrics as are allowed, and not one more", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => LINE.replace("saved", `m${index}`)).join("\n");
  assertEquals(readMetrics(lines(METRICS_MAX)).length, METRICS_MAX);
  assertThrows(() => readMetrics(lines(METRICS_MAX + 1)), SyntaxError, `at most ${METRICS_MAX}`);
});
