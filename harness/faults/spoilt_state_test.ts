import assert from "node:assert/strict";
import { test } from "node:test";
import { spoilt } from "./spoilt_state.ts";

const STATE = Uint8Array.of(1, 2, 3, 4, 5);

test("spoilt() loses the second half, or never wrote it", () => {
  assert.deepEqual(spoilt("truncated", STATE, 0), Uint8Array.of(1, 2));
  assert.deepEqual(spoilt("torn", STATE, 0), Uint8Array.of(1, 2, 0, 0, 0));
});

test("spoilt() ends no state between two of its fields, where nobody could tell", () => {
  const numbers = Uint8Array.of(0x08, 1, 0x10, 1);
  assert.deepEqual(spoilt("truncated", numbers, 0), Uint8Array.of(0x08));
  const messages = Uint8Array.of(0x0a, 1, 7, 0x0a, 1, 7);
  assert.deepEqual(spoilt("truncated", messages, 0), Uint8Array.of(0x0a, 1));
  const longer = Uint8Array.of(0x0a, 1, 7, 0x0a, 3, 7, 7, 7);
  assert.deepEqual(spoilt("truncated", longer, 0), Uint8Array.of(0x0a, 1, 7, 0x0a));
  assert.deepEqual(spoilt("truncated", Uint8Array.of(8), 0), new Uint8Array());
});

test("spoilt() puts a state behind itself", () => {
  assert.deepEqual(spoilt("doubled", STATE, 0), Uint8Array.of(1, 2, 3, 4, 5, 1, 2, 3, 4, 5));
});

test("spoilt() turns exactly one bit, anywhere", () => {
  const places = new Set<string>();
  for (let draw = 0; draw < 64; draw++) {
    const state = spoilt("flipped", STATE, (draw * 0x0842_1085) >>> 0);
    const changed = [...state].map((octet, at) => octet ^ (STATE[at] ?? 0));
    const bits = changed.map((octet) => octet.toString(2).replaceAll("0", "").length);
    assert.equal(
      bits.reduce((sum, count) => sum + count, 0),
      1,
    );
    places.add(changed.join());
  }
  assert.ok(places.size > 20);
});

test("spoilt() leaves the state that it was given as it was", () => {
  for (const kind of ["truncated", "torn", "doubled", "flipped"] as const) {
    spoilt(kind, STATE, 7);
    assert.deepEqual(STATE, Uint8Array.of(1, 2, 3, 4, 5));
  }
});

test("spoilt() adds fields behind a message and behind those inside of it", () => {
  const state = Uint8Array.of(0x0a, 2, 0x08, 1, 0x10, 0x81, 1);
  const octets = [...spoilt("unknown-fields", state, 0)];
  const unknown = octets.slice(-11);
  assert.deepEqual(octets, [0x0a, 13, 0x08, 1, ...unknown, 0x10, 0x81, 1, ...unknown]);
});

test("spoilt() writes the length of a message that has become long", () => {
  const state = Uint8Array.of(0x0a, 120, ...new Uint8Array(120));
  assert.deepEqual([...spoilt("unknown-fields", state, 0).subarray(0, 3)], [0x0a, 0x83, 1]);
});

test("spoilt() does not add fields to what is no message", () => {
  const other = Uint8Array.of(0x0d, 0, 0, 0, 0);
  assert.throws(() => spoilt("unknown-fields", other, 0), /wire types must be 0 or 2/);
});
