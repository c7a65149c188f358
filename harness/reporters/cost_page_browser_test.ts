/**
 * The page of a performance grid in a browser: heat maps, the distribution of a square, choices,
 * stored results, hostile text.
 *
 * @module
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import type { CostPageData } from "./cost_format.ts";
import { costPage } from "./cost_page.ts";
import { LAUNCH, browserOptions as options, visited } from "./visited.ts";

let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

const RELEASES = ["2411", "main"];
/** Four pairs with keepalive, then four without. */
const HOPS = Array.from({ length: 8 }, (_, hop) => hop);

function dataOf(change: Partial<CostPageData> = {}): CostPageData {
  const of = (value: (hop: number) => number) => HOPS.map(value);
  return {
    implementation: "openhcl",
    facts: ["8 conditions, 2 whole passes"],
    complete: true,
    factors: [
      { name: "writer", values: RELEASES, of: of((hop) => (hop >> 1) & 1) },
      { name: "reader", values: RELEASES, of: of((hop) => hop & 1) },
      { name: "keepalive", values: ["kept", "not kept"], of: of((hop) => hop >> 2) },
    ],
    names: HOPS.map((hop) => `condition ${hop}`),
    metrics: [
      { ...EXACT, name: "blackout", values: HOPS.map((hop) => [1000 * (hop + 1)]) },
      { ...EXACT, name: "blackout/quiesce", values: HOPS.map(() => [250]) },
      { ...EXACT, name: "blackout/start", values: HOPS.map((hop) => [1000 * (hop + 1) - 250]) },
      {
        ...EXACT,
        class: "timed",
        name: "hop",
        unit: "ms",
        values: HOPS.map((hop) => [hop, hop + 0.5]),
      },
    ],
    failures: [],
    trend: [],
    ...change,
  };
}

const EXACT = { class: "exact", unit: "µs", meaning: "what it means" } as const;

async function open(
  change: Partial<CostPageData>,
  visit: (page: Page) => Promise<void>,
): Promise<void> {
  launched ??= chromium.launch(LAUNCH);
  await visited(await launched, costPage(dataOf(change)), "#maps[data-ready]", visit);
}

/** What a stored result knows: of the blackout alone. */
function placeOf(writer: string, reader: string, keepalive: string, us: number) {
  return { writer, reader, keepalive, values: [[us, 2 * us, 4 * us], null, null, null] };
}

const textOf = (page: Page, selector: string) => page.locator(selector).first().innerText();

test(
  "cost page has a map with and one without keepalive, and a square's distribution",
  options,
  () =>
    open({}, async (page) => {
      assert.deepEqual(
        (await page.locator("figcaption").allInnerTexts()).map((text) => text.split(" 4 ")[0]),
        ["keepalive: kept", "keepalive: not kept"],
      );
      assert.match(await textOf(page, "#panel"), /All squares\s+blackout of 8 hops/);
      await page.locator('.heat[aria-label^="main to main: 8 ms"]').click();
      assert.match(await textOf(page, "#panel-title"), /main → main, not kept/);
      assert.match(await textOf(page, ".quantiles"), /p50 8 ms, p99 8 ms, maximum 8 ms/);
      assert.equal(await page.locator(".bars i").count(), 1);
      assert.match(await textOf(page, "#panel .legend"), /quiesce 250 µs\s+start 7.75 ms/);
      assert.match(await textOf(page, ".dearest"), /8 ms condition 7/);
      assert.equal(await page.locator('.heat[aria-pressed="true"]').count(), 1);
    }),
);

test("cost page colours the dearest square most, on one scale for all maps", options, () =>
  open({}, async (page) => {
    const heats = await page
      .locator(".heat")
      .evaluateAll((all) => all.map((each) => each.getAttribute("style")));
    assert.deepEqual([heats[0], heats[7]], ["--heat: 0%;", "--heat: 100%;"]);
    assert.match(await textOf(page, ".scale"), /1 ms\s+8 ms/);
  }),
);

test("cost page follows metric, statistic, split and filter", options, () =>
  open({}, async (page) => {
    await page.locator("#split").selectOption("");
    assert.deepEqual(await page.locator(".heat").allInnerTexts(), ["1 ms", "2 ms", "3 ms", "4 ms"]);
    await page.locator('#statistic button[value="max"]').click();
    assert.deepEqual(await page.locator(".heat").allInnerTexts(), ["5 ms", "6 ms", "7 ms", "8 ms"]);
    await page.locator("#metric").selectOption({ label: "hop" });
    assert.equal(await textOf(page, ".heat"), "4.50 ms");
    assert.match(await textOf(page, "#meaning"), /hop: what it means/);
    await page.locator(".filters summary").click();
    await page.locator('#filters select[name="writer"]').selectOption({ label: "main" });
    assert.equal(await page.locator(".heat").count(), 2);
  }),
);

