import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { GridRow } from "./grid.ts";
import { gridMetrics } from "./grid_lines.ts";

function row(name: string, saved: readonly number[], save: readonly number[], edge = 0): GridRow {
  const values = new Map([
    ["saved", saved],
    ["save", save],
    ["around", [5]],
  ]);
  return { name, edge, factors: {}, values };
}

const shown = (rows: readonly GridRow[]) =>
  gridMetrics(rows).map(({ metric, class: kind, unit, value }) => [metric, kind, unit, value]);

test("gridMetrics() names hops by their settings, and sums up the best times", () => {
  assertEquals(shown([row("q@1>1 devices=a", [10], [3, 2]), row("q@1>1", [20], [4, 7])]), [
    ["saved devices=a", "exact", "B", 10],
    ["saved usual", "exact", "B", 20],
    ["save", "timed", "ms", 6],
  ]);
});

test("gridMetrics() names paths where settings alone do not tell hops apart", () => {
  const rows = [row("q@1>1", [10], [1]), row("q@1>2", [20], [1]), row("q@1>2", [30], [1], 1)];
  assertEquals(
    shown(rows).map(([metric]) => metric),
    ["saved q@1>1", "saved q@1>2", "saved q@1>2, hop 2", "save"],
  );
});

test("gridMetrics() leaves out what changes from pass to pass, and times of nothing", () => {
  assertEquals(shown([row("q@1>1", [10, 11], [0])]), []);
});
