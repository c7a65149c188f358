import assert from "node:assert/strict";
import { test } from "node:test";
import { product } from "../product.ts";
import type { ConditionResult, Report } from "../report.ts";
import { HEADER, KNOWN, REPORT, RESULTS } from "../reporters/sample_report.ts";

/** What an adapter may say, by what it would do to a careless reporter. */
const HOSTILE: Readonly<Record<string, string>> = {
  "controls of a terminal": "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\b\u0000",
  "the end of a text in XML": "]]></failure><script>alert(1)</script>",
  "the end of a script": "</script><script>alert(1)</script><!--<script>",
  "a command of a workflow": "x\n::error title=owned::text\n::add-mask::x",
  "a line that never ends": "long ".repeat(200_000),
  "a word that never ends": "w".repeat(1_000_000),
  "text that runs backwards": "\u202egnp.exe\u2066\u200f\u2069\u061c\u00ad\u200b",
  "lines of another kind": "a\u2028b\u2029c\u0085d\ufeff",
  "half a character": "\ud800 \udc00",
  Markdown: "| a | b |\n# Title\n```\n[x](javascript:alert(1)) <img onerror=alert(1)> `` ` ``",
  "backticks in a row": "``<script>alert(1)</script> ` ```` ![x](https://x/y.png)",
  "no characters at all": "a\ufffeb\uffff",
  "test points": "\nok 1 - mine\nBail out!\n1..0 # SKIP\n  ---\n  ...\n# TODO",
  "the prototype": "__proto__",
  "entities and ampersands": "&lt;&amp;&#0;&\"'<>%0A::error::",
};

