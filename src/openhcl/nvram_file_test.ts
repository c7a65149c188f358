import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../bytes/hex.ts";
import { ChainError } from "../machine/mod.ts";
import { guid } from "../vmbus/mod.ts";
import { decodeNvramFile, encodeNvramFile, type Variable } from "./nvram_file.ts";

const VARIABLE: Variable = {
  vendor: guid("8be4df61-93ca-11d2-aa0d-00e098032b8c"),
  name: Uint8Array.of(0x41, 0, 0, 0),
  data: Uint8Array.of(0xd0, 0xd1, 0xd2),
  timestamp: Uint8Array.from({ length: 16 }, (_, at) => at + 1),
  attr: 7,
};

test("encodeNvramFile() lays a variable out as upstream's packed struct", () => {
  assert.equal(
    toHex(encodeNvramFile([VARIABLE])),
    "00000000" + // VARIABLE
      "37000000" + // 48 octets of header, 4 of name, 3 of data
      "07000000" +
      "0102030405060708090a0b0c0d0e0f10" +
      "61dfe48bca93d211aa0d00e098032b8c" +
      "0400" +
      "0300" +
      "41000000" +
      "d0d1d2",
  );
});

test("decodeNvramFile() reads what encodeNvramFile() has written", () => {
  const empty = { ...VARIABLE, name: Uint8Array.of(0, 0), data: new Uint8Array(0) };
  const variables = [VARIABLE, empty, { ...VARIABLE, attr: 0x27 }];
  assert.deepEqual(decodeNvramFile(encodeNvramFile(variables)), variables);
  assert.deepEqual(decodeNvramFile(new Uint8Array(0)), []);
});

test("decodeNvramFile() refuses what is cut off, of another type or of two lengths", () => {
  const file = encodeNvramFile([VARIABLE]);
  const refused = (octets: Uint8Array) => assert.throws(() => decodeNvramFile(octets), ChainError);
  refused(file.subarray(0, file.length - 1));
  refused(file.subarray(0, 40));
  refused(file.with(0, 1));
  refused(file.with(44, 5));
  refused(file.with(4, 0));
});
