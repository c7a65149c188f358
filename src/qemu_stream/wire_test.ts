/**
 * Parts that no small capture has, octet by octet: the configuration as real QEMUs wrote it, RAM
 * items of every kind, commands, linked lists, and machines that say nothing of themselves.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { fixture } from "./fixture.ts";
import { type Field, readStream, type Stream, writeStream } from "./mod.ts";

const HEAD = "5145564d 00000003";
/** No sections at all. */
const EOF = "00";

function octets(...pieces: string[]): Uint8Array {
  return fromHex(pieces.join("").replace(/\s/g, ""));
}

/** Reads `pieces`, which must be written again as they are. */
function read(...pieces: string[]): Stream {
  const stream = readStream(octets(...pieces));
  assert.equal(toHex(writeStream(stream)), toHex(octets(...pieces)));
  return stream;
}

function text(value: string): string {
  return toHex(new TextEncoder().encode(value));
}

function shortText(value: string): string {
  return value.length.toString(16).padStart(2, "0") + text(value);
}

/** `07`, the length of the machine's name, the name. */
const MACHINE = `07 0000000a ${text("pc-q35-5.2")}`;

test("the configuration has the capabilities that both sides must have", () => {
  // As 10.0.13 wrote it with x-ignore-shared on.
  const capabilities = `05 1a ${text("configuration/capabilities")} 00000001
    00000001 0f ${text("x-ignore-shared")}`;
  const ram = `01 00000001 ${shortText("ram")} 00000000 00000004
    0000000000001004 ${shortText("m")} 0000000000001000 0000000080000000
    0000000000000010 7e 00000001`;
  const stream = read(HEAD, MACHINE, capabilities, ram, EOF);
  const [subsection] = stream.configuration?.subsections ?? [];
  assert.equal(subsection?.vmsd, "configuration/capabilities");
  const [count, list] = subsection?.fields ?? [];
  assert.equal(count?.kind === "scalar" ? count.value : undefined, 1);
  assert.equal(list?.kind === "list" ? list.elements.length : 0, 1);
  // Blocks have their guest addresses then.
  const [section] = stream.parts;
  assert.ok(section?.kind === "section" && section.content.kind === "ram");
  assert.deepEqual(section.content.items?.[0], {
    kind: "blocks",
    blocks: [{ name: "m", size: 4096, address: 0x8000_0000n }],
  });
});

test("the configuration has the identity of the machine", () => {
  // As 5.2 wrote it with validate-uuid on.
  const uuid = `05 12 ${text("configuration/uuid")} 00000001 12345678123412341234123456789abc`;
  const [subsection] = read(HEAD, MACHINE, uuid, EOF).configuration?.subsections ?? [];
  const [field] = subsection?.fields ?? [];
  assert.ok(field?.kind === "octets");
  assert.equal(toHex(field.octets), "12345678123412341234123456789abc");
});

test("the configuration has the size of a page, where machines can choose it", () => {
  const bits = `05 1e ${text("configuration/target-page-bits")} 00000001 0000000e`;
  const ram = `01 00000001 ${shortText("ram")} 00000000 00000004
    0000000000008004 ${shortText("m")} 0000000000008000
    0000000000004008 ${shortText("m")} ${"a5".repeat(2 ** 14)}
    0000000000000010`;
  const { ram: blocks } = read(HEAD, MACHINE, bits, ram, EOF);
  assert.deepEqual(blocks, [
    { name: "m", size: 0x8000, fill: 0, page: 1, xbzrle: 0, compressed: 0 },
  ]);
});

test("a subsection of the configuration that is not known is refused where it stands", () => {
  const other = `05 13 ${text("configuration/other")} 00000001`;
  const error = /subsection at offset 23: .* current value is "configuration\/other"$/;
  assert.throws(() => read(HEAD, MACHINE, other, EOF), error);
  const many = `05 1a ${text("configuration/capabilities")} 00000001 00000101`;
  const limit = /caps_count at offset 55: must be at most 256: current value is 257$/;
  assert.throws(() => read(HEAD, MACHINE, many, EOF), limit);
  const all = `05 1a ${text("configuration/capabilities")} 00000001 00000100 ${"0161".repeat(256)}`;
  const [subsection] = read(HEAD, MACHINE, all, EOF).configuration?.subsections ?? [];
  const list = subsection?.fields[1];
  assert.equal(list?.kind === "list" ? list.elements.length : 0, 256);
});

