import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEPTH_MAX,
  JsonLoader,
  JsonSaver,
  ObjectLoader,
  ObjectSaver,
  StreamLoader,
  StreamSaver,
  VisitError,
  type Visitor,
} from "./mod.ts";

interface Part {
  wide: bigint;
}

interface Whole {
  a: number;
  b: number;
  c: number;
  d: number;
  e: bigint;
  flag: boolean;
  name: string;
  octets: Uint8Array;
  parts: Part[];
  fixed: number[];
  maybe: Part | undefined;
  extra: number;
}

const fresh = (): Whole => ({
  ...{ a: 0, b: 0, c: 0, d: 0, e: 0n, flag: false, name: "", octets: new Uint8Array(2) },
  ...{ parts: [], fixed: [0, 0], maybe: undefined, extra: 0 },
});

const full = (): Whole => ({
  ...{ a: 0xff, b: 0xffff, c: -1, d: -0x8000_0000, e: -1n, flag: true, name: "fd" },
  octets: Uint8Array.of(7, 8),
  parts: [{ wide: 1n }, { wide: 2n ** 64n - 1n }],
  fixed: [3, 4],
  maybe: { wide: 9n },
  extra: 5,
});

function visit(visitor: Visitor, whole: Whole): void {
  visitor.u8(whole, "a");
  visitor.u16(whole, "b");
  visitor.i8(whole, "c");
  visitor.i32(whole, "d");
  visitor.i64(whole, "e");
  visitor.bool(whole, "flag");
  visitor.text(whole, "name");
  visitor.buffer(whole, "octets", 2);
  const part = (one: Part) => visitor.u64(one, "wide");
  const newPart = () => ({ wide: 0n });
  visitor.list(whole, "parts", newPart, (parts, at) => visitor.struct(parts, at, part), 2);
  visitor.array(whole, "fixed", 2, (items, at) => visitor.u32(items, at));
  visitor.optional(whole, "maybe", newPart, part);
  visitor.subsections("whole", [
    {
      name: "whole/extra",
      version: 1,
      isNeeded: whole.extra !== 0,
      visit: () => visitor.u32(whole, "extra"),
    },
  ]);
}

