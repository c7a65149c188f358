/**
 * How large the HTML page of 100,000 cells is, when its grid is painted after the page was asked
 * for, and when a reason is painted after a click on a square, in headless Chromium. Each figure is
 * the median of fresh profiles; more than its limit makes the exit code 1. Nothing in the tests
 * runs this.
 *
 * Run: `node harness/reporters/page_bench.ts`, for two cores behind `taskset -c 0,1`.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { html } from "./html.ts";
import { syntheticReport } from "./synthetic_report.ts";
import { browserOptions, LAUNCH, visited } from "./visited.ts";

const MIB = 1024 * 1024;
const SIZE_MAX_MIB = 12;
const GRID_MAX_MS = 1_000;
const REASON_MAX_MS = 200;
/** Of 40 cells each. */
const CONDITIONS = 2_500;
const PAGES = 9;

/** Runs in the page before all of its own: notes when the first frame with the grid was painted. */
const WATCH = `
  const looking = () => {
    if (document.querySelector("#grid[data-ready]") === null) requestAnimationFrame(looking);
    else requestAnimationFrame(() => { window.paintedMs = performance.now(); });
  };
  requestAnimationFrame(looking);
`;

/** Runs in the page: clicks on a square that did not pass, and answers when its reason is there. */
const CLICK = `new Promise((resolve) => {
  const begin = performance.now();
  const looking = () => {
    const told = document.querySelector("#panel .why-here");
    if (told === null || told.textContent === "") requestAnimationFrame(looking);
    else requestAnimationFrame(() => resolve(performance.now() - begin));
  };
  document.querySelector(".square.surprise").click();
  looking();
})`;

async function main(): Promise<void> {
  if (browserOptions.skip !== false) {
    console.log(`not run: ${browserOptions.skip}`);
    return;
  }
  const page = [...html(syntheticReport({ conditions: CONDITIONS, surpriseEvery: 500 }))].join("");
  report("size, MiB", Buffer.byteLength(page) / MIB, SIZE_MAX_MIB);
  const grid: number[] = [];
  const reason: number[] = [];
  const browser = await chromium.launch(LAUNCH);
  for (let round = 0; round < PAGES; round++) {
    const context = await browser.newContext();
    await context.addInitScript(WATCH);
    const prepared = { newContext: () => Promise.resolve(context) };
    await visited(prepared, [page], "#grid[data-ready]", async (visitedPage) => {
      await visitedPage.waitForFunction("window.paintedMs !== undefined");
      grid.push(await visitedPage.evaluate<number>("window.paintedMs"));
      reason.push(await visitedPage.evaluate<number>(CLICK));
    });
  }
  await browser.close();
  report("grid painted, ms", median(grid), GRID_MAX_MS);
  report("reason after a click, ms", median(reason), REASON_MAX_MS);
}

function report(what: string, value: number, max: number): void {
  console.log(`${what}: ${value.toFixed(1)}, at most ${max}`);
  if (value > max) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

await main();
