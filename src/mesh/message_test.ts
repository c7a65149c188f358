/**
 * Messages: omission, merging, unknown fields, wire types and the order of refusals. Bytes are
 * worked out by hand from the encoding rules.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { field, message } from "../schema/message.ts";
import * as t from "../schema/type.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";
import { ZEROED_MAX } from "./reader.ts";

const Inner = message("t.Inner", "", [
  field(1, "a", t.u32),
  field(2, "b", t.vec(t.string)),
  field(3, "c", t.octets(1)),
]);
const Plain = message("t.Plain", "", [field(1, "a", t.u32), field(2, "b", t.string)]);
const Outer = message("t.Outer", "", [
  field(16, "first", t.u32),
  field(1, "plain", t.nested(Plain)),
  field(10_000, "far", t.u32),
]);
const Versioned = message("t.Versioned", "", [
  field(1, "a", t.u32),
  field(2, "b", t.u32, { since: "1.7.2511" }),
  field(3, "c", t.u32, { until: "2505" }),
]);

const plain = codecFor(Plain, "main");
const outer = codecFor(Outer, "main");
const inner = codecFor(message("t.Holder", "", [field(1, "in", t.nested(Inner))]), "main");

function refuses(codec: { decode(bytes: Uint8Array): unknown }, hex: string, reason: string): void {
  const matches = (error: unknown) => error instanceof MeshError && error.reason === reason;
  assert.throws(() => codec.decode(fromHex(hex)), matches, `${hex}: ${reason}`);
}

test("a message of defaults has no bytes, and no bytes are a message of defaults", () => {
  const value = { first: 0, plain: { a: 0, b: "" }, far: 0 };
  assert.equal(toHex(outer.encode(value)), "");
  assert.deepEqual(outer.decode(new Uint8Array(0)), value);
});

test("fields are written in the order of declaration, not of their numbers", () => {
  const value = { first: 1, plain: { a: 2, b: "" }, far: 3 };
  // 16 is 8001 and 10000 is 80f104 as tags of varints.
  assert.equal(toHex(outer.encode(value)), "8001010a02080280f10403");
});

test("an undefined field is left out, unless nobody could decode the message", () => {
  assert.equal(toHex(plain.encode({ b: "x" } as never)), "120178");
  assert.equal(toHex(outer.encode({} as never)), "");
  assert.throws(() => inner.encode({ in: { a: 1, b: [] } } as never), {
    name: "EncodeError",
    message: "Cannot encode t.Holder.in.c as it must be present: current value is undefined",
  });
  assert.throws(() => inner.encode({} as never), /t\.Holder\.in as it must be present/);
  assert.throws(
    () => outer.encode({ plain: 5 } as never),
    /t\.Outer\.plain as it must be an object/,
  );
});

test("a message that comes twice is merged field by field", () => {
  const value = inner.decode(fromHex("0a0a080112017812001a0107" + "0a0808021201791a0108"));
  assert.deepEqual(value, { in: { a: 2, b: ["x", "", "y"], c: new Uint8Array([8]) } });
});

test("what the first occurrence brought, the second may lack", () => {
  assert.deepEqual(inner.decode(fromHex("0a031a01070a00")).in.c, new Uint8Array([7]));
  refuses(inner, "0a000a031a0107", "missing required field");
});

test("the default of a nested message is the empty message, with its own demands", () => {
  refuses(inner, "", "missing required field");
});

test("unknown fields of each wire type are passed over", () => {
  const unknown = ["2005", "210102030405060708", "22020102", "2501020304", "2600020102"];
  for (const hex of unknown) {
    assert.deepEqual(plain.decode(fromHex(`0801${hex}120178`)), { a: 1, b: "x" });
  }
  assert.deepEqual(plain.decode(fromHex("0005")), { a: 0, b: "" }); // number 0
});

test("a field's number is cut to 32 bits", () => {
  // 2^32 + 1 as a number: key 8 + 2^35.
  assert.deepEqual(plain.decode(fromHex("888080808001" + "05")), { a: 5, b: "" });
  // Number 2^31 is read apart from number 0 and number 2^28.
  const { unknown } = plain.decodeListing(fromHex("808080804005"));
  assert.equal(unknown[0]?.number, 2 ** 31);
});

test("a record is read in full before its number is looked up", () => {
  for (const tag of ["08", "20"]) {
    refuses(plain, tag, "eof parsing a varint");
  }
  for (const number of [0x08, 0x20]) {
    const tag = (wireType: number) => (number + wireType).toString(16).padStart(2, "0");
    refuses(plain, `${tag(1)}01020304050607`, "eof parsing a fixed64");
    refuses(plain, `${tag(2)}0201`, "eof parsing a byte array");
    refuses(plain, `${tag(2)}80`, "eof parsing a varint");
    refuses(plain, `${tag(2)}8080808010`, "eof parsing a byte array"); // 2^32
    refuses(plain, `${tag(3)}`, "unknown wire type 3");
    refuses(plain, `${tag(4)}`, "unknown wire type 4");
    refuses(plain, `${tag(5)}010203`, "eof parsing a fixed32");
    refuses(plain, `${tag(7)}`, "missing resource");
    refuses(plain, `${tag(6)}01`, "eof parsing a varint");
    refuses(plain, `${tag(6)}0105`, "invalid resource range");
    refuses(plain, `${tag(6)}0005`, "eof parsing a byte array");
    refuses(plain, `${tag(6)}00808080808001`, "eof parsing a byte array");
  }
});

test("the number of resources is cut to 32 bits", () => {
  assert.deepEqual(outer.decode(fromHex("0e808080801002" + "0805")).plain, { a: 5, b: "" });
});

test("wire type 6 is a message where a message is expected, and nothing else", () => {
  assert.deepEqual(outer.decode(fromHex("0e00020805")).plain, { a: 5, b: "" });
  refuses(plain, "1600020102", "expected a byte array");
  refuses(plain, "0e0000", "expected a varint");
});

test("a known number with another wire type is refused", () => {
  refuses(plain, "0a00", "expected a varint");
  refuses(plain, "1005", "expected a byte array");
  refuses(outer, "0805", "expected a message");
  refuses(outer, "0d01020304", "expected a message");
});

test("a release reads and writes the fields that it has", () => {
  const value = { a: 1, b: 2, c: 3 };
  const bytes = (release: string) => toHex(codecFor(Versioned, release).encode(value));
  assert.equal(bytes("2505"), "08011803");
  assert.equal(bytes("1.7.2511"), "08011002");
  const old = codecFor(Versioned, "2505").decodeListing(fromHex("080110021803"));
  assert.deepEqual(old.value, { a: 1, c: 3 });
  assert.deepEqual(old.unknown, [
    { path: "t.Versioned", number: 2, wireType: 0, offset: 2, length: 2 },
  ]);
});

test("unknown fields are listed with path, offset in the whole input and length", () => {
  const { value, unknown } = outer.decodeListing(fromHex("8001010a0708022201ff08" + "03"));
  assert.deepEqual(value.plain, { a: 3, b: "" });
  assert.deepEqual(unknown, [
    { path: "t.Outer.plain", number: 4, wireType: 2, offset: 7, length: 3 },
  ]);
});

test("a message of a release that lacks it has no codec", () => {
  const late = message("t.Late", "", [], { since: "2505" });
  assert.throws(() => codecFor(late, "2411"), /Cannot find t\.Late as a message of the release/);
  assert.throws(() => codecFor(Plain, "2412"), /current value is 2412$/);
});

test("codecFor() returns the same codec for the same message and release", () => {
  assert.equal(codecFor(Plain, "main"), plain);
  assert.notEqual(codecFor(Plain, "2411"), plain);
});

test("a value shares nothing with the input", () => {
  const codec = codecFor(message("t.Bytes", "", [field(1, "a", t.bytes)]), "main");
  const input = fromHex("0a020102");
  const value = codec.decode(input);
  input.fill(9);
  const other = codec.decode(fromHex("0a020304"));
  other.a.fill(7);
  assert.deepEqual(value.a, new Uint8Array([1, 2]));
  assert.equal(
    codec.decode(new Uint8Array([10, 200, 200, 3, ...new Uint8Array(58440)])).a.length,
    58440,
  );
});

test("absent structs may not fill more memory than the limit", () => {
  const Big = message("t.Big", "", [field(1, "page", t.zeroCopy("page", 2 ** 16))]);
  const codec = codecFor(message("t.Bigs", "", [field(1, "list", t.vec(t.nested(Big)))]), "main");
  const most = ZEROED_MAX / 2 ** 16;
  const bytes = (count: number) => new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 10 : 0));
  assert.equal(codec.decode(bytes(most)).list.length, most);
  assert.throws(() => codec.decode(bytes(most + 1)), /more than 67108864 bytes of absent structs/);
});

test("octets in many small occurrences are joined in linear time", { timeout: 20_000 }, () => {
  const codec = codecFor(message("t.Bytes", "", [field(1, "a", t.bytes)]), "main");
  // Copying all that came before each time would move half a terabyte.
  const count = 1_000_000;
  const bytes = new Uint8Array(3 * count).map((_, i) => [10, 1, 7][i % 3] as number);
  assert.equal(codec.decode(bytes).a.length, count);
});