test("the name of a machine may be so long and no longer", () => {
  const named = (size: number) => [`07 ${size.toString(16).padStart(8, "0")}`, "61".repeat(size)];
  assert.equal(read(HEAD, ...named(4096), EOF).configuration?.machine.length, 4096);
  const error = /CONFIGURATION\.len at offset 9: must be at most 4096: current value is 4097$/;
  assert.throws(() => read(HEAD, ...named(4097), EOF), error);
});

test("RAM items of every kind are read, counted and written again", () => {
  const start = `01 00000002 ${shortText("ram")} 00000000 00000004
    0000000000006004 ${shortText("a")} 0000000000004000 ${shortText("b")} 0000000000002000
    0000000000000010 7e 00000002`;
  const part = `02 00000002
    0000000000001002 ${shortText("a")} ff
    0000000000002022 00
    0000000000000008 ${shortText("b")} ${"5a".repeat(4096)}
    0000000000001060 01 0003 0102aa
    0000000000001100 ${shortText("a")} 00000002 789c
    0000000000000200
    0000000000000010 7e 00000002`;
  const stream = read(HEAD, start, part, EOF);
  const [, section] = stream.parts;
  assert.ok(section?.kind === "section" && section.content.kind === "ram");
  const items = section.content.items?.map((item) => {
    return "octets" in item ? { ...item, octets: item.octets.length } : item;
  });
  assert.deepEqual(items, [
    { kind: "fill", address: 0x1000, octet: 0xff, block: "a" },
    { kind: "fill", address: 0x2000, octet: 0 },
    { kind: "page", address: 0, octets: 4096, block: "b" },
    { kind: "xbzrle", address: 0x1000, octets: 3 },
    { kind: "compressed", address: 0x1000, octets: 2, block: "a" },
    { kind: "flush" },
    { kind: "end" },
  ]);
  assert.deepEqual(stream.ram, [
    { name: "a", size: 0x4000, fill: 2, page: 0, xbzrle: 0, compressed: 1 },
    { name: "b", size: 0x2000, fill: 0, page: 1, xbzrle: 1, compressed: 0 },
  ]);
});

test("commands have their octets, and a package what is in it", () => {
  const ping = "08 0002 0004 00000007";
  const packaged = "08 0007 0004 0000000e";
  const { parts } = read(HEAD, ping, packaged, ping, "08 0005 0000", ping, EOF);
  const shown = parts.map((part) => (part.kind === "command" ? [part.command, part.packaged] : []));
  assert.deepEqual(shown, [
    [2, undefined],
    [7, 2],
    [2, undefined],
    [5, undefined],
    [2, undefined],
  ]);
  const octets = "00000007";
  assert.ok(parts[0]?.kind === "command" && toHex(parts[0].octets) === octets);
  assert.deepEqual(
    toHex(writeStream({ configuration: undefined, described: undefined, parts })),
    [HEAD, ping, packaged, ping, "08 0005 0000", ping, EOF].join("").replaceAll(" ", ""),
  );
});

test("a package ends with a part, is in no other one, and says its length as it must", () => {
  const ping = "08 0002 0004 00000007";
  for (const length of ["00000008", "0000000a", "ffffffff"]) {
    const bad = /package at offset \d+: must end at offset \d+ with a part/;
    assert.throws(() => read(HEAD, `08 0007 0004 ${length}`, ping, EOF), bad);
  }
  const twice = "08 0007 0004 00000012 08 0007 0004 00000009";
  assert.throws(() => read(HEAD, twice, ping, EOF), /package at offset \d+: must not be in/);
  assert.throws(() => read(HEAD, "08 0007 0002 0003", EOF), /length at offset 11: must be 4/);
});

/** A section of 7 fields without footer, and what it says of itself. */
function described(data: string, fields: unknown[]): string[] {
  const device = { name: "dev", instance_id: 0, vmsd_name: "dev", version: 1, fields };
  const json = text(JSON.stringify({ page_size: 4096, devices: [device] }));
  const size = (json.length / 2).toString(16).padStart(8, "0");
  return [HEAD, `04 00000000 ${shortText("dev")} 00000000 00000001`, data, EOF, "06", size, json];
}

function fieldsOf(stream: Stream): readonly Field[] {
  const [section] = stream.parts;
  assert.ok(section?.kind === "section" && section.content.kind === "fields");
  return section.content.fields;
}

