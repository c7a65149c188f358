import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { shrunk } from "./shrink.ts";

const NUMBERS = Array.from({ length: 100 }, (_, index) => index);

test("shrunk() keeps exactly what is needed, in order", async () => {
  let trials = 0;
  const shows = (items: readonly number[]) => {
    trials++;
    const at = [17, 42, 99].map((it) => items.indexOf(it));
    return Promise.resolve(at.every((it, index) => it >= 0 && it >= (at[index - 1] ?? 0)));
  };
  assertEquals(await shrunk(NUMBERS, shows, () => []), [17, 42, 99]);
  assertEquals(trials < 150, true, `${trials} trials`);
});

test("shrunk() makes items simpler, the simplest first that still shows it", async () => {
  const shows = (items: readonly number[]) => Promise.resolve(items.some((it) => it >= 10));
  const least = await shrunk([3, 87], shows, (it) => [it >> 1, it - 1]);
  assertEquals(least, [10]);
});

test("shrunk() leaves what cannot be smaller", async () => {
  const shows = (items: readonly number[]) => Promise.resolve(items.length === 3);
  assertEquals(await shrunk([1, 2, 3], shows, () => []), [1, 2, 3]);
});
