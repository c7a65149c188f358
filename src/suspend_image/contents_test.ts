import assert from "node:assert/strict";
import { test } from "node:test";
import { contentsOf, imageOf } from "./contents.ts";
import { imageFixture } from "./fixture.ts";
import { readImage } from "./reader.ts";

const record = { time: "20260102T03:04:05Z", word_size: 64 };
const memory = new Uint8Array(4096).fill(7);
const state = { nvram: Uint8Array.of(1, 2), tpm: Uint8Array.of(0, 255), qemu: Uint8Array.of(9) };

test("contentsOf() finds what imageOf() was given, in either unit of a TPM", () => {
  for (const unit of ["Swtpm0", "Swtpm"] as const) {
    const image = readImage(imageOf({ record, isHvm: true, memory, ...state }, unit));
    assert.deepEqual(
      image.units.map(({ name }) => name),
      ["Xenops", "Libxc", "Varstored", unit, "Qemu_trad", "End_of_image"],
    );
    assert.deepEqual(contentsOf(image), { memory, ...state });
  }
  const pv = readImage(imageOf({ record, isHvm: false, memory }));
  assert.equal(pv.units[1]?.libxc?.guest, 1);
  assert.deepEqual(contentsOf(pv), { memory });
});

test("contentsOf() finds states of emulators in any order, and leaves memory to converters", () => {
  const { nvram, tpm } = contentsOf(readImage(imageFixture("any_order")));
  assert.deepEqual(
    nvram,
    Uint8Array.from("VARS", (character) => character.charCodeAt(0)),
  );
  assert.deepEqual(tpm, Uint8Array.of(0, 1, 0xfe, 0xff));
  assert.equal(contentsOf(readImage(imageFixture("legacy_hvm"))).memory.length, 0);
});
