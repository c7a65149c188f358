import { test } from "node:test";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { holm } from "./holm.ts";

test("holm() multiplies the least p by all, the next by one less, and never goes down", () => {
  // Worked by hand: 0.01 × 4, 0.013 × 3 (less than the one before), 0.03 × 2, 0.04 × 1 likewise.
  const adjusted = holm([0.03, 0.01, 0.04, 0.013]);
  for (const [index, expected] of [0.06, 0.04, 0.06, 0.04].entries()) {
    assertAlmostEquals(adjusted[index] as number, expected, 1e-12);
  }
});

test("holm() stays within 1", () => assertEquals(holm([0.9, 0.8]), [1, 1]));
