/**
 * Scalars on the wire. Bytes are worked out by hand from the encoding rules, or are those of
 * upstream's own unit tests (mesh_protobuf, lib.rs).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { field, message } from "../schema/message.ts";
import * as t from "../schema/type.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";

/** A codec of a message with one field, as functions between its value and hexadecimal text. */
function one<V>(type: t.Type<V>, release = "main") {
  const codec = codecFor(message("t.One", "", [field(1, "a", type)]), release);
  return {
    write: (a: V) => toHex(codec.encode({ a })),
    read: (hex: string): V => codec.decode(fromHex(hex)).a,
    refuses(hex: string, reason: string): void {
      const matches = (error: unknown) => error instanceof MeshError && error.reason === reason;
      assert.throws(() => codec.decode(fromHex(hex)), matches, `${hex}: ${reason}`);
    },
  };
}

test("unsigned integers are varints, and zero is left out", () => {
  assert.equal(one(t.u32).write(5), "0805");
  assert.equal(one(t.u32).write(0), "");
  assert.equal(one(t.u8).write(255), "08ff01");
  assert.equal(one(t.u16).write(65535), "08ffff03");
  assert.equal(one(t.u32).write(0xffff_ffff), "08ffffffff0f");
  assert.equal(one(t.u64).write(2n ** 64n - 1n), "08ffffffffffffffffff01");
  assert.equal(one(t.usize).write(0n), "");
  assert.equal(one(t.bool).write(true), "0801");
  assert.equal(one(t.bool).write(false), "");
});

test("a varint grows by an octet at each power of 128", () => {
  const { write, read } = one(t.u64);
  for (let bits = 7n; bits < 64n; bits += 7n) {
    const octets = Number(bits / 7n);
    const largest = 2n ** bits - 1n;
    // The largest value of so many octets is all ones, the next one all zeros and a one.
    assert.equal(write(largest), `08${"ff".repeat(octets - 1)}7f`);
    assert.equal(write(largest + 1n), `08${"80".repeat(octets)}01`);
    assert.equal(read(write(largest)), largest);
    assert.equal(read(write(largest + 1n)), largest + 1n);
  }
});

test("bigints keep every bit around 2^32, 2^53 and 2^64", () => {
  const { write, read } = one(t.u64);
  for (const power of [32n, 53n, 63n, 64n]) {
    for (const delta of [-2n, -1n, 0n, 1n, 2n]) {
      const value = BigInt.asUintN(64, 2n ** power + delta);
      assert.equal(read(write(value)), value);
    }
  }
});

test("integers are cut to their type, never range checked", () => {
  assert.equal(one(t.u8).read("08ac02"), 44); // 300
  assert.equal(one(t.u16).read("08818004"), 1); // 65537
  assert.equal(one(t.u32).read("08818080808001"), 1); // 2^35 + 1
  assert.equal(one(t.i8).read("089003"), -56); // zigzag 400 is 200
  assert.equal(one(t.i16).read("08feff0f"), -1); // zigzag 262142 is 131071, 0x1ffff
  assert.equal(one(t.i32Varint).read("08ffffffff0f"), -1);
  assert.equal(one(t.bool).read("0802"), true);
  assert.equal(one(t.bool).read("0880808080808080808001"), true); // 2^63
});

test("a varint has at most ten octets, and of the tenth one bit counts", () => {
  const { read, refuses } = one(t.u64);
  assert.equal(read(`08${"ff".repeat(9)}7f`), 2n ** 64n - 1n);
  assert.equal(read(`08${"80".repeat(9)}02`), 0n);
  assert.equal(read("088500"), 5n); // padded
  refuses(`08${"80".repeat(10)}01`, "varint too big");
  refuses(`08${"80".repeat(10)}`, "varint too big");
  refuses(`08${"80".repeat(9)}`, "eof parsing a varint");
  refuses("08", "eof parsing a varint");
  refuses("88", "eof parsing a varint");
});

test("signed integers are zigzag varints of 64 bits", () => {
  assert.equal(one(t.i32).write(-1), "0801");
  assert.equal(one(t.i32).write(1), "0802");
  assert.equal(one(t.i8).write(-128), "08ff01");
  assert.equal(one(t.i16).write(32767), "08feff03");
  assert.equal(one(t.i32).write(2147483647), "08feffffff0f");
  assert.equal(one(t.i32).write(-2147483648), "08ffffffff0f");
  assert.equal(one(t.i64).write(-(2n ** 63n)), `08${"ff".repeat(9)}01`);
  assert.equal(one(t.i32).read("08ffffffff0f"), -2147483648);
  assert.equal(one(t.i64).read("08ffffffff0f"), -2147483648n);
});

