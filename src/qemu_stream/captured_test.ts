/**
 * What real QEMUs sent: every captured stream is read to its last octet, says what its machine
 * has, and is written again as the same octets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  type Field,
  type FieldsContent,
  readStream,
  type Section,
  type Stream,
  StreamReader,
  writeStream,
} from "./mod.ts";

const NAMES = fixtureNames();

/** Sections by the table of the captures; none counts the RAM sections as one. */
const SECTIONS: Readonly<Record<string, number>> = {
  "none_5.2": 5,
  "none_7.2": 5,
  "none_10.0.2": 5,
  "none_10.0.13": 5,
  "none_11.1": 5,
  "isapc_5.2": 23,
  "isapc_7.2": 23,
  "isapc_10.0.2": 23,
  "isapc_10.0.13": 23,
  "isapc_11.1": 23,
  "i440fx52-e1000_5.2": 34,
  "i440fx52-e1000_7.2": 34,
  "i440fx52-e1000_11.1": 34,
  "q35-52-virtio-rng_7.2": 33,
};

function sections(stream: Stream): Section[] {
  return stream.parts.filter((part) => part.kind === "section");
}

function content(stream: Stream, idstr: string): FieldsContent {
  const found = sections(stream).find((section) => section.idstr === idstr)?.content;
  assert.equal(found?.kind, "fields", idstr);
  return found as FieldsContent;
}

/** The value of a field by its names, down from a section. */
function value(stream: Stream, idstr: string, ...names: string[]): unknown {
  let fields: readonly Field[] = content(stream, idstr).fields;
  let found: Field | undefined;
  for (const name of names) {
    found = fields.find((field) => field.name === name);
    fields = found?.kind === "struct" ? found.fields : [];
  }
  if (found?.kind === "scalar") return found.value;
  return found?.kind === "scalars" ? found.values : found?.kind === "octets" ? found.octets : found;
}

test("every stream is in the manifest of fixtures, which has its digest", () => {
  const url = new URL("../../fixtures/manifest.json", import.meta.url);
  const { fixtures } = JSON.parse(readFileSync(url, "utf8")) as { fixtures: { path: string }[] };
  const listed = new Set(fixtures.map(({ path }) => path));
  assert.equal(NAMES.length, 23);
  for (const name of NAMES) assert.ok(listed.has(`qemu/streams/${name}.mig.gz`), name);
});

for (const name of NAMES) {
  test(`readStream() takes ${name}, and writeStream() gives the same octets`, () => {
    const octets = fixture(name);
    const stream = readStream(octets);
    assert.equal(stream.size, octets.length);
    assert.ok(stream.described !== undefined);
    const all = sections(stream);
    if (SECTIONS[name] !== undefined) assert.equal(all.length, SECTIONS[name]);
    assert.ok(all.every(({ content }) => content.kind !== "octets"));
    assert.ok(all.every(({ hasFooter }) => hasFooter === !name.startsWith("i440fx23")));
    assert.equal(Buffer.compare(writeStream(stream), octets), 0);
  });

  test(`parts of ${name} touch each other, and the description is used up`, () => {
    const stream = readStream(fixture(name));
    const devices = stream.described?.description.devices.map((device) => device.name);
    const described = sections(stream).filter((section) => section.content.kind === "fields");
    assert.deepEqual(
      described.map(({ idstr }) => idstr),
      devices,
    );
    for (const [index, part] of stream.parts.entries()) {
      const next = stream.parts[index + 1]?.offset ?? (stream.described?.offset as number) - 1;
      const length = part.kind === "section" ? (part.length as number) : 5 + part.octets.length;
      assert.equal((part.offset as number) + length, next);
    }
  });
}

for (const name of ["none_11.1", "isapc_5.2", "q35-52-misc_10.0.2"]) {
  test(`StreamReader takes ${name} in pieces of any size, and holds no RAM`, () => {
    const octets = fixture(name);
    const whole = readStream(octets);
    for (const size of [1, 7, 4096, 100_000]) {
      const reader = new StreamReader();
      for (let at = 0; at < octets.length; at += size) reader.push(octets.subarray(at, at + size));
      const stream = reader.end();
      assert.deepEqual(stream.ram, whole.ram);
      assert.equal(stream.size, octets.length);
      assert.deepEqual(
        sections(stream).map(({ content }) => (content.kind === "ram" ? "ram" : content)),
        sections(whole).map(({ content }) => (content.kind === "ram" ? "ram" : content)),
      );
      for (const { content } of sections(stream)) {
        if (content.kind === "ram") assert.equal(content.items, undefined);
      }
    }
  });
}

test("the configuration names the machine; a machine of 2.3 sends none", () => {
  const machine = (name: string) => readStream(fixture(name)).configuration?.machine;
  assert.equal(machine("none_11.1"), "none");
  assert.equal(machine("i440fx52-e1000_5.2"), "pc-i440fx-5.2");
  assert.equal(machine("microvm-virtio_10.0.13"), "microvm");
  assert.equal(machine("i440fx23_5.2"), undefined);
});

