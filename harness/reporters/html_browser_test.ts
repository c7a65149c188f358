/**
 * The HTML page in a browser, opened from disk: from a square of the grid through to a reason,
 * filters, themes, the keyboard, and not one request besides the page.
 *
 * @module
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import type { ConditionResult, Report } from "../report.ts";
import { html } from "./html.ts";
import { type SyntheticOptions, syntheticReport } from "./synthetic_report.ts";
import { LAUNCH, browserOptions as options, visited } from "./visited.ts";

let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

/** Opens the page of a report, and checks that it asked for nothing and reported no error. */
async function open(
  report: SyntheticOptions,
  visit: (page: Page) => Promise<void>,
  beside: Pick<Report, "baseline" | "earlier"> = {},
): Promise<void> {
  launched ??= chromium.launch(LAUNCH);
  const page = html({ ...syntheticReport(report), ...beside });
  await visited(await launched, page, "#grid[data-ready]", visit);
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().innerText();
}

test("page leads from a red square through a condition to the reason", options, () =>
  open({ conditions: 1000, surpriseEvery: 250 }, async (page) => {
    assert.match(await textOf(page, "#status"), /4 unexpected/);
    await page.locator(".square.surprise.verdict-hung").first().click();
    assert.match(await textOf(page, "#panel .why-here"), /did not come back within 30000 ms/);
    await page.locator("#panel .list a").first().click();
    assert.match(await textOf(page, "#panel .path"), /first bad hop/);
    await page.locator("#panel .list a").first().click();
    assert.equal(await textOf(page, "#panel .reason-text"), "did not come back within 30000 ms");
    assert.equal(await textOf(page, "#panel .surprise-text"), "expected passed");
    assert.match(await textOf(page, "#panel .badge"), /hung, unexpected/);
    assert.match(await textOf(page, "#panel .transcript"), /queues-with-outstanding-commands/);
    assert.match(await textOf(page, "#panel dl"), /Must.*Source.*Servicing guide/s);
  }),
);

test("page tells what the guest saw, and for how long it stood still", options, () =>
  open({ conditions: 1000 }, async (page) => {
    await page.locator(".square.verdict-passed").first().click();
    await page.locator("#panel .list a").first().click();
    const stops = await textOf(page, "#panel .stops");
    assert.match(stops, /stood still for 152,520 µs/);
    assert.match(stops, /tick 1, 40 of 41 requests done, 1 failed, 1 oddities, memory whole/);
    const width = (index: number) =>
      page.locator(`#panel .bar .phase-${index}`).evaluate((part) => part.clientWidth);
    assert.ok((await width(1)) > 10 * (await width(0)), "the bar shows the restart as the longest");
  }),
);

test("page shows note and link of the expectation of a known break", options, () =>
  open({ conditions: 1000 }, async (page) => {
    assert.match(await textOf(page, "#status"), /as expected/);
    await page.locator(".square.verdict-crashed").first().click();
    await page.locator("#panel .list a").first().click();
    await page.locator("#panel .list a").first().click();
    assert.match(await textOf(page, "#panel dl"), /Note\s+Keepalive state restored where no/);
    const link = page.locator("#panel dl a", { hasText: "issues/102" });
    assert.equal(await link.getAttribute("href"), "https://example.org/issues/102");
  }),
);

test("page filters by axis, by verdict, by cause and by search", options, () =>
  open({ conditions: 1000, surpriseEvery: 250 }, async (page) => {
    const shown = page.locator("#shown");
    await page.locator('#factors button[name="writer"][value="2505"]').click();
    await shown.filter({ hasText: "match" }).waitFor();
    assert.deepEqual(
      new Set(await page.locator("#grid tbody th.release").allInnerTexts()),
      new Set(["2505"]),
    );
    await page.locator('#verdicts button[data-value="failed"]').click();
    await page.locator("#grid .verdict-passed").first().waitFor({ state: "detached" });
    await page.locator("#known .why > a").first().click();
    await shown.filter({ hasText: 'of the cause "nvme-queue-layout"' }).waitFor();
    await page.locator("#clear").click();
    await page.locator("#search").fill("within 30000 relay");
    await shown.filter({ hasText: /^1 cell in 1 condition match/ }).waitFor();
    await page.locator("#search").fill("no such words");
    await shown.filter({ hasText: /^0 cells/ }).waitFor();
  }),
);