test("cost page is walked by keyboard", options, () =>
  open({}, async (page) => {
    await page.locator(".heat").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.match(await textOf(page, "#panel-title"), /main → main, kept/);
    const focused = page.locator(":focus");
    assert.match((await focused.getAttribute("aria-label")) ?? "", /^main to main/);
  }),
);

test("cost page shows stored results, and why some cannot be compared", options, () => {
  const places = [placeOf("all", "all", "all", 1000)];
  const trend = [
    { name: "run 1", foreign: "another machine", places },
    { name: "run 2", foreign: null, places },
  ];
  return open({ trend }, async (page) => {
    assert.match(await textOf(page, "#trend"), /run 1\s+1 ms \(another machine\)\s+run 2\s+1 ms/);
    assert.equal(await page.locator("#trend .foreign").count(), 1);
    await page.locator('#statistic button[value="max"]').click();
    assert.match(await textOf(page, "#trend"), /run 2\s+4 ms/);
  });
});

test("cost page shows stored results of the square that was chosen", options, () => {
  const places = [
    placeOf("all", "all", "all", 1000),
    placeOf("2411", "main", "all", 3000),
    placeOf("2411", "main", "kept", 5000),
  ];
  const trend = ["run 1", "run 2"].map((name) => ({ name, foreign: null, places }));
  return open({ trend }, async (page) => {
    await page.locator('.heat[aria-label^="2411 to main: 2 ms"]').click();
    const kept = /blackout, p50 of 2411 → main, kept, oldest first\s+run 1\s+5 ms\s+run 2\s+5 ms/;
    assert.match(await textOf(page, "#trend"), kept);
    await page.locator('.heat[aria-label^="main to main: 8 ms"]').click();
    assert.match(await textOf(page, "#trend"), /main → main, not kept.*\s+No stored result has it/);
    await page.locator("#split").selectOption("");
    await page.locator('.heat[aria-label^="2411 to main"]').click();
    assert.match(await textOf(page, "#trend"), /p50 of 2411 → main, oldest.*\s+run 1\s+3 ms/);
    assert.doesNotMatch(await textOf(page, "#trend"), /apart alone/);
    await page.locator(".filters summary").click();
    await page.locator('#filters select[name="writer"]').selectOption({ label: "2411" });
    assert.match(await textOf(page, "#trend"), /over all hops, .*\s+Stored results tell .* alone/);
  });
});

test("cost page says what did not come up, and what is not complete", options, () => {
  const failure = { writer: "2411", reader: "main", verdict: "hung", name: "c", count: 8 };
  const failures = [{ ...failure, reason: "never completes" }];
  return open({ failures, complete: false }, async (page) => {
    assert.match(await textOf(page, "#failures"), /2411 → main 8 conditions hung: never comp/);
    assert.match(await textOf(page, "#status"), /not all/);
  });
});

test("cost page writes hostile text out as text", options, () => {
  const hostile = "</script><img src=x onerror=alert(1)>\u202e";
  const { metrics, factors } = dataOf();
  return open(
    {
      implementation: hostile,
      facts: [hostile],
      names: HOPS.map(() => hostile),
      metrics: metrics.map((each) => ({ ...each, meaning: hostile })),
      factors: factors.map((each) => ({ ...each, values: [hostile, "main"] })),
      failures: [
        { writer: hostile, reader: hostile, verdict: hostile, reason: hostile, name: "", count: 1 },
      ],
    },
    async (page) => {
      await page.locator(".heat").first().click();
      assert.match(await textOf(page, "#panel-title"), /<\/script><img src=x/);
      assert.equal(await page.locator("img").count(), 0);
    },
  );
});

test("cost page without hops or metrics says so", options, () => {
  const nothing = { factors: dataOf().factors.map((each) => ({ ...each, of: [] })), names: [] };
  const metrics = dataOf().metrics.map((each) => ({ ...each, values: [] }));
  return open({ ...nothing, metrics }, async (page) => {
    assert.match(await textOf(page, "#maps"), /No hop has this metric/);
  });
});