/** Characters that a reporter may write: none that hides, moves or rewrites what is there. */
const FORBIDDEN =
  /(?!\n)[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/u;

/** A report in which everything that an adapter may say is `text`. */
function reportSaying(text: string): Report {
  const name = (before: string) => before + text;
  const hop = { implementation: name("i"), release: name("r"), inputs: { [name("a")]: name("v") } };
  const known = { ...KNOWN, name: name("k"), reason: text, note: text, link: `https://x/${text}` };
  const cells = [
    { scenario: name("s/"), verdict: "crashed", reason: text, edge: 0, surprise: text },
    { scenario: "s/b", verdict: "refused", reason: text, edge: 0, expected: known.name },
    { scenario: "s/c", verdict: "unsupported", reason: text },
  ] as const;
  const result: ConditionResult = {
    type: "condition",
    name: name("n"),
    condition: { path: [hop, hop], settings: { [name("s")]: name("v") } },
    transcript: [{ event: "saved", release: name("r"), detail: text }],
    cells: [...cells],
    adapterFault: text,
  };
  const axes = [{ name: name("a"), per: "hop", values: [name("v")], meaning: text }] as const;
  const scenarios = [{ id: name("s/"), must: text, source: text }];
  const pruned = [{ name: name("p"), reason: text, count: 1 }];
  const end = { conditions: 1, cells: 3, verdicts: { crashed: 1 }, surprises: 1 };
  return {
    header: {
      ...HEADER,
      implementation: name("i"),
      releases: [name("r")],
      axes,
      pruned,
      scenarios,
      expectations: [known],
      selection: [text],
    },
    conditions: () => [result, { ...result, cells: cells.slice(1), name: name("m") }],
    end: { type: "end", ...end, stale: [text], expired: [text], adapterFaults: 1 },
  };
}

/** Longest text that a report with one surprise comes to; a page brings its script. */
const LENGTH_MAX = 400_000;

for (const [name, reporter] of Object.entries(product.reporters)) {
  test(`${name} is safe against hostile text`, { timeout: 60_000 }, () => {
    for (const [what, text] of Object.entries(HOSTILE)) {
      const baseline = reportSaying("what it said before");
      const shown = [...reporter({ ...reportSaying(text), baseline })].join("");
      const found = FORBIDDEN.exec(shown);
      assert.equal(
        found,
        null,
        `${what}: ${JSON.stringify(shown.slice((found?.index ?? 0) - 40))}`,
      );
      assert.ok(shown.isWellFormed(), what);
      if (name !== "ndjson") assert.ok(shown.length < LENGTH_MAX, `${what}: ${shown.length}`);
      CHECKS[name]?.(shown, what);
    }
  });
}

/** What the format of a reporter demands besides. */
const CHECKS: Readonly<Record<string, (shown: string, what: string) => void>> = {
  ndjson: (shown) => {
    const lines = shown.trimEnd().split("\n");
    assert.equal(lines.length, 4);
    for (const line of lines) JSON.parse(line);
  },
  sarif: (shown) => JSON.parse(shown),
  gitlab: (shown) => JSON.parse(shown),
  "statement-json": (shown) => JSON.parse(shown),
  junit: (shown, what) => demandXml(shown, what),
  badge: (shown, what) => demandXml(shown, what),
  html: (shown, what) => {
    const data = shown.split('<script type="application/json" id="report">')[1] ?? "";
    const [block = "", ...rest] = data.split("</script>");
    JSON.parse(block);
    assert.equal(rest.length, REST_OF_PAGE, what);
    assert.doesNotMatch(block, /</);
  },
  github: (shown, what) => {
    const lines = shown.trimEnd().split("\n");
    assert.equal(lines.length, 4, what);
    for (const line of lines) assert.match(line, /^::(error|notice) title=[^:,]*::/, what);
  },
  tap: (shown, what) => {
    const lines = shown.trimEnd().split("\n");
    const points = lines.filter((line) => /^(not )?ok /.test(line));
    assert.equal(points.length, 4, what);
    assert.equal(lines.at(-1), "1..4");
    assert.ok(
      lines.slice(1, -1).every((line) => /^(not ok \d| {2})/.test(line)),
      what,
    );
    assert.equal(points.filter((line) => /(^|[^\\])# TODO/.test(line)).length, 0, what);
  },
  markdown: demandMarkdown,
  "github-summary": demandMarkdown,
  statement: demandMarkdown,
  change: demandMarkdown,
  findings: demandMarkdown,
};

/** Pieces of the page behind its data: its own script ends there. */
const REST_OF_PAGE = [...(product.reporters.html?.(REPORT) ?? [])]
  .join("")
  .split('id="report">')[1]
  ?.split("</script>")
  .slice(1).length;

/** Elements are closed in order, and no text has what ends one. */
function demandXml(text: string, what: string): void {
  const open: string[] = [];
  const rest = text.replace(/<\?xml[^>]*\?>/, "").replace(ELEMENT, (_, end, name, attributes) => {
    if (end === "/") assert.equal(open.pop(), name, what);
    else if (!attributes.endsWith("/")) open.push(name);
    return "";
  });
  assert.deepEqual(open, [], what);
  assert.doesNotMatch(rest, /[<>]|&(?!(lt|gt|amp|quot|#\d+);)/, what);
}

const ELEMENT = /<(\/?)([a-z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*\s*\/?)>/g;

/** No line begins a block of its own, and no tag or link is made. */
function demandMarkdown(text: string, what: string): void {
  const outside = outsideOfCode(text.replace(/```text[\s\S]*?\n```\n/g, "")).replace(
    /<https?:\/\/[^<>\s]*>/g,
    "<https://address>",
  );
  assert.doesNotMatch(outside, /(^|[^\\])<(?!https?:\/\/[^<>\s]*>)[a-z/!]/i, what);
  assert.doesNotMatch(outside, /(^|[^\\])\]\((?!<https?:\/\/)/, what);
  assert.doesNotMatch(text, /^# Title/m, what);
}

/** What is no code span: one begins and ends with rows of backticks of the same length. */
function outsideOfCode(text: string): string {
  let outside = "";
  for (let at = 0; at < text.length; ) {
    const [row = ""] = /^`*/.exec(text.slice(at, at + 100)) ?? [];
    const line = text.slice(at + row.length).split("\n", 1)[0] ?? "";
    const ends = row === "" ? [] : [...line.matchAll(/`+/g)];
    const end = ends.find(([it]) => it === row);
    if (end !== undefined) {
      at += row.length + end.index + row.length;
      continue;
    }
    // Behind a backslash stands what begins nothing.
    const length = text[at] === "\\" ? 2 : Math.max(1, row.length);
    outside += text.slice(at, at + length);
    at += length;
  }
  return outside;
}

test("the sample says what hostile text is compared with", () => {
  assert.ok(RESULTS.length > 0);
});
