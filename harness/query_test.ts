import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery, parseQuestion, QueryError } from "./query.ts";
import { matcherOf, type Vocabulary } from "./query_match.ts";

const RELEASES = ["2411", "2505", "1.7.2511", "main"];
const VOCABULARY: Vocabulary = new Map([
  ["writer", { values: RELEASES, ordered: true }],
  ["reader", { values: RELEASES, ordered: true }],
  ["request", { values: ["none", "nvme>none"] }],
  ["edge", { numeric: true }],
  ["reason", {}],
]);

function matches(text: string, facts: Readonly<Record<string, string>>): boolean {
  return matcherOf(parseQuery(text), VOCABULARY)((name) => facts[name]);
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

test("parseQuestion() reads counts, their bounds, and sequences", () => {
  assert.equal(parseQuestion("writer=2505").counts, false);
  assert.equal(parseQuestion("count(writer=2505)").counts, true);
  const { bound, then } = parseQuestion("count(seq(writer=2505, reader=main)) <= 3");
  assert.deepEqual(bound, { relation: "<=", number: 3 });
  assert.deepEqual(then, { kind: "test", name: "reader", relation: "=", values: ["main"] });
  const { query, then: next } = parseQuestion("seq(writer=2505,main, reader=main,2505)");
  assert.deepEqual(query, {
    kind: "test",
    name: "writer",
    relation: "=",
    values: ["2505", "main"],
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
  ] as const) {
    const run = () => matcherOf(parseQuery(text), VOCABULARY);
    assert.throws(run, (error) => error instanceof QueryError && error.message.includes(words));
  }
  assert.throws(() => parseQuestion("count(writer=2505) > x"), /must have a number/);
  assert.doesNotThrow(() => parseQuery(`${"(".repeat(99)}writer=2505${")".repeat(99)}`));
});