test("a linked list has its elements, each behind a 1, and a 0 at its end", () => {
  const element = { vmsd_name: "e", version: 1, fields: [{ name: "n", type: "uint16", size: 2 }] };
  const list = { name: "list", type: "qtailq", ...element, size: 7 };
  const fields = fieldsOf(read(...described("01 0007 01 0009 00", [list])));
  const [field] = fields;
  assert.ok(field?.kind === "list");
  const values = field.elements.map((one) => {
    const [inner] = one.kind === "struct" ? one.fields : [];
    return inner?.kind === "scalar" ? inner.value : undefined;
  });
  assert.deepEqual(values, [7, 9]);
  const empty = { name: "list", type: "qtailq", size: 1 };
  const [none] = fieldsOf(read(...described("00", [empty])));
  assert.deepEqual(none?.kind === "list" ? none.elements : undefined, []);
  // Elements that the description of the last one does not fit.
  const other = fieldsOf(read(...described("01 07 01 000900", [{ ...list, size: 6 }])));
  assert.equal(other[0]?.kind, "octets");
});

test("values have the signs and widths of their types", () => {
  const field = (name: string, type: string, size: number) => ({ name, type, size });
  const data = "ff 8000 ffffffff fffffffffffffffe 01 02 ffffffffffffffff 00000000000000aa00000001";
  const fields = fieldsOf(
    read(
      ...described(data, [
        field("a", "int8", 1),
        field("b", "int16", 2),
        field("c", "uint32 equal", 4),
        field("d", "int64", 8),
        field("e", "bool", 1),
        field("f", "bool", 1),
        field("g", "timer", 8),
        field("h", "bitmap", 8),
        field("i", "strange", 4),
      ]),
    ),
  );
  const values = fields.map((one) => {
    return one.kind === "scalar" ? one.value : one.kind === "scalars" ? one.values : one.kind;
  });
  assert.deepEqual(values, [-1, -32768, 0xffff_ffff, -2n, true, 2, -1n, [0xaan], "octets"]);
});

test("a machine that says nothing of itself is read by footers and known rules", () => {
  const whole = fixture("none_5.2");
  const { described: description } = readStream(whole);
  const bare = whole.slice(0, description?.offset);
  const stream = readStream(bare);
  assert.equal(Buffer.compare(writeStream(stream), bare), 0);
  const kinds = stream.parts.map((part) => (part.kind === "section" ? part.content.kind : ""));
  assert.deepEqual(kinds, ["ram", "ram", "ram", "fields", "fields"]);
  // Of no known name, it is what stands before its footer: here one that looks like another.
  const dark = `04 00000005 ${shortText("dark")} 00000000 00000001
    7e00000004 aa 7e00000005 7e00000005`;
  const [section] = read(HEAD, dark, EOF).parts;
  assert.ok(section?.kind === "section" && section.content.kind === "octets");
  assert.equal(toHex(section.content.octets), "7e00000004aa7e00000005");
  const none = `04 00000005 ${shortText("dark")} 00000000 00000001 aabb`;
  assert.throws(() => read(HEAD, none, EOF), /dark at offset 26: must be described/);
});

test("a structure has the size that is said of it, or is refused where it begins", () => {
  const inner = { vmsd_name: "s", version: 1, fields: [{ name: "n", type: "uint16", size: 2 }] };
  const struct = (size: number) => ({ name: "state", type: "struct", struct: inner, size });
  assert.equal(fieldsOf(read(...described("0007", [struct(2)]))).length, 1);
  const error = /dev\.state at offset 25: must have 3 octets: its fields have 2$/;
  assert.throws(() => read(...described("000700", [struct(3)])), error);
});

test("all sections have a footer, or none has", () => {
  const section = (id: string) =>
    `04 ${id} ${shortText("timer")} 00000000 00000002 ${"00".repeat(24)}`;
  const first = section("00000001");
  const second = section("00000002");
  assert.equal(read(HEAD, first, second, EOF).parts.length, 2);
  assert.equal(read(HEAD, first, "7e 00000001", second, "7e 00000002", EOF).parts.length, 2);
  const more = /timer at offset 94: must have no footer, as the first section$/;
  assert.throws(() => read(HEAD, first, second, "7e 00000002", EOF), more);
  const less = /timer at offset 99: must have footer, as the first section$/;
  assert.throws(() => read(HEAD, first, "7e 00000001", second, EOF), less);
  const other = /timer footer at offset 51: must be that of section 1: current value is 2$/;
  assert.throws(() => read(HEAD, first, "7e 00000002", EOF), other);
});

test("brackets in names are no depth, whatever is quoted before them", () => {
  const name = `a\\"${"[".repeat(200)}"{`;
  const [field] = fieldsOf(read(...described("07", [{ name, type: "uint8", size: 1 }])));
  assert.equal(field?.name, name);
});
