import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { encodeMessage, TYPE } from "../../src/xenstore/mod.ts";
import { cutHeard, firstUnlike, type Heard, textOfHeard } from "./heard.ts";

const EVENT: Heard = { type: TYPE.WATCH_EVENT, reqId: 0, txId: 0, body: "/a\0t\0" };
const ANSWER: Heard = { type: TYPE.READ, reqId: 7, txId: 2, body: "v" };

test("firstUnlike() sees a difference in each field, a missing message and another order", () => {
  const both = [EVENT, ANSWER];
  assertEquals(firstUnlike(both, [{ ...EVENT }, { ...ANSWER }]), -1);
  for (const change of [{ type: TYPE.ERROR }, { reqId: 8 }, { txId: 0 }, { body: "w" }]) {
    assertEquals(firstUnlike(both, [EVENT, { ...ANSWER, ...change }]), 1);
  }
  assertEquals(firstUnlike(both, [EVENT]), 1);
  assertEquals(firstUnlike([ANSWER], both), 0);
  assertEquals(firstUnlike(both, [ANSWER, EVENT]), 0);
});

test("cutHeard() cuts whole messages, and textOfHeard() names them", () => {
  const octets = [
    encodeMessage(TYPE.WATCH_EVENT, { reqId: 0, txId: 0 }, "/a\0t\0"),
    encodeMessage(TYPE.READ, { reqId: 7, txId: 2 }, "v"),
  ];
  const heard = cutHeard(new Uint8Array(Buffer.concat(octets)));
  assertEquals(heard, [EVENT, ANSWER]);
  assertEquals(heard.map(textOfHeard), [String.raw`WATCH_EVENT "/a\0t\0"`, 'READ @2 "v"']);
  assertEquals(textOfHeard(undefined), "nothing");
});
