import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { type Draw, drawsOf } from "../seed.ts";
import { Chances } from "./chances.ts";
import { type Blocks, judge } from "./judge.ts";
import { ALPHA_OF_LOOK } from "./looks.ts";

const RULE = { alpha: ALPHA_OF_LOOK, floor: 0.02, band: 0.02 };
/** Spread of single blocks on a machine that others use, too. */
const SPREAD = 0.05;

function normal(draw: Draw): number {
  let sum = -6;
  for (let index = 0; index < 12; index++) sum += draw(2 ** 20) / 2 ** 20;
  return sum;
}

const chancesOf = new Map<number, Chances>();

function judged(...metrics: readonly Blocks[]) {
  const blocks = metrics[0]?.a.length ?? 0;
  const chances = chancesOf.get(blocks) ?? new Chances(blocks, 1);
  chancesOf.set(blocks, chances);
  return judge(metrics, RULE, chances);
}

/** Blocks of a machine whose pace wanders, with side `b` slower by `effect`. */
function blocksOf(seed: number, count: number, effect: number, metric = "decode"): Blocks {
  const draw = drawsOf(seed, metric);
  const pace = Float64Array.from({ length: count }, () => Math.exp(0.3 * normal(draw)));
  const side = (factor: number) =>
    pace.map((each) => 100 * each * factor * Math.exp(SPREAD * normal(draw)));
  return { metric, a: side(1), b: side(1 + effect), control: side(1) };
}

test("judge() names a slowdown of 10 % on a noisy machine, and how much it is", () => {
  const [found] = judged(blocksOf(7, 56, 0.1));
  assertEquals(found?.verdict, "regression");
  assert(found !== undefined && found.interval.low > 1 && found.interval.low < 1.1);
  assert(found.interval.high > 1.1);
});

test("judge() calls what is faster an improvement", () => {
  assertEquals(judged(blocksOf(7, 56, -0.1))[0]?.verdict, "improvement");
});

test("judge() raises no alarm in 100 comparisons of identical sides", () => {
  const verdicts = Array.from({ length: 100 }, (_, seed) => {
    const metrics = ["a", "b", "c", "d"].map((name) => blocksOf(seed, 40, 0, name));
    return judged(...metrics).map(({ verdict }) => verdict);
  }).flat();
  const alarms = verdicts.filter(
    (verdict) => verdict === "regression" || verdict === "improvement",
  );
  assert(alarms.length <= 1, `${alarms.length} alarms`);
});

test("judge() finds 20 % in 95 of 100 comparisons, and 10 % with more blocks", () => {
  for (const [effect, blocks] of [
    [0.2, 28],
    [0.1, 112],
  ] as const) {
    let count = 0;
    for (let seed = 0; seed < 100; seed++) {
      if (judged(blocksOf(seed, blocks, effect))[0]?.verdict === "regression") count++;
    }
    assert(count >= 95, `${effect} with ${blocks} blocks: ${count}`);
  }
});

test("judge() says same only when the interval lies inside the band", () => {
  const quiet = (factor: number) => Float64Array.from({ length: 20 }, (_, i) => factor + i / 1e5);
  const blocks = { metric: "bytes", a: quiet(1), b: quiet(1.001), control: quiet(1) };
  assertEquals(judged(blocks)[0]?.verdict, "same");
  assertEquals(judged(blocksOf(3, 10, 0))[0]?.verdict, "inconclusive");
});

test("judge() says nothing is the same by so few blocks that all may lie on one side", () => {
  for (const [count, verdict] of [
    [7, "inconclusive"],
    [8, "same"],
  ] as const) {
    const quiet = (factor: number) =>
      Float64Array.from({ length: count }, (_, i) => factor + i / 1e5);
    const blocks = { metric: "bytes", a: quiet(1), b: quiet(1.001), control: quiet(1) };
    assertEquals(judged(blocks)[0]?.verdict, verdict);
  }
});

test("judge() refuses to judge anybody when the control is told apart", () => {
  const sound = blocksOf(5, 56, 0.2, "sound");
  const { a, b } = blocksOf(6, 56, 0.1, "disturbed");
  const verdicts = judged(sound, { metric: "disturbed", a, b: a, control: b });
  assertEquals(
    verdicts.map(({ verdict }) => verdict),
    ["refused", "refused"],
  );
});

test("judge() says that a few blocks could not have shown anything", () => {
  const [found] = judged(blocksOf(1, 8, 0.5));
  assertEquals(found?.detectable, Number.POSITIVE_INFINITY);
  assertEquals(found?.verdict, "inconclusive");
});

test("judge() names an effect as detectable that it then finds in four of five comparisons", () => {
  const effect = (judged(blocksOf(11, 40, 0))[0]?.detectable ?? 0) - 1;
  assert(effect > 0.02 && effect < 0.2, `${effect}`);
  let found = 0;
  for (let seed = 100; seed < 200; seed++) {
    if (judged(blocksOf(seed, 40, effect))[0]?.verdict === "regression") found++;
  }
  assert(found >= 65, `${effect}: ${found}`);
});

test("judge() makes nothing of no metrics", () => assertEquals(judged(), []));
