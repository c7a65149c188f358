import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodePacket,
  encodePacket,
  NT_STATUS,
  OPERATION,
  PACKET_SIZE,
  STORVSP_VERSION,
} from "./packet.ts";
import { wordIn, wordPayload } from "./packet_payloads.ts";

test("encodePacket() writes the header little endian and pads the payload", () => {
  const octets = encodePacket({
    operation: OPERATION.QUERY_PROTOCOL_VERSION,
    status: NT_STATUS.REVISION_MISMATCH,
    payload: wordPayload(STORVSP_VERSION),
  });
  assert.equal(octets.length, PACKET_SIZE);
  // operation, flags, status, version
  const head = [9, 0, 0, 0, 0, 0, 0, 0, 0x59, 0, 0, 0xc0, 0x02, 0x06, 0, 0];
  assert.deepEqual([...octets.subarray(0, 16)], head);
  assert.ok(octets.subarray(16).every((octet) => octet === 0));
});

test("decodePacket() finds what was written, and refuses less than a header", () => {
  const packet = { operation: 3, status: 0, payload: wordPayload(0x0501) };
  const decoded = decodePacket(encodePacket(packet));
  assert.equal(decoded?.operation, 3);
  assert.ok(decoded !== null);
  assert.equal(wordIn(decoded), 0x0501);
  assert.equal(decodePacket(new Uint8Array(11)), null);
});
