import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { Path } from "../path.ts";
import type { Planned } from "../plan.ts";
import { spread } from "./spread.ts";

function planned(writer: string, reader: string, number: number): Planned {
  const hop = (release: string) => ({ implementation: "x", release, inputs: {} });
  const path: Path = [hop(writer), hop(reader)];
  const name = `${writer}>${reader} n=${number}`;
  return { condition: { path, settings: { n: `${number}` } }, name, selected: undefined };
}

/** Readers take turns, so that every second condition has the same one. */
const PLAN = Array.from({ length: 40 }, (_, number) =>
  planned(number < 20 ? "1" : "2", number % 2 === 0 ? "1" : "2", number),
);

test("spread() has as many of each pair of releases, in the order of the plan", () => {
  const names = spread(PLAN, 8).map(({ name }) => name);
  const pairs = Map.groupBy(names, (name) => name.split(" ")[0]);
  assertEquals(
    [...pairs.values()].map(({ length }) => length),
    [2, 2, 2, 2],
  );
  const numbers = names.map((name) => Number(name.split("=")[1]));
  assertEquals(
    numbers,
    numbers.toSorted((left, right) => left - right),
  );
});

test("spread() takes all there is, and never more than asked for", () => {
  assertEquals(spread(PLAN, 40), PLAN);
  for (const most of [1, 3, 7, 39]) assertEquals(spread(PLAN, most).length, most, `${most}`);
});

test("spread() gives the share of a rare pair to the others", () => {
  const plan = [planned("3", "3", 0), ...PLAN];
  const names = spread(plan, 17).map(({ name }) => name);
  assertEquals(names.length, 17);
  assert(names.includes("3>3 n=0"));
});