test("up to 1.7.2511 signed integers beyond 62 bits are misread", () => {
  const minimum = `08${"ff".repeat(9)}01`; // zigzag of -2^63
  const small = `08${"ff".repeat(8)}7f`; // zigzag of -2^62, the last one that is right
  for (const release of ["2411", "2505", "1.7.2511"]) {
    // The arithmetic shift makes all ones of 2^64 - 1, and -1 ^ -1 is 0.
    assert.equal(one(t.i64, release).read(minimum), 0n);
    assert.equal(one(t.i64, release).read(small), -(2n ** 62n));
    assert.equal(one(t.i64, release).write(-(2n ** 63n)), minimum);
    assert.equal(one(t.i32, release).read(minimum), 0);
  }
  for (const release of ["1.8.2607", "main"]) {
    assert.equal(one(t.i64, release).read(minimum), -(2n ** 63n));
  }
});

test("a signed integer with VarintField takes ten octets when negative", () => {
  assert.equal(one(t.i32Varint).write(-2), "08feffffffffffffffff01");
  assert.equal(one(t.i64Varint).write(-1n), "08ffffffffffffffffff01");
  assert.equal(one(t.i32Varint).write(300), "08ac02");
  assert.equal(one(t.i64Varint).read("08ffffffffffffffffff01"), -1n);
});

test("a non-zero integer refuses 0 and has no default", () => {
  assert.equal(one(t.nonZeroU32).write(1), "0801");
  one(t.nonZeroU32).refuses("0800", "value must be non-zero");
  one(t.nonZeroU32).refuses("088080808010", "value must be non-zero"); // 2^32, cut to 0
  one(t.nonZeroU64).refuses("", "value must be non-zero");
  assert.throws(() => one(t.nonZeroU32).write(0), /t\.One\.a as it must be a non-zero integer/);
});

test("floating-point numbers are left out when all bits are zero", () => {
  assert.equal(one(t.f64).write(1.5), "09000000000000f83f");
  assert.equal(one(t.f64).write(0), "");
  assert.equal(one(t.f64).write(-0), "090000000000000080");
  assert.equal(one(t.f64).write(5e-324), "090100000000000000");
  assert.equal(one(t.f32).write(-0.5), "0d000000bf");
  assert.equal(one(t.f32).write(5e-324), "");
  assert.ok(Object.is(one(t.f64).read("090000000000000080"), -0));
  one(t.f64).refuses("09000000000000f8", "eof parsing a fixed64");
  one(t.f32).refuses("0d000000", "eof parsing a fixed32");
});

test("a u128 is 16 octets, the low one first", () => {
  assert.equal(one(t.u128).write(5n), "0a1005000000000000000000000000000000");
  assert.equal(one(t.u128).write(0n), "");
  assert.equal(one(t.u128).read(`0a10${"00".repeat(15)}80`), 2n ** 127n);
  one(t.u128).refuses("0a0105", "wrong buffer size for u128");
  one(t.u128).refuses("0a00", "wrong buffer size for u128");
});

test("a char is a code point, and a surrogate is none", () => {
  assert.equal(one(t.char).write("A"), "0841");
  assert.equal(one(t.char).write("\0"), "");
  assert.equal(one(t.char).write("🦀"), "0880f307"); // U+1F980
  one(t.char).refuses("0880b003", "invalid UTF-32 character"); // 0xd800
  one(t.char).refuses("08808044", "invalid UTF-32 character"); // 0x110000
  one(t.char).refuses("08c180808010", "invalid UTF-32 character"); // not cut to "A"
});

test("strings are strict UTF-8", () => {
  assert.equal(one(t.string).write("hi"), "0a026869");
  assert.equal(one(t.string).write(""), "");
  assert.equal(one(t.string).write("é"), "0a02c3a9");
  assert.equal(one(t.string).read("0a03efbbbf"), "\ufeff");
  one(t.string).refuses("0a01ff", "invalid UTF-8 string");
  one(t.string).refuses("0a03eda080", "invalid UTF-8 string"); // a surrogate
  one(t.string).refuses("0a02c080", "invalid UTF-8 string"); // 0 in two octets
  one(t.string).refuses("0a01c3", "invalid UTF-8 string");
  assert.throws(() => one(t.string).write("\ud800"), /without lone surrogates/);
  const long = "ü".repeat(100);
  assert.equal(one(t.string).read(one(t.string).write(long)), long);
});