/** One cell of every tenth condition came out differently in one of three attempts. */
function sometimes(result: ConditionResult, index: number): ConditionResult {
  const [first, ...cells] = result.cells;
  if (index % 10 > 0 || first === undefined) return result;
  const flaky = { attempts: 3, surprises: 0, verdicts: { [first.verdict]: 2, hung: 1 } };
  return { ...result, cells: [{ ...first, flaky }, ...cells] };
}

test("page marks and filters what attempts did not agree on", options, () =>
  open({ conditions: 1000, change: sometimes }, async (page) => {
    assert.match(await textOf(page, '#verdicts button[data-value="flaky"]'), /~\s*100 flaky/);
    const marked = page.locator("#grid .square:has(.flaky)");
    const before = await page.locator("#grid .square").count();
    const count = await marked.count();
    assert.ok(count > 0 && count < before, `${count} of ${before} squares are marked`);
    assert.match((await marked.first().getAttribute("aria-label")) ?? "", /unexpected, \d+ flaky$/);
    assert.match(await textOf(page, "#known .size"), /~ \d+ flaky/);
    await page.locator('#verdicts button[data-value="flaky"]').click();
    await page.locator("#grid .square:not(:has(.flaky))").first().waitFor({ state: "detached" });
    assert.match(await textOf(page, "#shown"), /^100 cells in 100 conditions match/);
    await marked.first().click();
    await page.locator("#panel .list a").first().click();
    await page.locator("#panel .list a").first().click();
    assert.match(await textOf(page, "#panel dl"), /flaky, .*2 of 3 attempts|2.*1 of 3 attempts/);
  }),
);

test("page follows the system's theme and a choice against it", options, () =>
  open({ conditions: 20 }, async (page) => {
    const colour = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await colour();
    await page.locator("#theme").click();
    const dark = await colour();
    assert.notEqual(dark, light);
    assert.equal(await page.locator("#theme").getAttribute("aria-pressed"), "true");
    await page.locator("#theme").click();
    assert.equal(await colour(), light);
  }),
);

test("page leads to a reason by keyboard alone, and back", options, () =>
  open({ conditions: 1000, surpriseEvery: 250 }, async (page) => {
    const { keyboard } = page;
    const focused = page.locator(":focus");
    await keyboard.press("Tab");
    assert.equal(await focused.innerText(), "Skip to the grid");
    await keyboard.press("Enter");
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    assert.match(
      (await focused.getAttribute("aria-label")) ?? "",
      /^2505 host,.* to 1\.7\.2511 host,/,
    );
    await keyboard.press("Enter");
    await page.locator("#panel-title:focus").waitFor();
    for (const depth of ["condition=", "scenario="]) {
      await page.locator("#panel .list a").first().focus();
      await keyboard.press("Enter");
      await page.locator("#panel-title:focus").waitFor();
      assert.ok(page.url().includes(depth));
    }
    assert.match(await textOf(page, "#panel .reason-text"), /wrong page of queue/);
    for (let level = 0; level < 3; level += 1) await keyboard.press("Escape");
    await page.locator("#panel-title", { hasText: "All conditions" }).waitFor();
  }),
);

test("page shows paths of three hops with the first bad hop", options, () =>
  open({}, async (page) => {
    await page.locator('#factors button[name="hops"][value="3 hops"]').click();
    await page.locator("#shown").filter({ hasText: "125 conditions" }).waitFor();
    const at = page.locator('.square[aria-label^="2411 host,privatepool to main host,"]');
    await at.click();
    await page.locator("#panel .list a").first().click();
    const hops = await page.locator("#panel .path .hop").allInnerTexts();
    assert.deepEqual(
      hops.map((hop) => hop.split(/\s/)[0]),
      ["2411", "2505", "main"],
    );
    assert.deepEqual(
      hops.map((hop) => hop.includes("first bad hop")),
      [false, false, true],
    );
  }),
);

