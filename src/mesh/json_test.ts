import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { field, message, oneof, transparent, variant } from "../schema/message.ts";
import { blob } from "../schema/standard.ts";
import * as t from "../schema/type.ts";
import { blobOf } from "./blob.ts";
import { codecFor } from "./codec.ts";
import { fromJson } from "./from_json.ts";
import { type BlobLookup, toJson } from "./json.ts";

const Unit = message("unit.State", "", [field(1, "ticks", t.u64)]);
const Kind = oneof("t.Kind", "", [
  variant(1, "Off"),
  variant(2, "On", [field(1, "0", t.u32)]),
  transparent(3, "Raw", t.bytes),
]);
const All = message("t.All", "", [
  field(1, "wide", t.i64),
  field(2, "key", t.bytes),
  field(3, "keys", t.vec(t.octets(1))),
  field(4, "maybe", t.option(t.zeroCopy("c", 2))),
  field(5, "kind", t.choice(Kind)),
  field(6, "twice", t.optionOfOption(t.u32)),
  field(7, "map", t.map(t.u32, t.string)),
  field(8, "wait", t.duration),
  field(9, "pair", t.tuple(t.u8, t.bool)),
  field(10, "state", blob),
  field(11, "real", t.f64),
  field(12, "new", t.u8, { since: "main" }),
]);

const lookup: BlobLookup = (url) => (url.endsWith("/unit.State") ? Unit : undefined);

const JSON_FORM = {
  wide: "-9223372036854775808",
  key_hex: "00ff",
  keys_hex: ["01", "02"],
  maybe_hex: null,
  kind: { On: { 0: 7 } },
  twice: { some: null },
  map: { 5: "five" },
  wait: { secs: 1, nanos: 2 },
  pair: [3, true],
  state: { type_url: "type.googleapis.com/unit.State", value: { ticks: 9007199254740992 } },
  real: "-Infinity",
  new: 1,
};

test("toJson() and fromJson() are each other's reverse on every kind of type", () => {
  const value = fromJson(All, "main", JSON_FORM, lookup);
  assert.deepEqual(toJson(All, "main", value, lookup), JSON_FORM);
  const bytes = codecFor(All, "main").encode(value);
  assert.deepEqual(toJson(All, "main", codecFor(All, "main").decode(bytes), lookup), JSON_FORM);
});

test("integers are numbers up to 2^53 and strings beyond", () => {
  const json = (ticks: bigint) => toJson(Unit, "main", { ticks }, lookup);
  assert.deepEqual(json(2n ** 53n), { ticks: 9007199254740992 });
  assert.deepEqual(json(2n ** 53n + 1n), { ticks: "9007199254740993" });
  assert.deepEqual(fromJson(Unit, "main", { ticks: "9007199254740993" }, lookup), {
    ticks: 2n ** 53n + 1n,
  });
  assert.deepEqual(fromJson(Unit, "main", { ticks: 5 }, lookup), { ticks: 5n });
});

test("a unit variant is an empty object, a transparent one its payload", () => {
  const off = { variant: "Off", value: {} } as const;
  assert.deepEqual(toJson(Kind, "main", off, lookup), { Off: {} });
  assert.deepEqual(fromJson(Kind, "main", { Off: {} }, lookup), off);
  assert.deepEqual(fromJson(Kind, "main", { Raw: "07" }, lookup), {
    variant: "Raw",
    value: new Uint8Array([7]),
  });
});

test("a blob of unknown type or content keeps its octets", () => {
  const Holder = message("t.Holder", "", [field(1, "state", blob)]);
  const json = (type_url: string, hex: string) =>
    toJson(Holder, "main", { state: { type_url, value: fromHex(hex) } }, lookup);
  assert.deepEqual(json("x/y.Z", "0805"), { state: { type_url: "x/y.Z", value_hex: "0805" } });
  const url = "type.googleapis.com/unit.State";
  assert.deepEqual(json(url, "0805"), { state: { type_url: url, value: { ticks: 5 } } });
  assert.deepEqual(json(url, "08"), { state: { type_url: url, value_hex: "08" } });
  const read = (state: unknown) => fromJson(Holder, "main", { state }, lookup).state;
  assert.equal(toHex(read({ type_url: url, value: { ticks: 5 } }).value), "0805");
  assert.equal(toHex(read({ type_url: "x/y.Z", value_hex: "0805" }).value), "0805");
  assert.deepEqual(
    read({ type_url: url, value: { ticks: 5 } }),
    blobOf(Unit, "main", { ticks: 5n }),
  );
});

test("a missing key is an absent field", () => {
  assert.deepEqual(fromJson(All, "main", {}, lookup), {});
});

test("fromJson() refuses what does not fit with the path", () => {
  const cases: [unknown, RegExp][] = [
    [{ wide: 1.5 }, /^Cannot read t\.All\.wide as an integer, .*: current value is 1\.5$/],
    [{ wide: 2 ** 60 }, /^Cannot read t\.All\.wide as an integer/],
    [
      { key: "00" },
      /^Cannot read t\.All as an object with wide, key_hex.*: current value is the key key$/,
    ],
    [{ key_hex: "0" }, /^Cannot read t\.All\.key as pairs of hexadecimal digits/],
    [{ keys_hex: ["01", 2] }, /^Cannot read t\.All\.keys\[1\] as a string: current value is 2$/],
    [{ kind: { Of: {} } }, /^Cannot read t\.All\.kind as an object with one key of Off, On, Raw/],
    [{ kind: { Off: {}, On: {} } }, /current value is the keys Off, On$/],
    [{ kind: { On: { 1: 5 } } }, /^Cannot read t\.All\.kind\.On as an object with 0/],
    [{ twice: {} }, /^Cannot read t\.All\.twice as null or an object with the key "some"/],
    [{ map: [] }, /^Cannot read t\.All\.map as an object: current value is \[\]$/],
    [{ pair: [1] }, /^Cannot read t\.All\.pair as an array of 2: current value is an array of 1$/],
    [{ pair: [1, 1] }, /^Cannot read t\.All\.pair\[1\] as true or false: current value is 1$/],
    [{ real: "x" }, /^Cannot read t\.All\.real as a number: current value is "x"$/],
    [
      { state: { type_url: "x", value: {} } },
      /^Cannot read t\.All\.state\.value as a message of a known type_url/,
    ],
    [
      { state: { type: "x" } },
      /^Cannot read t\.All\.state as a blob: current value is the key type$/,
    ],
    [5, /^Cannot read t\.All as an object: current value is 5$/],
  ];
  for (const [json, message] of cases) {
    assert.throws(() => fromJson(All, "main", json, lookup), { name: "TypeError", message });
  }
  assert.throws(
    () => fromJson(All, "2505", { new: 1 }, lookup),
    /\(release 2505\): current value is the key new$/,
  );
});