// u8, u16, i8, i32, i64, flag, "fd", 2 octets, 2 parts of u64, 2 of u32, 1 and u64, subsection.
const OCTETS = [
  ...[0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
  ...[2, 0x66, 0x64, 7, 8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 3, 0, 0, 0, 4],
  ...[1, 0, 0, 0, 0, 0, 0, 0, 9, 5, 11, 0x77, 0x68, 0x6f, 0x6c, 0x65, 0x2f, 0x65],
  ...[0x78, 0x74, 0x72, 0x61, 0, 0, 0, 1, 0, 0, 0, 5],
];

test("a visit saves big-endian octets, and loads them", () => {
  const saver = new StreamSaver();
  visit(saver, full());
  assert.deepEqual([...saver.octets], OCTETS);
  const loaded = fresh();
  const loader = new StreamLoader(Uint8Array.from(OCTETS));
  visit(loader, loaded);
  loader.end();
  assert.deepEqual(loaded, full());
});

test("a visit saves a tree and text, and loads them", () => {
  const objects = new ObjectSaver();
  visit(objects, full());
  assert.equal(objects.tree.e, -1n);
  const loaded = fresh();
  const loader = new ObjectLoader(objects.tree);
  visit(loader, loaded);
  loader.end();
  assert.deepEqual(loaded, full());

  const text = new JsonSaver();
  visit(text, full());
  assert.match(text.json, /"e":\{"wide":"-1"\}.*"octets":\{"hex":"0708"\}/);
  const again = fresh();
  const reader = new JsonLoader(text.json);
  visit(reader, again);
  reader.end();
  assert.deepEqual(again, full());
});

test("octets cut anywhere are an error with the place", () => {
  for (let length = 0; length < OCTETS.length; length++) {
    const loader = new StreamLoader(Uint8Array.from(OCTETS.slice(0, length)));
    const load = () => {
      visit(loader, fresh());
      loader.end();
    };
    // Before its subsection, a state is whole.
    if (OCTETS.length - length === 21) load();
    else assert.throws(load, VisitError, `${length}`);
  }
});

const WRONG: readonly (readonly [string, (tree: Record<string, unknown>) => void, RegExp])[] = [
  ["too much", (tree) => Object.assign(tree, { a: 256 }), /a as u8 must be 0 to 255/],
  ["a fraction", (tree) => Object.assign(tree, { a: 1.5 }), /a as u8 must be/],
  ["no number", (tree) => Object.assign(tree, { b: "1" }), /b as it must be a number/],
  ["absent", (tree) => Reflect.deleteProperty(tree, "flag"), /flag as it must be there/],
  ["unknown", (tree) => Object.assign(tree, { z: 1 }), /z as what is there must be known/],
  ["long", (tree) => Object.assign(tree, { name: "x".repeat(256) }), /name as text must have/],
  [
    "short",
    (tree) => Object.assign(tree, { octets: new Uint8Array(1) }),
    /octets as it must have 2/,
  ],
  ["many", (tree) => Object.assign(tree, { parts: [{}, {}, {}] }), /parts.length as a list has at/],
  ["few", (tree) => Object.assign(tree, { fixed: [1] }), /fixed as it must have 2 items: it has 1/],
  [
    "inherited",
    (tree) => Object.setPrototypeOf(Reflect.deleteProperty(tree, "a") && tree, { a: 1 }),
    /a as/,
  ],
];
for (const [name, spoil, message] of WRONG) {
  test(`a tree with what is ${name} is an error with the place`, () => {
    const saver = new ObjectSaver();
    visit(saver, full());
    const tree = { ...saver.tree };
    spoil(tree);
    const load = () => {
      const loader = new ObjectLoader(tree);
      visit(loader, fresh());
      loader.end();
    };
    assert.throws(load, message);
  });
}

test("a subsection that nobody knows, comes twice or is too new is an error", () => {
  const head = OCTETS.slice(0, -21);
  const sub = OCTETS.slice(-21);
  const unknown = sub.with(10, 0x79);
  const newer = sub.with(16, 2);
  const load = (octets: readonly number[]) => () =>
    visit(new StreamLoader(Uint8Array.from(octets)), fresh());
  assert.throws(load([...head, ...unknown]), /must be one that it knows/);
  assert.throws(load([...head, ...newer]), /version 1 at most: current value is 2/);
  assert.throws(load([...head, ...sub, ...sub]), /must come once/);
});

test("an octet 5 that begins no subsection of the device is left where it is", () => {
  const other = [5, 3, 0x61, 0x2f, 0x62, 0, 0, 0, 1];
  const loader = new StreamLoader(Uint8Array.from([...OCTETS.slice(0, -21), ...other]));
  visit(loader, fresh());
  assert.throws(() => loader.end(), /9 are left/);
});

test("structures are at most DEPTH_MAX deep", () => {
  const nest = (visitor: Visitor, depth: number): void => {
    if (depth > 0) visitor.struct({ inner: {} }, "inner", () => nest(visitor, depth - 1));
  };
  nest(new ObjectSaver(), DEPTH_MAX);
  assert.throws(() => nest(new ObjectSaver(), DEPTH_MAX + 1), /at most 32 deep/);
});

for (const [text, message] of [
  ["{", /must be JSON/],
  ["[]", /must hold a structure/],
  ['{"a":null}', /a as it must not be null/],
  ['{"a":{"wide":"1x"}}', /a as it must be decimal/],
  ['{"a":{"hex":"0"}}', /a as octets must be pairs/],
  [`${'{"a":'.repeat(70)}1${"}".repeat(70)}`, /must be at most 64 deep/],
] as const) {
  test(`JSON such as ${text.slice(0, 20)} is an error with the place`, () => {
    assert.throws(() => new JsonLoader(text), message);
  });
}

test("what does not fit is no more saved than loaded", () => {
  const save = (wrong: Partial<Whole>) => () => visit(new StreamSaver(), { ...full(), ...wrong });
  assert.throws(save({ b: 0x1_0000 }), /b as u16 must be 0 to 65535: current value is 65536/);
  assert.throws(save({ e: 2n ** 63n }), /e as i64 must be/);
  assert.throws(save({ name: "\u{100}" }), /name as text must have at most 255 octets/);
  assert.throws(save({ octets: new Uint8Array(3) }), /octets as it must have 2 octets: it has 3/);
});