test("page writes hostile text out as text", options, () => {
  const hostile = "</script><img src=x onerror=alert(1)> \u202e\u0007 javascript:alert(1)";
  return open(
    {
      conditions: 1,
      change: ({ condition, name, type }) => ({
        type,
        name,
        condition,
        transcript: [{ event: "started", release: hostile, detail: hostile }],
        cells: [{ scenario: hostile, verdict: "failed", reason: hostile, surprise: hostile }],
      }),
    },
    async (page) => {
      await page.locator("#panel .list a").first().click();
      await page.locator("#panel .list a").first().click();
      const shown = "</script><img src=x onerror=alert(1)> \\u{202e}\\u{7} javascript:alert(1)";
      assert.equal(await textOf(page, "#panel .reason-text"), shown);
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
    },
  );
});

test("page says that a run was interrupted and what is stale", options, async () => {
  await open({ conditions: 30, interrupted: true }, async (page) => {
    assert.match(await textOf(page, "#status"), /interrupted/);
    assert.match(await textOf(page, "#notices"), /30 of 150 planned conditions/);
  });
  await open({ conditions: 30, stale: ["nvme-queue-layout"] }, async (page) => {
    assert.match(await textOf(page, "#status"), /1 stale expectation/);
    assert.match(await textOf(page, "#notices"), /nvme-queue-layout: The page layout/);
  });
});

test("page shows what was covered, and the token of a cell", options, () => {
  const coverage = {
    tuples: [
      { strength: 2, covered: 1999, possible: 2000 },
      { strength: 3, covered: 0, possible: 0 },
    ],
    unseen: ["fault=<b>odd</b>"],
  };
  return open({ conditions: 1, coverage }, async (page) => {
    assert.match(await textOf(page, "#facts"), /2-way coverage 99\.9% \(1,999 of 2,000\)/);
    assert.doesNotMatch(await textOf(page, "#facts"), /3-way/);
    await page.locator("#notices summary", { hasText: "1 value never seen" }).click();
    assert.match(await textOf(page, "#notices"), /fault=<b>odd<\/b>/);
    await page.locator("#panel .list a").first().click();
    await page.locator("#panel .list a").first().click();
    assert.match(await textOf(page, "#panel .replay"), /^--replay ft1_1_\S+_[0-9a-f]{8}$/);
    assert.doesNotMatch(await textOf(page, "#panel .condition-name"), /fault=none/);
  });
});

test("page shows a baseline side by side, what differs, and runs over time", options, () => {
  const baseline = syntheticReport({ conditions: 1000 });
  const beside = { baseline, earlier: [syntheticReport({ conditions: 500 }), baseline] };
  return open(
    { conditions: 1000, surpriseEvery: 250 },
    async (page) => {
      const counts = page.locator("#compared table").first();
      assert.match(await counts.innerText(), /unexpected\s+0\s+4\s+\+4/);
      assert.match(await textOf(page, "#compared p"), /^\d+ cells? differ$/);
      assert.equal(await page.locator("#trend .run-bar").count(), 3);
      assert.match(await textOf(page, "#trend"), /run 1[\s\S]*, 4 unexpected/);
      await page.locator("#compared tr.broken a").first().click();
      assert.notEqual(await textOf(page, "#panel .surprise-text"), "");
    },
    beside,
  );
});

test("page is alone where there is no other run", options, () =>
  open({ conditions: 20 }, async (page) => {
    for (const id of ["compared", "trend"]) assert.ok(await page.locator(`#${id}`).isHidden());
  }),
);

test("page paints 100,000 cells and leads to a reason", options, () =>
  open({ conditions: 2500, surpriseEvery: 500 }, async (page) => {
    assert.match(await textOf(page, "#facts"), /100,000 cells/);
    assert.equal(await page.locator(".square").count(), 189);
    assert.equal(await page.locator("#panel .list > li").count(), 50);
    await page.locator(".square.surprise").first().click();
    await page.locator("#panel .list a").first().click();
    await page.locator("#panel .list a").first().click();
    assert.notEqual(await textOf(page, "#panel .surprise-text"), "");
  }),
);
