import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRequest, MessageCutter } from "./message.ts";

/** READ of /a, request 3 in transaction 5, by hand from struct xsd_sockmsg. */
const READ_A = Uint8Array.from([
  ...[2, 0, 0, 0], // type: XS_READ
  ...[3, 0, 0, 0], // req_id
  ...[5, 0, 0, 0], // tx_id
  ...[3, 0, 0, 0], // len
  ...[0x2f, 0x61, 0], // "/a" and its NUL
]);

test("encodeRequest() writes the header of xs_wire.h", () => {
  assert.deepEqual(encodeRequest("READ", 3, 5, "/a\0"), READ_A);
});

test("encodeRequest() writes each character as one octet", () => {
  assert.deepEqual(
    [...encodeRequest("WRITE", 1, 0, "/\0\xff\x80").subarray(16)],
    [0x2f, 0, 255, 128],
  );
});

test("MessageCutter.cut() finds the same messages wherever the octets are cut", () => {
  const two = Buffer.concat([READ_A, encodeRequest("DIRECTORY", 4, 0, "")]);
  for (let at = 0; at <= two.length; at++) {
    const cutter = new MessageCutter();
    const found = [...cutter.cut(two.subarray(0, at)), ...cutter.cut(two.subarray(at))];
    assert.deepEqual(found, [
      { type: 2, reqId: 3, txId: 5, body: "/a\0" },
      { type: 1, reqId: 4, txId: 0, body: "" },
    ]);
  }
});
