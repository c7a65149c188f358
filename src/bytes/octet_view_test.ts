import assert from "node:assert/strict";
import { test } from "node:test";
import { OctetView } from "./octet_view.ts";

const OCTETS = new Uint8Array([0xff, 0x01, 0x82, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88]);

test("OctetView reads integers of either order", () => {
  const little = new OctetView(OCTETS, true);
  const big = new OctetView(OCTETS, false);
  assert.deepEqual([little.u16(1), big.u16(1)], [0x8201, 0x0182]);
  assert.deepEqual([little.u32(0), big.u32(0)], [0x038201ff, 0xff018203]);
  assert.deepEqual([little.i32(5), big.i32(0)], [-0x77f8f9fb, -0xfe7dfd]);
  assert.equal(little.u64(1), 0x8807060504038201n);
  assert.equal(big.u64(1), 0x0182030405060788n);
  assert.throws(() => little.u32(6), RangeError);
});

test("OctetView writes what it reads, in a view that begins later", () => {
  for (const isLittle of [true, false]) {
    const view = new OctetView(new Uint8Array(20).subarray(2, 18), isLittle);
    view.putU16(0, 0x1234);
    view.putU32(2, 0xfedcba98);
    view.putU64(6, 0xfedcba9876543210n);
    assert.deepEqual(
      [view.u16(0), view.u32(2), view.u64(6)],
      [0x1234, 0xfedcba98, 0xfedcba9876543210n],
    );
    assert.equal(view.octets[0], isLittle ? 0x34 : 0x12);
  }
});

test("OctetView.text() has one character for each octet, however many", () => {
  for (const size of [0, 1, 256, 4096, 4097, 70_000]) {
    const octets = Uint8Array.from({ length: size }, (_, index) => index);
    const text = new OctetView(octets, true).text(0, size);
    assert.equal(text.length, size);
    const again = new OctetView(new Uint8Array(size), true);
    again.putText(0, text);
    assert.deepEqual(again.octets, octets);
  }
});

test("OctetView.isZero() looks at nothing outside of its range", () => {
  const view = new OctetView(new Uint8Array([1, 0, 0, 1]), true);
  assert.ok(view.isZero(1, 3));
  assert.ok(view.isZero(4, 4));
  assert.ok(!view.isZero(0, 3));
  assert.ok(!view.isZero(1, 4));
});
