import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { TYPE } from "../../src/xenstore/mod.ts";
import { sequenceOf } from "./generator.ts";

const MANY = Array.from({ length: 200 }, (_, number) => sequenceOf(1, number, 250));

test("sequenceOf() gives the same sequence for the same seed and number only", () => {
  assertEquals(sequenceOf(1, 5, 100), sequenceOf(1, 5, 100));
  const texts = MANY.map((steps) => JSON.stringify(steps));
  assertEquals(new Set(texts).size, MANY.length);
  assertEquals(JSON.stringify(sequenceOf(2, 0, 250)) === texts[0], false);
});

test("sequenceOf() makes every request that all daemons have, in transactions too", () => {
  // Those of 4.21 and later, and what only daemons send.
  const foreign = ["WATCH_EVENT", "ERROR", "GET_FEATURE", "SET_FEATURE", "GET_QUOTA", "SET_QUOTA"];
  for (const kind of Object.keys(TYPE).filter((name) => !foreign.includes(name))) {
    const made = MANY.flat().filter((step) => step.kind === kind);
    assertEquals(made.length > 100, true, kind);
    assertEquals(
      made.some(({ tx }) => tx !== ""),
      true,
      `${kind} in a transaction`,
    );
    assertEquals(
      made.some(({ client }) => client.startsWith("dom")),
      true,
      `${kind} of a guest`,
    );
  }
});

test("sequenceOf() has several transactions open at a time, bursts, and domains that go", () => {
  const all = MANY.flat();
  assertEquals(all.filter(({ times }) => times > 100).length > 5, true);
  assertEquals(all.filter(({ kind }) => kind === "DESTROY").length > 20, true);
  assertEquals(all.filter(({ body }) => body.length > 4096).length > 5, true);
  const overlapping = MANY.filter((steps) => {
    const open = new Set<string>();
    return steps.some(({ kind, tx, opens, client }) => {
      if (kind === "TRANSACTION_END") open.delete(`${client} ${tx}`);
      if (opens !== "") open.add(`${client} ${opens}`);
      return new Set([...open].map((it) => it.split(" ")[0])).size >= 3;
    });
  });
  assertEquals(overlapping.length > 100, true);
});

test("sequenceOf() has clients that leave in a header, in a body, and behind a request", () => {
  const left = MANY.flat().filter(({ kind }) => kind === "LEAVE");
  const lengthOf = (body: string) => Buffer.from(body, "latin1").readUInt32LE(12) + 16;
  const cuts = left.map(({ body }) => {
    if (body.length < 16) return body === "" ? "at once" : "in a header";
    return body.length < lengthOf(body) ? "in a body" : "behind a request";
  });
  for (const cut of ["at once", "in a header", "in a body", "behind a request"]) {
    assertEquals(cuts.filter((it) => it === cut).length > 50, true, cut);
  }
  // Behind a whole request never a whole header: C xenstored would wait for a body.
  const more = left.map(({ body }) => (body.length < 16 ? 0 : body.length - lengthOf(body)));
  assertEquals(Math.max(...more) < 16, true);
});
