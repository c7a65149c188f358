import assert from "node:assert/strict";
import { test } from "node:test";
import { classified, cleaned, declines, isCutOff } from "./words.ts";

/** What real QEMUs said, and the class and device of it. */
const SAID: readonly (readonly [words: string, begins: string])[] = [
  [
    "State blocked by non-migratable device '0000:00:01.0/1/usb-net'",
    "unmigratable of 0000:00:01.0/1/usb-net: ",
  ],
  ["Migration is disabled when using feature 'mirror' in device 'd0'", "unmigratable of d0: "],
  [
    "unsupported version 3 for 'slirp' v2; load of migration failed: Invalid argument",
    "too-new of slirp: ",
  ],
  [
    "Missing section footer for 0000:00:01.0/esp; load of migration failed: Invalid argument",
    "layout of 0000:00:01.0/esp: ",
  ],
  ["Unknown savevm section or instance 'edu' 0. Make sure", "unknown-section of edu: "],
  ["Size mismatch: pc.bios: 0x10000 != 0x20000: Invalid argument", "size of pc.bios: "],
  ["MIG_CMD 0xb unknown (len 0x0)", "command: "],
  [
    "VQ 0 vring.num 1024 exceeds allocated max 256; error while loading state for " +
      "instance 0x0 of device '0000:00:01.0/virtio-blk'",
    "validation of 0000:00:01.0/virtio-blk: ",
  ],
  [
    "Failed to load ps2kbd:parent_obj; error while loading state for instance 0x0 of device " +
      "'ps2kbd'",
    "field of ps2kbd: ",
  ],
  ["-device gus: 'gus' is not a valid device model name", "absent of gus: "],
  ['unsupported machine type: "pc-q35-11.1"', "absent: "],
];

test("classified() gives class and device of what QEMU says", () => {
  for (const [words, begins] of SAID) {
    assert.equal(classified(words), `${begins}${words}`);
    assert.ok(declines(words));
  }
});

test("classified() says so when it knows no class, and that is no refusal", () => {
  assert.equal(classified("Assertion `x' failed"), "unclassified: Assertion `x' failed");
  assert.equal(declines("Assertion `x' failed"), false);
});

test("cleaned() leaves out warnings and the program's own name, and has an end", () => {
  const stderr =
    "qemu-system-x86_64: warning: old\n/a/b/qemu-system-x86_64: Bad\n\nX is deprecated\n";
  assert.equal(cleaned(stderr), "Bad");
  assert.equal(cleaned("-bios /t/freezethaw-machine-aB1/rom.bin: no"), "-bios rom.bin: no");
  assert.equal(cleaned(""), "it said nothing");
  assert.equal(cleaned("a".repeat(600)), "a".repeat(600));
  assert.equal(cleaned("a".repeat(601)), `${"a".repeat(600)} ...`);
});

test("isCutOff() knows who only misses the other end, in the words of each release", () => {
  const failed = "field: load of migration failed: Input/output error";
  const reset = "stream error: -5: Unable to read from socket: Connection reset by peer";
  const missed = [failed, `${failed}: Failed to load section ID: ${reset}`];
  const declined = [
    `${failed}: error while loading state for instance 0x0 of device 'ram'`,
    "field of esp: load of migration failed: Invalid argument",
  ];
  for (const text of missed) assert.ok(isCutOff(text), text);
  for (const text of declined) assert.ok(!isCutOff(text), text);
});
