import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery, parseQuestion, QueryError } from "./query.ts";
import type { Vocabulary } from "./query_check.ts";
import { type Facts, matcherOf } from "./query_match.ts";

const RELEASES = ["2411", "2505", "1.7.2511", "main"];
const VOCABULARY: Vocabulary = new Map([
  ["writer", { values: RELEASES, ordered: true, of: "edge" }],
  ["reader", { values: RELEASES, ordered: true, of: "edge" }],
  ["request", { values: ["none", "nvme>none"], of: "edge" }],
  ["hop", { values: RELEASES, ordered: true, of: "hop" }],
  ["hop.pool", { values: ["large", "small"], of: "hop" }],
  ["at", { numeric: true, of: "place" }],
  ["edge", { numeric: true }],
  ["reason", {}],
  ["date", { time: true }],
]);

type Texts = Readonly<Record<string, string>>;

function factsOf(texts: Texts): Facts {
  return (name) => texts[name];
}

function matches(text: string, facts: Texts, ...releases: readonly string[]): boolean {
  const hops = releases.map((hop, at) => {
    return factsOf({ hop, "hop.pool": at === 0 ? "large" : "small", at: String(at) });
  });
  const edges = releases.slice(1).map((reader, at) => {
    return factsOf({ writer: releases[at] ?? "", reader, at: String(at) });
  });
  return matcherOf(parseQuery(text), VOCABULARY)(factsOf(facts), () => ({ hops, edges }));
}

test("parseQuery() binds & closer than |, and ! closest", () => {
  const facts = { writer: "2505", reader: "main" };
  assert.equal(matches("writer=main | writer=2505 & reader=main", facts), true);
  assert.equal(matches("(writer=main | writer=2505) & reader=2505", facts), false);
  assert.equal(matches("!writer=main & reader=main", facts), true);
  assert.equal(matches("!(writer=2505 & reader=main)", facts), false);
  assert.equal(matches("not writer=2505 or reader=main and writer=2505", facts), true);
});

test("matcherOf() takes lists, patterns, parts of text and what is not there", () => {
  const facts = { writer: "2505", reason: 'queue "7" is gone' };
  assert.equal(matches("writer=2411,2505", facts), true);
  assert.equal(matches("writer!=2411,2505", facts), false);
  assert.equal(matches("writer!=2411,main", facts), true);
  assert.equal(matches("writer=25*", facts), true);
  assert.equal(matches("reason~gone", facts), true);
  assert.equal(matches('reason~"queue \\"7\\""', facts), true);
  assert.equal(matches("reason=gone", facts), false);
  assert.equal(matches("reader=main", facts), false);
  assert.equal(matches("reader!=main", facts), true);
  assert.equal(matches("reader=*", facts), false);
  assert.equal(matches('request="nvme>none"', { request: "nvme>none" }), true);
});

test("matcherOf() compares releases by their order and numbers as such", () => {
  const facts = { writer: "1.7.2511", edge: "10" };
  assert.equal(matches("writer<1.7.2511", facts), false);
  assert.equal(matches("writer<=1.7.2511", facts), true);
  assert.equal(matches("writer>2505", facts), true);
  assert.equal(matches("writer>=main", facts), false);
  assert.equal(matches("edge>9", facts), true);
  assert.equal(matches("edge<10", facts), false);
  assert.equal(matches("reader>2411 | reader<=2411", facts), false);
});

test("exists, all and none ask all hops or all edges of a path", () => {
  const path = ["2505", "main", "2505"] as const;
  for (const [text, wanted] of [
    ["exists(hop=main)", true],
    ["exists(hop=2411)", false],
    ["all(hop>=2505)", true],
    ["all(hop=2505)", false],
    ["none(hop=2411)", true],
    ["none(hop=main)", false],
    ["!none(hop=main)", true],
    // One hop must be both.
    ["exists(hop=main & hop.pool=small)", true],
    ["exists(hop=main & hop.pool=large)", false],
    ["exists(hop=main) & exists(hop.pool=large)", true],
    ["all(hop=2505 | at=1)", true],
    ["exists(at=3)", false],
    ["exists(writer=main & reader=2505)", true],
    ["exists(writer=2505 & reader=2505)", false],
    ["all(writer=main | reader=main)", true],
    ["none(writer>2505 & at=0)", true],
    ["none(writer>2505 & at=1)", false],
    // What the edge is that the cell speaks of is another matter.
    ["writer=2411 & all(hop!=2411)", true],
  ] as const) {
    assert.equal(matches(text, { writer: "2411" }, ...path), wanted, text);
  }
});

