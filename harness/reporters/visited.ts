/**
 * Pages in a browser, opened from disk as tests see them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const CHROMIUM = process.env.FREEZETHAW_CHROMIUM ?? "/usr/bin/chromium";

/** How a browser is launched. */
export const LAUNCH = {
  executablePath: CHROMIUM,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const required = process.env.FREEZETHAW_REQUIRE_REAL === "1";
const skip = existsSync(CHROMIUM) || required ? false : "chromium is not installed";
/** Of tests with a browser; starting one on a busy machine takes seconds. */
export const browserOptions = { skip, timeout: 120_000 };

/** What is used of a browser, and of its pages. */
interface Browser<P extends VisitedPage> {
  newContext(options: { colorScheme: "light" }): Promise<{
    newPage(): Promise<P>;
    close(): Promise<void>;
  }>;
}

interface VisitedPage {
  on(event: "request", listen: (request: { url(): string }) => void): unknown;
  on(event: "console", listen: (message: { text(): string }) => void): unknown;
  on(event: "pageerror", listen: (error: Error) => void): unknown;
  goto(url: string): Promise<unknown>;
  locator(selector: string): { waitFor(): Promise<void> };
}

/**
 * Opens a page, and visits it once `ready` is there. Checks that it asked for nothing and reported
 * no error.
 */
export async function visited<P extends VisitedPage>(
  browser: Browser<P>,
  pieces: Iterable<string>,
  ready: string,
  visit: (page: P) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-html-"));
  const file = join(folder, "report.html");
  writeFileSync(file, [...pieces].join(""));
  const url = pathToFileURL(file).href;
  const seen: string[] = [];
  // Each has a profile of its own.
  const context = await browser.newContext({ colorScheme: "light" });
  try {
    const page = await context.newPage();
    page.on("request", (request) => seen.push(request.url()));
    page.on("console", (message) => seen.push(message.text()));
    page.on("pageerror", (error) => seen.push(error.message));
    await page.goto(url);
    await page.locator(ready).waitFor();
    await visit(page);
    assert.deepEqual(seen, [url]);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true });
  }
}
