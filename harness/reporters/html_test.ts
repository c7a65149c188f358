/**
 * The HTML page as text: it needs nothing besides itself and lets nothing in.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { CellResult } from "../report.ts";
import { html } from "./html.ts";
import { type SyntheticOptions, syntheticReport } from "./synthetic_report.ts";

const OPEN = '<script type="application/json" id="report">';
const CLOSE = "</script>";

const HOSTILE = "</script><script>document.title='taken'</script><!-- \u2028 \u202e \u0007 \"'`";

type Change = NonNullable<SyntheticOptions["change"]>;

function pageOf(options: SyntheticOptions): string {
  return [...html(syntheticReport(options))].join("");
}

/** The page without the report. */
function frameOf(page: string): string {
  const start = page.indexOf(OPEN);
  return page.slice(0, start) + page.slice(page.indexOf(CLOSE, start));
}

function hashOf(text: string | undefined): string {
  return `'sha256-${createHash("sha256")
    .update(text ?? "")
    .digest("base64")}'`;
}

test("html allows its own style and script by hash and nothing else", () => {
  const page = pageOf({ conditions: 2 });
  const style = hashOf(/<style>(.*?)<\/style>/s.exec(page)?.[1]);
  const script = hashOf(/<script type="module">(.*?)<\/script>/s.exec(page)?.[1]);
  const policy = [
    "default-src 'none'",
    `style-src ${style}`,
    `script-src ${script}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  assert.ok(page.includes(`Content-Security-Policy" content="${policy.join("; ")}"`));
});

test("html asks for nothing from elsewhere", () => {
  const frame = frameOf(pageOf({ conditions: 2 }));
  assert.doesNotMatch(frame, /<(?:link|img|iframe|object|embed|base|form)\b/);
  assert.doesNotMatch(frame, /\b(?:src|href|action)\s*=\s*["']/);
  assert.doesNotMatch(frame, /@import\s+["'u]|url\(|fetch\(|XMLHttpRequest|WebSocket|import\(/);
  assert.doesNotMatch(frame, /innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

test("html is the same text for the same report", () => {
  const options = { conditions: 40, surpriseEvery: 7 };
  assert.equal(pageOf(options), pageOf(options));
});

test("html keeps hostile text inside of its data", () => {
  const hostile = pageOf({
    conditions: 3,
    change: (result) => ({
      ...result,
      transcript: [{ event: "started", release: HOSTILE, detail: HOSTILE }],
      cells: [{ scenario: HOSTILE, verdict: "failed", reason: HOSTILE, surprise: HOSTILE }],
    }),
  });
  assert.equal(frameOf(hostile), frameOf(pageOf({ conditions: 3 })));
  for (const character of ["\u2028", "\u202e", "\u0007"]) {
    assert.ok(!hostile.includes(character));
  }
});

test("html stays below 4 MB at 240,000 cells", { timeout: 60_000 }, () => {
  let cells = 0;
  const change: Change = (result, index) => {
    cells += result.cells.length;
    return { ...result, cells: result.cells.map((cell, at) => ownReason(cell, index, at)) };
  };
  const page = pageOf({ surpriseEvery: 5, change });
  assert.ok(cells >= 240_000);
  assert.ok(Buffer.byteLength(page) <= 4_000_000, `${Buffer.byteLength(page)} bytes`);
});

/** A broken cell with a reason of its own, as addresses and identifiers make it. */
function ownReason(cell: CellResult, index: number, at: number): CellResult {
  if (cell.verdict === "passed" || cell.verdict === "unsupported") return cell;
  return { ...cell, reason: `${cell.reason} (${index}.${at})` };
}