test("matcherOf() compares times as far as they are given", () => {
  const facts = { date: "2026-11-27T14:30:05Z" };
  for (const [text, wanted] of [
    ["date=2026-11-27", true],
    ["date=2026-11", true],
    ["date=2026-11-26,2026-11-27", true],
    ["date!=2026-11-27", false],
    ["date!=2026-11-26,2026-11-28", true],
    ["date<=2026-11-27", true],
    ["date<2026-11-27", false],
    ["date>2026-11-27", false],
    ["date>2026-11-27T14:29", true],
    ["date>=2026-11-27T14:31", false],
    ["date=2026-11-27T14:30:05Z", true],
    ["date=*", true],
    ["date!=*", false],
    ["date~T14", true],
  ] as const) {
    assert.equal(matches(text, facts), wanted, text);
  }
  for (const text of ["date=2026", "date<=2026", "date>=2026", "date=*"]) {
    assert.equal(matches(text, {}), false, text);
  }
});

test("parseQuestion() reads counts, their bounds, and sequences", () => {
  assert.equal(parseQuestion("writer=2505").counts, false);
  assert.equal(parseQuestion("count(writer=2505)").counts, true);
  const { bound, then } = parseQuestion("count(seq(writer=2505, reader=main)) <= 3");
  assert.deepEqual(bound, { relation: "<=", number: 3 });
  assert.deepEqual(then, {
    kind: "test",
    name: "reader",
    relation: "=",
    values: ["main"],
    letter: 24,
  });
  const { query, then: next } = parseQuestion("seq(writer=2505,main, reader=main,2505)");
  assert.deepEqual(query, {
    kind: "test",
    name: "writer",
    relation: "=",
    values: ["2505", "main"],
    letter: 5,
  });
  assert.deepEqual((next as { values: unknown }).values, ["main", "2505"]);
});

test("parseQuery() and matcherOf() say in one line what is wrong", () => {
  for (const [text, words] of [
    ["", "it must have more: it ends"],
    ["writer", "it must have = or another relation: it ends"],
    ["writer=", "it must have more: it ends"],
    ["writer=2505 reader=main", "it must have & or | or its end: there is reader=main"],
    ["writer=2505 &", "it must have more"],
    ["(writer=2505", "it must have ): it ends"],
    ['reason="open', "a quote must end"],
    ["writer==2505", "it must have a value"],
    ["wrter=2505", "Cannot query wrter as its name must be one of writer, reader"],
    ["writer=2506", "writer must be one of 2411, 2505, 1.7.2511, main: current value is 2506"],
    ["reason<3", "it must have an order"],
    ["writer<2505,main", "an order has one value"],
    ["edge=x", "it must be a number"],
    [`${"(".repeat(101)}writer=2505${")".repeat(101)}`, "at most 100 brackets"],
    ["count(writer=2505) > x", "must have = or another relation: there is (writer=2505)"],
    ["writer=2505 reader=main", "reader=main (at letter 13)"],
    ["(writer=2505", "it ends (at letter 13)"],
    ['writer=2505 & reason="öpen', "must end (at letter 22)"],
    ["reason=ö𝒳 & wrter=2505", "writer, reader, request, edge, reason, date (at letter 13)"],
    ["exists(hop=2505", "must have ): it ends (at letter 16)"],
    ["exists hop=2505", "must have = or another relation: there is hop=2505 (at letter 8)"],
    ["all()", "must have a name: there is ) (at letter 5)"],
    [
      "all(hop=main & none(at=1))",
      "no none within another one: there is none(at=1)) (at letter 16)",
    ],
    ["hop=2505", "Cannot query hop as it must stand in exists(...), all(...) or none(...)"],
    ["at=1", "Cannot query at as it must stand in exists(...)"],
    [
      "none(reason~x)",
      "reason in none(...) as its name must be one of writer, reader, request, hop",
    ],
    ["all(hop=2506)", "hop must be one of 2411, 2505, 1.7.2511, main: current value is 2506"],
    ["exists(hop=main & writer=2505)", "hops or about edges: it is about both (at letter 1)"],
    ["date>yesterday", "Cannot query date>yesterday as it must be a time such as 2026-11"],
    ["date=2026-13", "must be a time"],
    ["date=2026-02-30", "must be a time"],
    ["date=2026-11-27T14", "must be a time"],
    ["date<*", "must be a time"],
    ["date<2026,2027", "an order has one value"],
  ] as const) {
    const run = () => matcherOf(parseQuery(text), VOCABULARY);
    assert.throws(run, (error) => {
      assert.ok(error instanceof QueryError, text);
      assert.ok(error.message.includes(words), error.message);
      return !error.message.includes("\n");
    });
  }
  assert.throws(() => parseQuestion("count(writer=2505) > x"), /must have a number/);
  assert.doesNotThrow(() => parseQuery(`${"(".repeat(99)}writer=2505${")".repeat(99)}`));
});
