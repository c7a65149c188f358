import { test } from "node:test";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ClockError } from "../bench/mod.ts";
import { measured, type Piece } from "./own_bench.ts";

/** A clock that each call of a piece moves on by what `cost` says. */
function clocked(cost: (call: number) => number) {
  let [clock, calls] = [0, 0];
  const piece = (metric: string, times: number): Piece => {
    return { metric, times, run: () => (clock += cost(calls++)) };
  };
  // A look at the clock takes a little, so that waiting for it ends.
  return { piece, now: () => (clock += 0.001) };
}

test("measured() tells microseconds of one call", () => {
  const { piece, now } = clocked(() => 2);
  const metrics = measured([piece("read", 5), piece("write", 1)], 3, now);
  assertEquals(
    metrics.map(({ metric, unit, value }) => [metric, unit, Math.round(value / 10)]),
    [
      ["read", "µs", 200],
      ["write", "µs", 200],
    ],
  );
});

test("measured() takes a fast piece of many, and not the fastest", () => {
  // One of the first pieces is luck, a fifth is disturbed.
  const { piece, now } = clocked((call) => (call === 3 ? 1 : call % 5 === 0 ? 50 : 10));
  assertEquals(Math.round((measured([piece("read", 1)], 40, now)[0]?.value ?? 0) / 100), 100);
});

test("measured() refuses a clock that goes back", () => {
  const { piece, now } = clocked(() => -10);
  const words = /^Cannot time read as clocks must not go back: it took -/;
  assertMatch(assertThrows(() => measured([piece("read", 1)], 1, now), ClockError).message, words);
});

test("measured() is slower by as much as it is told", () => {
  const value = (slower: number) => {
    const { piece, now } = clocked(() => 10);
    return measured([piece("read", 10)], 10, now, slower)[0]?.value ?? 0;
  };
  assertEquals(Math.round((value(0.05) / value(0)) * 100), 105);
});
