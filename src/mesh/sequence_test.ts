/**
 * Options, lists, arrays, maps and tuples. Bytes are worked out by hand from the encoding rules,
 * or are those of upstream's own unit tests (mesh_protobuf, lib.rs).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { field, message } from "../schema/message.ts";
import { range, unit } from "../schema/standard.ts";
import * as t from "../schema/type.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";

const Empty = message("t.Empty", "", []);
const U32 = message("t.U32", "", [field(1, "x", t.u32)]);

/** A codec of a message with one field, as functions between its value and hexadecimal text. */
function one<V>(type: t.Type<V>) {
  const codec = codecFor(message("t.One", "", [field(1, "a", type)]), "main");
  return {
    write: (a: V) => toHex(codec.encode({ a })),
    read: (hex: string): V => codec.decode(fromHex(hex)).a,
    refuses(hex: string, reason: string): void {
      const matches = (error: unknown) => error instanceof MeshError && error.reason === reason;
      assert.throws(() => codec.decode(fromHex(hex)), matches, `${hex}: ${reason}`);
    },
    /** Checks both directions. */
    is(a: V, hex: string): void {
      assert.equal(toHex(codec.encode({ a })), hex);
      assert.deepEqual(codec.decode(fromHex(hex)).a, a);
    },
  };
}

test("an option writes its value even when it is zero or empty", () => {
  one(t.option(t.u32)).is(null, "");
  one(t.option(t.u32)).is(0, "0800");
  one(t.option(t.u32)).is(5, "0805");
  one(t.option(t.bool)).is(false, "0800");
  one(t.option(t.string)).is("", "0a00");
  one(t.option(t.bytes)).is(new Uint8Array(0), "0a00");
  one(t.option(t.f64)).is(0, "090000000000000000");
  one(t.option(t.u128)).is(0n, `0a10${"00".repeat(16)}`);
  one(t.option(t.ipv6)).is(new Uint8Array(16), `0a10${"00".repeat(16)}`);
  one(t.option(t.duration)).is({ secs: 0n, nanos: 0 }, "0a00");
  one(t.option(t.nested(Empty))).is({}, "0a00");
  one(t.option(t.nested(U32))).is({ x: 0 }, "0a00");
  one(t.option(t.rawMessage)).is(new Uint8Array(0), "0a00");
  one(t.option(unit)).is([], "0a00");
});

test("an option of a message or of octets is merged over its occurrences", () => {
  assert.deepEqual(one(t.option(t.nested(U32))).read("0a0208050a00"), { x: 5 });
  assert.deepEqual(one(t.option(t.bytes)).read("0a01010a0102"), new Uint8Array([1, 2]));
  assert.equal(one(t.option(t.u32)).read("08050800"), 0);
});

test("an option of an option is wrapped", () => {
  const nested = one(t.optionOfOption(t.u32));
  nested.is(null, "");
  nested.is({ some: null }, "0a00");
  nested.is({ some: 5 }, "0a020805");
  nested.is({ some: 0 }, "0a020800");
  assert.deepEqual(nested.read("0a0208050a00"), { some: 5 }); // the empty one adds nothing
  nested.refuses("0805", "expected a message");
});

test("an option of a list is wrapped, and appends over its occurrences", () => {
  const list = one(t.option(t.vec(t.u32)));
  list.is(null, "");
  list.is([], "0a00");
  list.is([5], "0a030a0105");
  assert.deepEqual(list.read("0a030a01050a030a0106"), [5, 6]);
  assert.deepEqual(list.read("0a0510050a0105"), [5]); // field 2 is ignored
});

test("numbers are packed, and read packed, one by one and mixed", () => {
  const numbers = one(t.vec(t.u32));
  numbers.is([], "");
  numbers.is([1, 300, 0], "0a0401ac0200");
  assert.deepEqual(numbers.read("08010a0202030804"), [1, 2, 3, 4]);
  one(t.vec(t.i32)).is([1, 2, 3], "0a03020406");
  one(t.vec(t.bool)).is([true, false], "0a020100");
  one(t.vec(t.f32)).is([1.5, 0], "0a080000c03f00000000");
  one(t.vec(t.f64)).is([1.5], "0a08000000000000f83f");
  one(t.vec(t.char)).is(["A", "\0"], "0a024100");
  numbers.refuses("0d01000000", "expected a varint");
  numbers.refuses("0e0000", "expected a varint"); // a message of wire type 6
  one(t.vec(t.f64)).refuses("0801", "expected a fixed64");
  one(t.vec(t.f32)).refuses("0801", "expected a fixed32");
});

test("packed numbers end with their record", () => {
  one(t.vec(t.u32)).refuses("0a018001", "eof parsing a varint");
  one(t.vec(t.f64)).refuses("0a0700000000000000", "eof parsing a fixed64");
  one(t.vec(t.f32)).refuses("0a03000000", "eof parsing a fixed32");
  one(t.vec(t.nonZeroU32)).refuses("0a020100", "value must be non-zero");
  one(t.vec(t.u32)).refuses("0a05", "eof parsing a byte array");
});

test("a list of anything else is one record for each element, empty ones too", () => {
  one(t.vec(t.string)).is(["", "x"], "0a000a0178");
  one(t.vec(t.bytes)).is([new Uint8Array(0), new Uint8Array([7])], "0a000a0107");
  one(t.vec(t.nested(U32))).is([{ x: 0 }, { x: 5 }], "0a000a020805");
  one(t.vec(t.octets(2))).is([new Uint8Array(2)], "0a020000");
  one(t.vec(t.u128)).is([0n], `0a10${"00".repeat(16)}`);
  one(t.vec(t.string)).refuses("0805", "expected a byte array");
  one(t.vec(t.nested(U32))).refuses("0805", "expected a message");
});

