/**
 * The images of `fixtures/xenopsd/images`, which nobody's writer has made: what is in them is
 * found, and the writer makes the same octets of it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toHex } from "../bytes/hex.ts";
import { imageFixture } from "./fixture.ts";
import { READER, type ReaderRules } from "./image.ts";
import { readImage, readVgpuStream } from "./reader.ts";
import { outOfOrder, shownUnit } from "./show.ts";
import { tpmRecord, tpmStateOf } from "./tpm_state.ts";
import { writeImage, writeLegacyImage, writeVgpuStream } from "./writer.ts";

/** Offset, name and length of each unit, counted by hand. */
const UNITS: Readonly<Record<string, readonly (readonly [number, string, number])[]>> = {
  hvm_bios: [
    [15, "Xenops", 105],
    [136, "Libxc", 0],
    [248, "Qemu_trad", 9],
    [273, "End_of_image", 0],
  ],
  hvm_uefi_vtpm: [
    [15, "Xenops", 105],
    [136, "Libxc", 0],
    [248, "Varstored", 4],
    [268, "Swtpm", 8],
    [292, "Qemu_trad", 9],
    [317, "End_of_image", 0],
  ],
  hvm_uefi_swtpm0: [
    [15, "Xenops", 105],
    [136, "Libxc", 0],
    [248, "Varstored", 4],
    [268, "Swtpm0", 4],
    [288, "Qemu_trad", 9],
    [313, "End_of_image", 0],
  ],
  pv: [
    [15, "Xenops", 41],
    [72, "Libxc", 0],
    [176, "End_of_image", 0],
  ],
  any_order: [
    [15, "Swtpm", 8],
    [39, "Qemu_trad", 9],
    [64, "Varstored", 4],
    [84, "Xenops", 105],
    [205, "Libxc", 0],
    [317, "End_of_image", 0],
  ],
};

for (const [name, units] of Object.entries(UNITS)) {
  test(`readImage() finds the units of ${name}, and writeImage() makes its octets`, () => {
    const octets = imageFixture(name);
    const image = readImage(octets);
    assert.deepEqual(
      image.units.map((unit) => [unit.offset, unit.name, unit.length]),
      units,
    );
    assert.equal(image.layout, "v2");
    assert.equal(image.end, octets.length);
    assert.equal(toHex(writeImage(image.units.slice(0, -1))), toHex(octets));
  });
}

test("readImage() reads the record of xenopsd and follows the stream of libxc", () => {
  const [xenops, libxc] = readImage(imageFixture("hvm_bios")).units;
  assert.deepEqual(xenops?.xenops, {
    time: "20260102T03:04:05Z",
    word_size: 64,
    vm_str: '((id a)(name "b c"))',
    xs_subtree: [["platform/acpi", "1"]],
  });
  const counts = { records: 4, page_records: 1, length: 96 };
  assert.deepEqual(libxc?.libxc, { version: 3, guest: 2, ...counts });
});

test("a TPM gets the same state from a raw unit as from one in base64", () => {
  const states = ["hvm_uefi_swtpm0", "hvm_uefi_vtpm"].map((name) => {
    const { units } = readImage(imageFixture(name));
    const unit = units.find((it) => it.name.startsWith("Swtpm"));
    return unit === undefined ? undefined : tpmStateOf(unit);
  });
  assert.deepEqual(states, [Uint8Array.of(0, 1, 0xfe, 0xff), Uint8Array.of(0, 1, 0xfe, 0xff)]);
  assert.equal(new TextDecoder().decode(tpmRecord(Uint8Array.of(0, 1, 0xfe, 0xff))), "AAH+/w==");
});

test("units that no writer has in this order are named", () => {
  assert.deepEqual(outOfOrder(readImage(imageFixture("hvm_uefi_vtpm"))), []);
  const found = outOfOrder(readImage(imageFixture("any_order")));
  assert.deepEqual(
    found.map(({ unit, before }) => [unit.name, before]),
    [
      ["Varstored", "Qemu_trad"],
      ["Xenops", "Varstored"],
    ],
  );
});

