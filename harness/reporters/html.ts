/**
 * HTML: one page that needs nothing besides itself. Style and script are the files of
 * `html_page/`, named by hash in the Content-Security-Policy, so that nothing else can run and no
 * request can leave; the report is a block of JSON that the script renders as text.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Reporter } from "../report.ts";
import { dataOf } from "./html_data.ts";
import { linkedScript } from "./html_script.ts";

/** Modules of the page in the order of their imports; each is plain JavaScript. */
export const PAGE_MODULES = [
  "dom",
  "decode",
  "names",
  "tokens",
  "causes",
  "factors",
  "state",
  "lines",
  "selection",
  "tally",
  "scene",
  "marks",
  "summary_view",
  "filters_view",
  "grid_view",
  "causes_view",
  "guest_view",
  "path_view",
  "conditions_view",
  "cells_view",
  "cell_view",
  "panel_view",
  "theme",
  "compare_view",
  "page",
] as const;

const STYLES = ["theme", "page", "summary", "grid", "causes", "panel", "guest", "compare"] as const;

const STYLE = STYLES.map((name) => sourceOf(`${name}.css`)).join("\n");
const SCRIPT = linkedScript(PAGE_MODULES.map((name) => [name, sourceOf(`${name}.js`)]));
const [BEFORE, AFTER] = pageFrame();

/** Renders `report` as one self-contained page. */
export const html: Reporter = function* (report) {
  yield BEFORE;
  yield* dataOf(report);
  yield AFTER;
};

function sourceOf(name: string): string {
  const text = readFileSync(new URL(`./html_page/${name}`, import.meta.url), "utf8");
  // A browser hashes what it parsed, and its parser turns CRLF into LF.
  return text.replaceAll("\r\n", "\n");
}

/** The page before and after its data. */
function pageFrame(): readonly [string, string] {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}" />`,
    style: `<style>${STYLE}</style>`,
    script: `<script type="module">${SCRIPT}</script>`,
  };
  const [before, after] = sourceOf("page.html")
    .split("<!-- report -->")
    .map((text) => text.replace(/<!-- (\w+) -->/g, (comment, name) => parts[name] ?? comment));
  if (before === undefined || after === undefined) {
    throw new Error("Cannot frame the page as page.html must have one place for the report");
  }
  return [`${before}<script type="application/json" id="report">`, `</script>${after}`];
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
