import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../report.ts";
import { junit } from "./junit.ts";
import { HEADER, REPORT, RESULTS } from "./sample_report.ts";

/** What an element must and may have, and which elements may stand in it, in this order. */
interface Rule {
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly children: readonly string[];
  /** One of its children at most. */
  readonly single?: true;
}

/**
 * What viewers agree on. Source: the schema junit-10.xsd of the Jenkins xUnit plugin, and that of
 * Apache Ant's reports, written down by hand; where they differ, the stricter of the two.
 */
const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    must: [],
    may: ["name", "time", "tests", "failures", "errors", "skipped", "disabled"],
    children: ["testsuite"],
  },
  testsuite: {
    must: ["name", "tests", "failures", "errors"],
    may: ["time", "skipped", "timestamp", "hostname", "id", "package", "disabled"],
    children: ["properties", "testcase", "system-out", "system-err"],
  },
  testcase: {
    must: ["name", "classname", "time"],
    may: ["assertions", "status", "file", "line"],
    children: ["skipped", "error", "failure", "system-out", "system-err"],
    single: true,
  },
  failure: { must: ["type"], may: ["message"], children: [] },
  skipped: { must: [], may: ["type", "message"], children: [] },
};
const COUNTS = ["tests", "failures", "errors", "skipped"] as const;
const TEXTS = new Set(["failure"]);

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<>]*")*)\s*(\/?)>|([^<>]+)/gy;

/** The root element; every octet of `text` must belong to some token. */
function parsed(text: string): Element {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  assert.ok(text.startsWith(declaration));
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  TOKEN.lastIndex = declaration.length;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    assert.ok(found !== null, `no XML: ${text.slice(at, at + 80)}`);
    const [, end, name = "", attributes = "", empty, words] = found;
    const parent = open.at(-1) as Element;
    if (words !== undefined) parent.text += words;
    else if (end === "/") assert.equal(open.pop()?.name, name);
    else {
      const made = { name, attributes: attributesOf(attributes), children: [], text: "" };
      parent.children.push(made);
      if (empty !== "/") open.push(made);
    }
  }
  assert.equal(open.length, 1);
  assert.deepEqual([top.children.length, top.text.trim()], [1, ""]);
  return top.children[0] as Element;
}

function attributesOf(text: string): Record<string, string> {
  const all = [...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const attributes = Object.fromEntries(all);
  assert.equal(Object.keys(attributes).length, all.length, `an attribute comes twice: ${text}`);
  return attributes;
}

function demandElement(element: Element): void {
  const { name, attributes, children, text } = element;
  const rule = RULES[name];
  assert.ok(rule !== undefined, `the schema knows no ${name}`);
  for (const one of rule.must) assert.ok(one in attributes, `${name} lacks ${one}`);
  for (const one of Object.keys(attributes)) {
    assert.ok([...rule.must, ...rule.may].includes(one), `${name} may not have ${one}`);
  }
  const places = children.map((child) => rule.children.indexOf(child.name));
  assert.ok(!places.includes(-1), `${name} may not hold ${children.map((it) => it.name)}`);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    `order in ${name}`,
  );
  if (rule.single) assert.ok(children.length <= 1, `${name} has several outcomes`);
  if (!TEXTS.has(name)) assert.equal(text.trim(), "", `${name} has text`);
  if ("time" in attributes) assert.match(attributes.time ?? "", /^\d+(\.\d+)?$/);
  for (const child of children) demandElement(child);
}

/** A suite counts its own cases, and the root all of them. */
function demandCounts(root: Element): void {
  const sum: Record<string, number> = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  const names = new Set<string>();
  for (const { attributes, children } of root.children) {
    const having = (what: string) =>
      children.filter((it) => it.children.some(({ name }) => name === what)).length;
    const counted = {
      tests: children.length,
      failures: having("failure"),
      errors: having("error"),
      skipped: having("skipped"),
    };
    for (const count of COUNTS) {
      assert.equal(Number(attributes[count]), counted[count], `${count} of ${attributes.name}`);
      sum[count] = (sum[count] ?? 0) + counted[count];
    }
    names.add(attributes.name ?? "");
    const cases = children.map((it) => `${it.attributes.classname} ${it.attributes.name}`);
    assert.equal(new Set(cases).size, cases.length, "a case comes twice");
  }
  assert.equal(names.size, root.children.length, "a suite comes twice");
  for (const count of COUNTS) assert.equal(Number(root.attributes[count]), sum[count], count);
}

/** XML 1.0, production 2: what a document may hold, written or as a reference. */
function demandCharacters(text: string): void {
  assert.doesNotMatch(text, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot|apos|#9|#10|#13);)/);
}

function demandJunit(report: Report): Element {
  const text = [...junit(report)].join("");
  demandCharacters(text);
  const root = parsed(text);
  assert.equal(root.name, "testsuites");
  demandElement(root);
  demandCounts(root);
  return root;
}

test("junit is what the schemas of its viewers take, whatever became of the run", () => {
  const all = demandJunit(REPORT);
  const held = all.children.flatMap(({ children }) => children.flatMap((it) => it.children));
  assert.ok(held.some(({ name }) => name === "failure"));
  demandJunit({ ...REPORT, conditions: () => RESULTS.slice(0, 2) });
  demandJunit({ header: HEADER, conditions: () => [] });
  const known = RESULTS.filter(({ cells }) => cells.some(({ expected }) => expected !== undefined));
  const skipping = demandJunit({ header: HEADER, conditions: () => known });
  const cases = skipping.children.flatMap(({ children }) => children);
  assert.ok(cases.some(({ children }) => children[0]?.name === "skipped"));
});

test("junit has no character that XML cannot hold, wherever it comes from", () => {
  const every = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
  const hostile = `${every}\ud800\udfff\ufffe\uffff]]><!--`;
  const spoiled = RESULTS.map((result) => ({
    ...result,
    name: `${result.name}${hostile}`,
    cells: result.cells.map((cell) => ({
      ...cell,
      scenario: `${cell.scenario}${hostile}`,
      ...(cell.verdict === "passed" ? {} : { reason: hostile }),
    })),
  }));
  const end = { type: "end", conditions: 1, cells: 1, verdicts: {}, surprises: 0 } as const;
  demandJunit({
    header: { ...HEADER, implementation: hostile },
    conditions: () => spoiled,
    end: { ...end, stale: [hostile], expired: [hostile] },
  });
});