/** Pieces with their length before them, up to one of none; the framing of the fixture alone. */
const PIECES: ReaderRules["ends"] = {
  Demu(octets, start) {
    for (let at = start; ; ) {
      const length = octets[at];
      if (length === undefined) throw new RangeError("must be within the image");
      at += 4 + length;
      if (length === 0) return at;
    }
  },
};

test("readVgpuStream() reads a stream without a signature whose end its emulator knows", () => {
  const octets = imageFixture("vgpu");
  const { units, end } = readVgpuStream(octets, { ...READER, ends: PIECES });
  assert.deepEqual(
    units.map(({ name, offset }) => [name, offset]),
    [
      ["Demu", 0],
      ["End_of_image", 27],
    ],
  );
  assert.equal(end, octets.length);
  assert.equal(toHex(writeVgpuStream(units.slice(0, -1))), toHex(octets));
  assert.throws(() => readVgpuStream(octets), {
    message: "Cannot decode Demu at offset 16: its end is known to its emulator alone",
  });
  assert.throws(() => readVgpuStream(octets.subarray(0, 24), { ...READER, ends: PIECES }), {
    message: "Cannot decode Demu at offset 16: must be within the image",
  });
});

test("readImage() takes legacy images apart, by their converter or from their end", () => {
  const memory = new TextEncoder().encode("legacy");
  const qemu = Uint8Array.of(0x51, 0x45, 0x56, 0x4d, 0, 0, 0, 3, 0);
  const asked: number[] = [];
  const ends: ReaderRules["ends"] = {
    Libxc_legacy(_, start) {
      asked.push(start);
      return start + memory.length;
    },
  };
  for (const rules of [READER, { ...READER, ends }]) {
    const hvm = readImage(imageFixture("legacy_hvm"), rules);
    assert.equal(hvm.layout, "legacy");
    assert.deepEqual(
      hvm.units.map(({ name, offset, record }) => [name, offset, toHex(record)]),
      [
        ["Libxc_legacy", 15, toHex(memory)],
        ["Qemu_trad", 47, toHex(qemu)],
      ],
    );
    assert.equal(hvm.end, 56);
    const pv = readImage(imageFixture("legacy_pv"), rules);
    assert.deepEqual(
      pv.units.map(({ name }) => name),
      ["Libxc_legacy"],
    );
  }
  assert.deepEqual(asked, [15, 15]);
  assert.equal(toHex(writeLegacyImage(memory, qemu)), toHex(imageFixture("legacy_hvm")));
  assert.equal(toHex(writeLegacyImage(memory)), toHex(imageFixture("legacy_pv")));
});

test("octets behind the end are nobody's: a virtual disk is longer than its image", () => {
  const octets = imageFixture("pv");
  const disk = new Uint8Array(octets.length + 512).fill(0xa5);
  disk.set(octets);
  assert.equal(readImage(disk).end, octets.length);
});

test("shownUnit() shows what is opaque by its size and its beginning", () => {
  const { units } = readImage(imageFixture("hvm_uefi_vtpm"));
  assert.deepEqual(units.slice(2, 4).map(shownUnit), [
    {
      offset: 248,
      type: "0x0f11",
      name: "Varstored",
      length: 4,
      fields: { octets: 4, begins: { hex: "56415253" } },
    },
    {
      offset: 268,
      type: "0x0f13",
      name: "Swtpm",
      length: 8,
      fields: { octets: 4, begins: { hex: "0001feff" } },
    },
  ]);
});

test("every image is in the manifest of fixtures", () => {
  const url = new URL("../../fixtures/manifest.json", import.meta.url);
  const { fixtures } = JSON.parse(readFileSync(url, "utf8")) as { fixtures: { path: string }[] };
  const listed = fixtures.filter(({ path }) => path.startsWith("xenopsd/images/"));
  assert.equal(listed.length, Object.keys(UNITS).length + 3);
});
