/**
 * Enums on the wire. Bytes are worked out by hand from the encoding rules, or are those of
 * upstream's own unit tests (mesh_protobuf, lib.rs, `test_derive_enum`).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { field, message, oneof, transparent, variant } from "../schema/message.ts";
import { result } from "../schema/standard.ts";
import * as t from "../schema/type.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";

const Foo = oneof("t.Foo", "", [
  variant(1, "A"),
  variant(2, "B", [field(1, "0", t.u32), field(2, "1", t.string)]),
  variant(3, "C", [field(1, "x", t.bool), field(2, "y", t.u32)]),
]);
const Clear = oneof("t.Clear", "", [
  transparent(1, "Number", t.u32),
  transparent(2, "List", t.vec(t.u32)),
  transparent(3, "Maybe", t.option(t.u32)),
  transparent(4, "Octets", t.bytes),
]);

const foo = codecFor(Foo, "main");
const clear = codecFor(Clear, "main");
const holder = codecFor(message("t.Holder", "", [field(1, "e", t.choice(Foo))]), "main");
const optional = codecFor(message("t.Opt", "", [field(1, "e", t.option(t.choice(Foo)))]), "main");

function refuses(codec: { decode(bytes: Uint8Array): unknown }, hex: string, reason: string): void {
  const matches = (error: unknown) => error instanceof MeshError && error.reason === reason;
  assert.throws(() => codec.decode(fromHex(hex)), matches, `${hex}: ${reason}`);
}

test("an enum is a message with one field, and its variant is always written", () => {
  const rows = [
    [{ variant: "A", value: {} }, "0a00"],
    [{ variant: "B", value: { 0: 12, 1: "hi" } }, "1206080c12026869"],
    [{ variant: "C", value: { x: true, y: 0 } }, "1a020801"],
    [{ variant: "C", value: { x: false, y: 0 } }, "1a00"],
  ] as const;
  for (const [value, hex] of rows) {
    assert.equal(toHex(foo.encode(value)), hex);
    assert.deepEqual(foo.decode(fromHex(hex)), value);
    assert.equal(
      toHex(holder.encode({ e: value })),
      `0a${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`,
    );
  }
});

test("a missing enum has no default, not even a first unit variant", () => {
  refuses(foo, "", "missing enum variant");
  refuses(holder, "", "missing enum variant");
  refuses(holder, "0a00", "missing enum variant");
  assert.deepEqual(optional.decode(fromHex("")), { e: null });
  refuses(optional, "0a00", "missing enum variant");
});

test("an unknown variant clears the one before it", () => {
  refuses(foo, "0a002200", "missing enum variant");
  refuses(optional, "0a022200", "missing enum variant");
  assert.deepEqual(foo.decode(fromHex("22000a00")), { variant: "A", value: {} });
  // Cleared in between, the second one does not merge with the first.
  assert.deepEqual(foo.decode(fromHex("1202080522001203120178")), {
    variant: "B",
    value: { 0: 0, 1: "x" },
  });
});

test("the last variant wins, and the same one twice is merged", () => {
  assert.deepEqual(foo.decode(fromHex("0a001a021005")), {
    variant: "C",
    value: { x: false, y: 5 },
  });
  assert.deepEqual(foo.decode(fromHex("12020805" + "1203120178")), {
    variant: "B",
    value: { 0: 5, 1: "x" },
  });
  assert.deepEqual(foo.decode(fromHex("120208050a001200")), {
    variant: "B",
    value: { 0: 0, 1: "" },
  });
});

test("an enum field that comes twice is merged, an empty one keeps what there is", () => {
  const merged = holder.decode(fromHex("0a0412020805" + "0a051203120178"));
  assert.deepEqual(merged, { e: { variant: "B", value: { 0: 5, 1: "x" } } });
  assert.deepEqual(holder.decode(fromHex("0a020a000a00")), { e: { variant: "A", value: {} } });
  refuses(holder, "0a020a000a022200", "missing enum variant");
});

test("a unit variant is read as a message", () => {
  assert.deepEqual(foo.decode(fromHex("0a0308ff01")), { variant: "A", value: {} });
  refuses(foo, "0a0108", "eof parsing a varint");
  refuses(foo, "0801", "expected a message");
  refuses(holder, "0801", "expected a message");
});

test("a transparent variant is its payload, written even when zero", () => {
  const rows = [
    [{ variant: "Number", value: 0 }, "0800"],
    [{ variant: "List", value: [] }, "1200"],
    [{ variant: "List", value: [5] }, "12030a0105"],
    [{ variant: "Maybe", value: null }, "1a00"],
    [{ variant: "Maybe", value: 0 }, "1a020800"],
    [{ variant: "Octets", value: new Uint8Array(0) }, "2200"],
  ] as const;
  for (const [value, hex] of rows) {
    assert.equal(toHex(clear.encode(value as never)), hex);
    assert.deepEqual(clear.decode(fromHex(hex)), value);
  }
});

test("a transparent variant twice is merged as its payload is", () => {
  assert.deepEqual(clear.decode(fromHex("12030a010512030a0106")).value, [5, 6]);
  assert.deepEqual(clear.decode(fromHex("220105220106")).value, new Uint8Array([5, 6]));
  assert.equal(clear.decode(fromHex("08050806")).value, 6);
  refuses(clear, "0a00", "expected a varint");
  refuses(clear, "1005", "expected a message");
});

test("a Result is an enum of two transparent variants", () => {
  const codec = codecFor(message("t.R", "", [field(4, "r", result(t.u32, t.string))]), "main");
  assert.equal(toHex(codec.encode({ r: { variant: "Ok", value: 0 } })), "22020800");
  assert.equal(toHex(codec.encode({ r: { variant: "Err", value: "no" } })), "220412026e6f");
});

test("a variant that the enum does not have is refused", () => {
  const message = /t\.Holder\.e as it must be a variant of A, B, C: current value is "D"$/;
  assert.throws(() => holder.encode({ e: { variant: "D", value: {} } } as never), message);
  assert.throws(() => holder.encode({ e: null } as never), /t\.Holder\.e as it must be an object/);
});
