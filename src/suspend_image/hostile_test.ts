/**
 * Images that are cut, changed or made up: each is refused with its place and a reason.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OctetView } from "../bytes/octet_view.ts";
import { SuspendImageError } from "./error.ts";
import { imageFixture } from "./fixture.ts";
import { READER } from "./image.ts";
import { QEMU_RECORD_MAX, TEXT_RECORD_MAX, UNITS_MAX } from "./limits.ts";
import { readImage } from "./reader.ts";
import { unitOfType } from "./unit_table.ts";
import { type Part, writeImage, writeLegacyImage } from "./writer.ts";

const IMAGES = ["hvm_bios", "hvm_uefi_vtpm", "hvm_uefi_swtpm0", "pv", "any_order"];
const UNKNOWN = "must be one that the reader knows";
const MEMORY: Part = memoryOf("pv");

function memoryOf(name: string): Part {
  const unit = readImage(imageFixture(name)).units.find((it) => it.name === "Libxc");
  if (unit === undefined) throw new RangeError(`Cannot find Libxc in ${name}: it is not there`);
  return unit;
}

/** The image with `change` made to it. */
function changed(name: string, change: (view: OctetView) => void): Uint8Array {
  const octets = imageFixture(name);
  change(new OctetView(octets, true));
  return octets;
}

function refused(octets: Uint8Array, message: string | RegExp, rules = READER): void {
  assert.throws(() => readImage(octets, rules), { name: "SuspendImageError", message });
}

for (const name of IMAGES) {
  test(`${name} that is cut at any octet is refused, with a place inside of it`, () => {
    const octets = imageFixture(name);
    for (let length = 0; length < octets.length; length++) {
      assert.throws(
        () => readImage(octets.subarray(0, length)),
        (error) => error instanceof SuspendImageError && error.offset <= length,
        `${length} octets`,
      );
    }
  });

  test(`${name} with any octet changed is read or refused, and nothing else`, () => {
    const octets = imageFixture(name);
    for (let at = 0; at < octets.length; at++) {
      for (const value of [0, 0x0f, 0x22, 0x28, 0x7f, 0x80, 0xff]) {
        const was = octets[at] as number;
        octets[at] = value;
        try {
          readImage(octets);
        } catch (error) {
          if (!(error instanceof SuspendImageError)) throw error;
          assert.ok(error.offset <= octets.length);
        }
        octets[at] = was;
      }
    }
  });
}

test("a signature must be one of the two", () => {
  const message = "Cannot decode signature at offset 0: must be XenSavedDomv2- or XenSavedDomain";
  refused(
    changed("pv", ({ octets }) => octets.fill(0x20, 0, 15)),
    message,
  );
  refused(
    changed("pv", ({ octets }) => octets.fill(0x31, 12, 13)),
    message,
  );
  refused(
    imageFixture("pv").subarray(0, 14),
    "Cannot decode signature at offset 0: must have 15 octets: there are 14",
  );
});

test("only units that the reader knows are taken", () => {
  const numbers = [0n, 0x0en, 0xf3n, 0x0f14n, 0xfffen, 0x1_0000_000fn, 0xffff_ffff_ffff_ffffn];
  for (const type of numbers) {
    refused(
      changed("pv", (view) => view.putU64(15, type)),
      `Cannot decode type at offset 15: ${UNKNOWN}: is 0x${type.toString(16)}`,
    );
  }
  assert.equal(unitOfType(0x0f13n)?.name, "Swtpm");
  const units = READER.units.filter((name) => name !== "Swtpm");
  const message = `Cannot decode type at offset 268: ${UNKNOWN}: is 0xf13`;
  refused(imageFixture("hvm_uefi_vtpm"), message, { ...READER, units });
});

test("units that are reserved are refused, wherever they are", () => {
  for (const [type, name] of [
    [0xf1n, "Libxl"],
    [0xf01n, "Qemu_xen"],
  ] as const) {
    refused(
      changed("hvm_bios", (view) => view.putU64(248, type)),
      `Cannot decode ${name} at offset 248: must be one that there is a backend for`,
    );
  }
});

test("a length is signed, little-endian and within the image", () => {
  for (const [length, shown] of [
    [2n ** 64n - 1n, "-1"],
    [2n ** 63n, "-9223372036854775808"],
    [0x6900_0000_0000_0000n, "7566047373982433280"],
    [163n, "163"],
  ] as const) {
    refused(
      changed("pv", (view) => view.putU64(23, length)),
      new RegExp(`^Cannot decode Xenops.length at offset 23: .*: is ${shown}(,|$)`),
    );
  }
  refused(
    changed("pv", (view) => view.putU64(80, 8n)),
    "Cannot decode Libxc.length at offset 80: must be 0: is 8",
  );
});