test("a list of sequences wraps each of them", () => {
  // The bytes are upstream's: test_vec and vec![None, Some(true), None].
  one(t.vec(t.vec(t.u32))).is(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    "0a050a030102030a050a03040506",
  );
  one(t.vec(t.vec(t.nested(U32)))).is(
    [[{ x: 64 }, { x: 65 }], [{ x: 66 }]],
    "0a080a0208400a0208410a040a020842",
  );
  one(t.vec(t.option(t.bool))).is([null, true, null], "0a000a0208010a00");
  one(t.vec(t.vec(t.string))).is([[], [""]], "0a000a020a00");
  one(t.vec(t.vec(t.u32))).refuses("0801", "expected a message");
});

test("Box never packs, and otherwise changes nothing", () => {
  one(t.vec(t.boxed(t.u32))).is([1, 0], "08010800");
  one(t.vec(t.boxed(t.u32))).refuses("0a0101", "expected a varint");
  one(t.boxed(t.u32)).is(5, "0805");
  one(t.vec(t.boxed(t.vec(t.u32)))).is([[5]], "0a030a0105");
});

test("an array of numbers is packed only, and always written", () => {
  const numbers = one(t.array(t.u16, 3));
  numbers.is([1, 0, 300], "0a040100ac02");
  numbers.is([0, 0, 0], "0a03000000");
  assert.deepEqual(numbers.read("0a030102030a03040506"), [4, 5, 6]);
  numbers.refuses("", "missing required field");
  numbers.refuses("0a020102", "wrong packed array length");
  numbers.refuses("0a0401020304", "wrong packed array length");
  numbers.refuses("080108020803", "expected a byte array");
  numbers.refuses("0a020180", "eof parsing a varint");
});

test("an array of anything else is a message, and always written", () => {
  one(t.array(t.string, 2)).is(["abc", "def"], "0a0a0a036162630a03646566");
  one(t.array(t.option(t.u32), 2)).is([null, 0], "0a060a000a020800");
  one(t.array(t.nested(U32), 1)).is([{ x: 0 }], "0a020a00");
  one(t.array(t.array(t.u16, 1), 1)).is([[7]], "0a030a0107");
  const strings = one(t.array(t.string, 1));
  assert.deepEqual(strings.read("0a030a01780a030a0179"), ["y"]); // starts anew
  strings.refuses("0a00", "wrong array length");
  strings.refuses("0a060a01780a0179", "wrong array length");
  strings.refuses("0801", "expected a message");
  strings.refuses("", "missing required field");
  one(t.option(t.array(t.u16, 2))).is([0, 0], "0a020000");
});

test("a map is a list of messages in the order of its keys", () => {
  const map = one(t.map(t.u32, t.string));
  map.is(new Map(), "");
  map.is(
    new Map([
      [0, ""],
      [7, "seven"],
    ]),
    "0a000a0908071205736576656e",
  );
  assert.equal(
    map.write(
      new Map([
        [7, "b"],
        [5, "a"],
      ]),
    ),
    "0a0508051201610a050807120162",
  );
  assert.deepEqual(map.read("0a0208050a050805120162"), new Map([[5, "b"]]));
  map.refuses("0801", "expected a message");
  one(t.map(t.string, t.u32)).is(
    new Map([
      ["hi", 6],
      ["hmm", 2],
    ]),
    "0a060a02686910060a070a03686d6d1002",
  );
  one(t.map(t.u32, t.octets(1))).refuses("0a020805", "missing required field");
  const order = one(t.map(t.string, t.u32)).write(
    new Map([
      ["\u{1f980}", 1],
      ["\uffff", 2],
    ]),
  );
  assert.equal(order, "0a070a03efbfbf10020a080a04f09fa6801001"); // by UTF-8, not by UTF-16
});

test("a map inside a sequence is wrapped", () => {
  const map = one(t.option(t.map(t.u32, t.u32)));
  map.is(null, "");
  map.is(new Map(), "0a00");
  map.is(new Map([[1, 2]]), "0a060a0408011002");
  one(t.vec(t.map(t.u32, t.u32))).is([new Map(), new Map([[1, 2]])], "0a000a060a0408011002");
});

test("a tuple is a message with the fields 1, 2, ..., and () an empty one", () => {
  one(t.tuple(t.i32, t.i32)).is([1, 2], "0a0408021004");
  one(t.tuple(t.u32, t.bool)).is([0, false], "");
  one(t.tuple(t.u32, t.bool)).is([0, true], "0a021001");
  one(unit).is([], "");
  assert.deepEqual(one(t.tuple(t.u32, t.bool)).read("0a0208050a021001"), [5, true]); // merged
  one(t.tuple(t.u32, t.octets(1))).refuses("", "missing required field");
  one(range(t.i64)).is({ start: -1n, end: 1n }, "0a0408011002");
  assert.throws(() => one(t.tuple(t.u32, t.bool)).write(5 as never), /must be an array/);
});

test("lists of the wrong kind or length are refused with path and index", () => {
  assert.throws(() => one(t.vec(t.u16)).write([1, -1]), /t\.One\.a\[1\] as it must/);
  assert.throws(
    () => one(t.vec(t.string)).write(["", 5 as never]),
    /t\.One\.a\[1\] as it must be a string/,
  );
  assert.throws(
    () => one(t.array(t.u16, 2)).write([1]),
    /an array of 2: current value is an array of 1/,
  );
  assert.throws(() => one(t.map(t.u32, t.u32)).write([] as never), /must be a Map/);
});