test("10.0 and later order the switchover of an unversioned machine, 5.2 and 7.2 do not", () => {
  const commands = (name: string) =>
    readStream(fixture(name)).parts.flatMap((part) => (part.kind === "command" ? part : []));
  for (const name of ["none_10.0.2", "none_10.0.13", "none_11.1"]) {
    const [only, ...others] = commands(name);
    assert.deepEqual([only?.command, only?.octets.length, others.length], [0x0b, 0, 0]);
  }
  assert.deepEqual([...commands("none_5.2"), ...commands("none_7.2")], []);
});

test("the runstate is text in 100 octets of 5.2, and in 32 of 11.1", () => {
  for (const [name, size] of [
    ["none_5.2", 100],
    ["none_11.1", 32],
  ] as const) {
    const octets = value(readStream(fixture(name)), "globalstate", "runstate") as Uint8Array;
    assert.equal(octets.length, size);
    assert.equal(Buffer.from(octets).toString("latin1").replace(/\0+$/, ""), "prelaunch");
  }
});

test("the processor begins where a reset leaves it", () => {
  for (const name of ["isapc_5.2", "isapc_7.2", "isapc_10.0.13", "isapc_11.1"]) {
    const stream = readStream(fixture(name));
    assert.equal(value(stream, "cpu", "env.eip"), 0xfff0n);
    const registers = value(stream, "cpu", "env.regs") as bigint[];
    assert.equal(registers.length, 16);
    const segments = content(stream, "cpu").fields.find(({ name }) => name === "env.segs");
    assert.equal(segments?.kind === "list" ? segments.elements.length : 0, 6);
  }
});

test("the address of a network card is in its registers, its memory and its PCI header", () => {
  for (const version of ["5.2", "7.2", "11.1"]) {
    const stream = readStream(fixture(`i440fx52-e1000_${version}`));
    const idstr = "0000:00:02.0/e1000";
    const config = value(stream, idstr, "parent_obj", "config[0]") as Uint8Array;
    // Vendor 0x8086, device 0x100e, as the bus has them.
    assert.deepEqual([...config.subarray(0, 4)], [0x86, 0x80, 0x0e, 0x10]);
    // The first words of the EEPROM, 52:54:00:00:00:01 by little-endian pairs.
    const eeprom = value(stream, idstr, "eeprom_data") as number[];
    assert.deepEqual(eeprom.slice(0, 3), [0x5452, 0x0000, 0x0100]);
  }
});

test("elements that stand one by one have their numbers, also where the last has none", () => {
  for (const name of ["q35-52-misc_10.0.2", "q35-52-slirp-net_5.2"]) {
    const ahci = content(readStream(fixture(name)), "0000:00:1f.2/ich9_ahci");
    const inner = ahci.fields.find((field) => field.name === "ahci");
    assert.equal(inner?.kind, "struct");
    const fields = inner?.kind === "struct" ? inner.fields : [];
    const numbers = fields.filter((field) => field.name === "dev").map(({ first }) => first);
    assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5]);
  }
});

test("each page of RAM comes once, and blocks have their sizes", () => {
  const { ram } = readStream(fixture("none_11.1"));
  assert.deepEqual(ram, [
    { name: "ram", size: 0x10_0000, fill: 256, page: 0, xbzrle: 0, compressed: 0 },
  ]);
  const isapc = readStream(fixture("isapc_5.2")).ram;
  assert.ok(
    isapc.some(({ name, size, page }) => name === "pc.bios" && size === 65536 && page === 1),
  );
  for (const { size, fill, page } of isapc) assert.equal((fill + page) * 4096, size);
});

test("a field that was changed is changed on the wire, and nothing else", () => {
  const octets = fixture("isapc_11.1");
  const stream = readStream(octets);
  const parts = stream.parts.map((part) => {
    if (part.kind !== "section" || part.content.kind !== "fields") return part;
    const fields = part.content.fields.map((field) =>
      field.name === "env.eip" && field.kind === "scalar" ? { ...field, value: 0x7c00n } : field,
    );
    return { ...part, content: { ...part.content, fields } };
  });
  const written = writeStream({ ...stream, parts });
  assert.equal(written.length, octets.length);
  const changed = [...written.keys()].filter((at) => written[at] !== octets[at]);
  assert.equal(changed.length, 2);
  assert.equal(value(readStream(written), "cpu", "env.eip"), 0x7c00n);
});

/** Number of the command that has the machine go on, the last one in a package. */
const POSTCOPY_RUN = 5;

test("streams that went over to post-copy are read to the end, and written again", () => {
  for (const release of ["7.2", "10.0.13", "11.1"]) {
    const octets = fixture(`q35-52_${release}`, "postcopy");
    const stream = readStream(octets);
    const at = stream.parts.findIndex((part) => part.kind === "command" && part.packaged);
    const head = stream.parts[at];
    const size = head?.kind === "command" ? (head.packaged ?? 0) : 0;
    const inside = stream.parts.slice(at + 1, at + 1 + size);
    const names = inside.flatMap((part) => (part.kind === "section" ? [part.idstr] : []));
    assert.ok(names.includes("cpu") && names.includes("0000:00:1f.2/ich9_ahci"), release);
    const last = inside.at(-1);
    assert.ok(last?.kind === "command" && last.command === POSTCOPY_RUN, release);
    assert.equal(Buffer.compare(writeStream(stream), octets), 0, release);
  }
});
