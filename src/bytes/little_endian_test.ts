import assert from "node:assert/strict";
import { test } from "node:test";
import { addressAt, u16At, u32At, u64At } from "./read_little_endian.ts";
import { putAddress, putU16, putU32, putU64 } from "./write_little_endian.ts";

const OCTETS = Uint8Array.of(0x11, 0x22, 0x33, 0xf4, 0x55, 0x66, 0x77, 0x88, 0x99);

test("u16At(), u32At() and u64At() read the least significant octet first", () => {
  assert.equal(u16At(OCTETS, 1), 0x3322);
  assert.equal(u32At(OCTETS, 0), 0xf433_2211);
  assert.equal(u64At(OCTETS, 1), 0x9988_7766_55f4_3322n);
});

test("addressAt() is exact up to the last address", () => {
  const octets = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0);
  assert.equal(addressAt(octets, 0), Number.MAX_SAFE_INTEGER);
});

test("octets behind the end read as zero", () => {
  assert.equal(u16At(OCTETS, 8), 0x99);
  assert.equal(u32At(OCTETS, 7), 0x9988);
  assert.equal(u64At(OCTETS, 9), 0n);
});

test("putU16(), putU32(), putU64() and putAddress() write what was read", () => {
  const octets = new Uint8Array(9);
  putU16(octets, 1, 0x3322);
  assert.equal(u16At(octets, 1), 0x3322);
  putU32(octets, 0, 0xf433_2211);
  assert.deepEqual(octets.subarray(0, 4), OCTETS.subarray(0, 4));
  putU64(octets, 1, 0x9988_7766_55f4_3322n);
  assert.deepEqual(octets.subarray(1), OCTETS.subarray(1));
  putAddress(octets, 0, Number.MAX_SAFE_INTEGER);
  assert.equal(addressAt(octets, 0), Number.MAX_SAFE_INTEGER);
});

test("putU16(), putU32() and putU64() drop what does not fit", () => {
  const octets = new Uint8Array(8);
  putU16(octets, 0, 0x1_0002);
  assert.equal(u16At(octets, 0), 2);
  putU32(octets, 0, 0x1_0000_0003);
  assert.equal(u32At(octets, 0), 3);
  putU64(octets, 0, -1n);
  assert.equal(u64At(octets, 0), 0xffff_ffff_ffff_ffffn);
});
