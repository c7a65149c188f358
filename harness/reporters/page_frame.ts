/**
 * A page that needs nothing besides itself. Style and script are named by hash in the
 * Content-Security-Policy, so that nothing else can run and no request can leave; what the page
 * shows is a block of JSON that the script renders as text.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { linkedScript } from "./html_script.ts";

/** What is the same on each page: `html_page/NAME.html`. `head` has a place for `policy`. */
const PIECE = /<!-- (head|theme|noscript) -->/g;

/** Files of a page; a name of a file is a path from this folder. */
export interface PageParts {
  /** HTML with the places `style`, `report` and `script`, and pieces, as comments. */
  readonly frame: string;
  readonly styles: readonly string[];
  /** Modules in the order of their imports; each is plain JavaScript. */
  readonly modules: readonly string[];
}

/** The page before and after its data. */
export function pageFrame(page: PageParts): readonly [string, string] {
  const style = page.styles.map(sourceOf).join("\n");
  const script = linkedScript(page.modules.map((path) => [nameOf(path), sourceOf(path)]));
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}" />`,
    style: `<style>${style}</style>`,
    script: `<script type="module">${script}</script>`,
  };
  const [before, after] = sourceOf(page.frame)
    .replace(PIECE, (_, name) => sourceOf(`html_page/${name}.html`).trimEnd())
    .split("<!-- report -->")
    .map((text) => text.replace(/<!-- (\w+) -->/g, (comment, name) => parts[name] ?? comment));
  if (before === undefined || after === undefined) {
    throw new Error(`Cannot frame the page as ${page.frame} must have one place for the report`);
  }
  return [`${before}<script type="application/json" id="report">`, `</script>${after}`];
}

/** `html_page/dom.js` is `dom`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".js".length);
}

function sourceOf(path: string): string {
  const text = readFileSync(new URL(`./${path}`, import.meta.url), "utf8");
  // A browser hashes what it parsed, and its parser turns CRLF into LF.
  return text.replaceAll("\r\n", "\n");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