test("the state of QEMU has at most 1 MiB", () => {
  const qemu = (length: number): Part => ({ name: "Qemu_trad", record: new Uint8Array(length) });
  assert.equal(QEMU_RECORD_MAX, 1_048_576);
  for (const length of [QEMU_RECORD_MAX - 1, QEMU_RECORD_MAX]) {
    const { units } = readImage(writeImage([MEMORY, qemu(length)]));
    assert.equal(units[1]?.record.length, length);
    const [, legacy] = readImage(writeLegacyImage(MEMORY.record, qemu(length).record)).units;
    assert.equal(legacy?.record.length, length);
  }
  const reason = "must be at most 1048576: is 1048577";
  const message = new RegExp(`^Cannot decode Qemu_trad.length at offset \\d+: ${reason}$`);
  refused(writeImage([MEMORY, qemu(QEMU_RECORD_MAX + 1)]), message);
  refused(
    writeLegacyImage(MEMORY.record, qemu(QEMU_RECORD_MAX + 1).record),
    /^Cannot decode Qemu_trad.length at offset \d+: must be 0 to 1048576: is 1048577$/,
  );
});

test("an image without memory is refused, however well it is formed", () => {
  const { units } = readImage(imageFixture("hvm_bios"));
  const others = units.filter(({ name }) => name !== "Libxc" && name !== "End_of_image");
  refused(
    writeImage(others),
    "Cannot decode End_of_image at offset 161: must have a stream of libxc before it",
  );
  refused(writeImage([]), /^Cannot decode End_of_image at offset 15: /);
});

test("an image may have UNITS_MAX units, and no more", () => {
  const empty: Part = { name: "Varstored", record: new Uint8Array() };
  const parts = (count: number) => [MEMORY, ...Array.from({ length: count - 2 }, () => empty)];
  assert.equal(readImage(writeImage(parts(UNITS_MAX))).units.length, UNITS_MAX);
  refused(
    writeImage(parts(UNITS_MAX + 1)),
    /^Cannot decode units at offset \d+: must be at most 1024$/,
  );
});

test("a record of text may have TEXT_RECORD_MAX octets, and no more", () => {
  const record = (length: number) => {
    const text = "((time t)(word_size 64))";
    return new TextEncoder().encode(text.padEnd(length));
  };
  const image = (length: number) =>
    writeImage([{ name: "Xenops", record: record(length) }, MEMORY]);
  assert.equal(readImage(image(TEXT_RECORD_MAX)).units[0]?.length, TEXT_RECORD_MAX);
  refused(
    image(TEXT_RECORD_MAX + 1),
    "Cannot decode Xenops.length at offset 23: must be at most 16777216: is 16777217",
  );
});

test("a stream of libxc is followed record by record", () => {
  const at = 176 - 88;
  for (const [place, value, message] of [
    [at, 0, "Cannot decode Libxc.marker at offset 88: must be that of a stream of libxc"],
    [at + 8, 0, "Cannot decode Libxc.marker at offset 88: must be that of a stream of libxc"],
    [at + 12, 0x0400_0000, "Cannot decode Libxc.version at offset 100: must be 2 or 3: is 4"],
    [
      at + 44,
      2 ** 31,
      "Cannot decode Libxc.record.length at offset 132: must be at most 134217728: is 2147483648",
    ],
    [
      at + 44,
      200,
      /^Cannot decode Libxc.record.length at offset 132: must be .*: is 200, and 56 are left$/,
    ],
  ] as const) {
    refused(
      changed("pv", (view) => view.putU32(place, value)),
      message,
    );
  }
});

test("the state of a TPM must be base64", () => {
  for (const text of ["AAH+/w=", "AAH+/w=a", "AAH-_w==", "AAH /w==", "====", "\u00a0AAA"]) {
    const record = Uint8Array.from(text, (character) => character.charCodeAt(0));
    refused(
      writeImage([MEMORY, { name: "Swtpm", record }]),
      /^Cannot decode Swtpm at offset 135: must be base64$/,
    );
  }
});

test("a legacy image must have memory, and a length of QEMU that is within it", () => {
  const octets = imageFixture("legacy_hvm");
  refused(octets.subarray(0, 15), "Cannot decode Libxc_legacy at offset 15: must have octets");
  refused(
    octets.subarray(0, 46),
    "Cannot decode Qemu_trad.length at offset 43: must have 4 octets",
  );
  refused(
    octets.subarray(0, 55),
    "Cannot decode Qemu_trad.length at offset 43: must be within the image: is 9, and 8 are left",
  );
  // Little-endian it is too long by far.
  refused(
    changed("legacy_hvm", (view) => view.putU32(43, 9)),
    "Cannot decode Qemu_trad.length at offset 43: must be 0 to 1048576: is 150994944",
  );
});
