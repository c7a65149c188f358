import assert from "node:assert/strict";
import { test } from "node:test";
import { XenopsError } from "../xenops_interface/mod.ts";
import { readHandshake, writeHandshake, writeText } from "./handshake.ts";
import { readFrame, writeFrame } from "./zstd_frame.ts";

test("writeHandshake() of success is a length of zero", () => {
  assert.deepEqual(writeHandshake(), Uint8Array.of(0, 0));
  assert.equal(readHandshake(Uint8Array.of(0, 0)), undefined);
});

test("readHandshake() gives errors of the interface as they were, others as internal", () => {
  const error = new XenopsError("Cancelled", "7");
  const octets = writeHandshake(error);
  // ["Cancelled","7"] has 17 octets, and the length is big-endian.
  assert.deepEqual([...octets.subarray(0, 3)], [0, 17, "[".charCodeAt(0)]);
  const read = readHandshake(octets);
  assert.deepEqual([read?.tag, read?.payload], ["Cancelled", "7"]);
  const plain = readHandshake(writeText("no space"));
  assert.deepEqual([plain?.tag, plain?.payload], ["Internal_error", "no space"]);
});

test("readHandshake() of what is cut off is an error", () => {
  for (const octets of [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 3, 65)]) {
    assert.equal(readHandshake(octets)?.tag, "Internal_error", `${octets}`);
  }
  assert.equal(writeText("x".repeat(70_000)).length, 0xffff + 2);
});

test("writeFrame() makes a frame of raw blocks that readFrame() takes back, at any length", () => {
  for (const length of [0, 1, 128 * 1024, 128 * 1024 + 1, 300_000]) {
    const octets = Uint8Array.from({ length }, (_, index) => index & 0xff);
    assert.deepEqual(readFrame(writeFrame(octets)), octets, `${length}`);
  }
  // RFC 8878, 3.1.1: magic, descriptor, window; one last raw block of one octet.
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50, 0x09, 0x00, 0x00, 0x41];
  assert.deepEqual([...writeFrame(Uint8Array.of(0x41))], frame);
});

test("readFrame() refuses what is no such frame", () => {
  const frame = writeFrame(Uint8Array.of(1, 2, 3));
  for (let end = 0; end < frame.length; end++) {
    assert.throws(() => readFrame(frame.subarray(0, end)), RangeError, `${end} octets`);
  }
  const compressed = frame.slice();
  compressed[6] = (compressed[6] ?? 0) | 4;
  assert.throws(() => readFrame(compressed), RangeError);
});
