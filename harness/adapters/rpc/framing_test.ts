import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, MessageReader, packed } from "./framing.ts";

/** What comes out of `octets`, pushed in pieces of `size`. */
function heard(octets: Buffer, size: number, frames = false, max?: number): Message[] {
  const messages: Message[] = [];
  const reader = new MessageReader((message) => messages.push(message), max);
  reader.frames = frames;
  for (let at = 0; at < octets.length; at += size) reader.push(octets.subarray(at, at + size));
  return messages;
}

test("MessageReader cuts messages wherever the pieces end", () => {
  const text = '{"a":"é"}\n\n{"b":2}\r\n{"c":[3]}\n{"never ends"';
  for (const size of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(heard(Buffer.from(text), size), [{ a: "é" }, { b: 2 }, { c: [3] }]);
  }
});

test("MessageReader takes octets behind a message, newlines and all, when that was agreed", () => {
  const octets = Buffer.from([0x0a, 0x7b, 0xff, 0x0a]);
  const text = '{"id":1,"result":{"state":{"frame":4}}}\n';
  const whole = Buffer.concat([Buffer.from(text), octets, Buffer.from('{"id":2}\n')]);
  for (const size of [1, 3, 1000]) {
    const [first, second] = heard(whole, size, true);
    assert.deepEqual(first, { id: 1, result: { state: new Uint8Array(octets) } });
    assert.deepEqual(second, { id: 2 });
  }
  const empty = heard(Buffer.from('{"params":{"state":{"frame":0}}}\n{}\n'), 5, true);
  assert.deepEqual(empty, [{ params: { state: new Uint8Array(0) } }, {}]);
});

test("packed() puts octets behind a message where that was agreed, and in it elsewhere", () => {
  const state = Uint8Array.of(0x0a, 0xff);
  const message = { id: 1, result: { state } };
  const { text, octets } = packed(message, true);
  assert.equal(text, '{"id":1,"result":{"state":{"frame":2}}}');
  const sent = Buffer.concat([Buffer.from(`${text}\n`), octets ?? new Uint8Array()]);
  assert.deepEqual(heard(sent, 1, true), [message]);
  const inside = packed({ id: 1, params: { state } }, false);
  assert.deepEqual(inside, { text: '{"id":1,"params":{"state":{"base64":"Cv8="}}}' });
});

test("MessageReader leaves a frame that was not agreed on as it is", () => {
  const [message] = heard(Buffer.from('{"result":{"state":{"frame":4}}}\n'), 1000);
  assert.deepEqual(message, { result: { state: { frame: 4 } } });
});

test("MessageReader refuses what is no object, and what is longer than it may be", () => {
  const refused =
    (text: string, frames = false) =>
    () =>
      heard(Buffer.from(text), 4, frames, 16);
  assert.throws(refused("nonsense\n"), /no JSON in a line: "nonsense"/);
  assert.throws(refused("[]\n"), /no JSON object: "\[\]"/);
  assert.deepEqual(refused(`{"a":"${"x".repeat(8)}"}\n`)(), [{ a: "x".repeat(8) }]);
  assert.throws(refused(`{"a":"${"x".repeat(9)}"}\n`), /a line of more than 16 octets/);
  assert.throws(refused("x".repeat(17)), /a line of more than 16 octets/);
  const framed = (n: string) => () =>
    heard(Buffer.from(`{"result":{"state":{"frame":${n}}}}\n`), 4, true, 40);
  assert.throws(framed("41"), /a frame of more than 40 octets: "41"/);
  assert.throws(framed("-1"), /a frame of more/);
  assert.throws(framed('"x"'), /a frame of more/);
});

test("MessageReader passes over some empty lines between messages, and not over a flood", () => {
  let heard = 0;
  const reader = new MessageReader(() => heard++);
  const blanks = Buffer.from("\n".repeat(1_000));
  for (let turn = 0; turn < 3; turn++) {
    reader.push(blanks);
    reader.push(Buffer.from("{}\n"));
  }
  assert.equal(heard, 3);
  reader.push(blanks);
  assert.throws(() => reader.push(Buffer.from("\n")), /^FramingError: more than 1000 empty lines/);
});