test("internet addresses have fixed sizes", () => {
  assert.equal(one(t.ipv4).write(0x7f00_0001), "0d0100007f");
  assert.equal(one(t.ipv6).write(new Uint8Array(16)), "");
  assert.equal(one(t.ipv6).write(new Uint8Array(16).fill(1)), `0a10${"01".repeat(16)}`);
  assert.deepEqual(one(t.ipv6).read(""), new Uint8Array(16));
  one(t.ipv6).refuses("0a0101", "wrong buffer size for ipv6 address");
});

test("a duration is a message of seconds and nanoseconds", () => {
  const { write, read, refuses } = one(t.duration);
  assert.equal(write({ secs: 1n, nanos: 500_000_000 }), "0a0808011080cab5ee01");
  assert.equal(write({ secs: 0n, nanos: 0 }), "");
  assert.deepEqual(read("0a020801"), { secs: 1n, nanos: 0 });
  assert.deepEqual(read("0a0208010a021002"), { secs: 1n, nanos: 2 }); // merged
  refuses("0a06108094ebdc03", "duration out of range"); // 1000000000
  refuses(`0a0b08${"80".repeat(9)}01`, "duration out of range"); // 2^63
});

test("octets of a fixed length are always written, and have no default", () => {
  const { write, read, refuses } = one(t.octets(3));
  assert.equal(write(new Uint8Array(3)), "0a03000000");
  assert.deepEqual(read("0a03010203"), new Uint8Array([1, 2, 3]));
  assert.deepEqual(read("0a030102030a03040506"), new Uint8Array([4, 5, 6]));
  refuses("", "missing required field");
  refuses("0a020102", "wrong packed array length");
  refuses("0801", "expected a byte array");
  assert.throws(() => write(new Uint8Array(2)), /must be a Uint8Array of 3: .* of 2$/);
});

test("a repr(C) struct is always written, and zero when it is missing", () => {
  const { write, read, refuses } = one(t.zeroCopy("spec.Two", 2));
  assert.equal(write(new Uint8Array(2)), "0a020000");
  assert.deepEqual(read(""), new Uint8Array(2));
  refuses("0a0101", "invalid byte size for type");
  refuses("0e0000", "expected a byte array"); // a message of wire type 6
});

test("Vec<u8> appends to itself where protobuf would take the last", () => {
  const { write, read, refuses } = one(t.bytes);
  assert.equal(write(new Uint8Array([7])), "0a0107");
  assert.equal(write(new Uint8Array(0)), "");
  assert.deepEqual(read("0a0201020a0103"), new Uint8Array([1, 2, 3]));
  refuses("0805", "expected a byte array");
});

test("nothing of an impossible type can be read or written", () => {
  const { refuses } = one(t.option(t.infallible));
  refuses("0801", "field cannot exist");
  one(t.infallible).refuses("", "field cannot exist");
  assert.equal(one(t.option(t.infallible)).write(null), "");
});

test("values outside of their type are refused with path and value", () => {
  const cases: [() => unknown, RegExp][] = [
    [
      () => one(t.u8).write(256),
      /Cannot encode t\.One\.a as it must be an integer from 0 to 255: current value is 256$/,
    ],
    [() => one(t.u32).write(-1), /from 0 to 4294967295: current value is -1$/],
    [() => one(t.u32).write(1.5), /current value is 1\.5$/],
    [() => one(t.i8).write(128), /from -128 to 127: current value is 128$/],
    [() => one(t.u64).write(2n ** 64n), /64 bits: current value is 18446744073709551616$/],
    [() => one(t.u64).write(-1n), /64 bits: current value is -1$/],
    [() => one(t.i64).write(2n ** 63n), /64 bits: current value is 9223372036854775808$/],
    [() => one(t.u128).write(2n ** 128n), /128 bits/],
    [() => one(t.u64).write(5 as never), /must be a bigint: current value is 5$/],
    [() => one(t.u32).write(5n as never), /current value is 5$/],
    [() => one(t.bool).write(1 as never), /must be true or false: current value is 1$/],
    [() => one(t.string).write(5 as never), /must be a string: current value is 5$/],
    [() => one(t.char).write("ab"), /must be a string of one character: current value is "ab"$/],
    [() => one(t.duration).write({ secs: 0n, nanos: 10 ** 9 }), /nanos below 1000000000/],
  ];
  for (const [write, expected] of cases) assert.throws(write, expected);
});
