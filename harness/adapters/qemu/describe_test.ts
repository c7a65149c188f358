/** Real QEMUs say what they save, and neighbours among the releases are compared by it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Comparison,
  compareDumps,
  type Dump,
  readDump,
} from "../../../src/qemu_vmstate/mod.ts";
import { DescribeError, describe } from "./describe.ts";
import { real } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";

const [OLDEST, BOOKWORM, , TRIXIE, NEWEST] = RELEASES as [
  Release,
  Release,
  Release,
  Release,
  Release,
];

async function dumpOf({ name }: Release): Promise<Dump> {
  return readDump(await describe(name, "none"));
}

async function between(writer: Release, reader: Release): Promise<Comparison> {
  return compareDumps(await dumpOf(writer), await dumpOf(reader));
}

/** What is said of the device `type`. */
function said({ differences }: Comparison, type: string): string[] {
  return differences
    .filter(({ section }) => section === type)
    .map(({ kind, path, severity }) => `${severity}: ${kind} ${path}`);
}

/** hw/sd/sd.c, vmstate_sd_rpmb of 11.1: it is called like the subsection of another structure. */
const TWICE: Readonly<Record<string, readonly string[]>> = {
  "11.1": ["subsection-twice sd-card/sd-card/ext_csd_modes-state"],
};

for (const release of RELEASES) {
  test(`${release.name} describes its devices, and fits itself`, real(release), async () => {
    const dump = await dumpOf(release);
    assert.equal(dump.machine, "none");
    assert.ok(dump.sections.size > 200);
    const all = compareDumps(dump, dump).differences.map(({ kind, path }) => `${kind} ${path}`);
    assert.deepEqual([...new Set(all)], TWICE[release.name] ?? []);
  });
}

test("describe() tells why a release says nothing", real(NEWEST), async () => {
  await assert.rejects(describe(NEWEST.name, "no-such"), (error) => {
    assert.ok(error instanceof DescribeError);
    assert.match(error.message, /^Cannot describe devices of QEMU 11\.1 as no-such: .*machine/);
    return true;
  });
  await assert.rejects(describe("4.2", "none"), /^DescribeError: .* 4\.2: no such release$/);
});

test("5.2 and 7.2 differ where they are known to", real(OLDEST), async () => {
  const there = await between(OLDEST, BOOKWORM);
  // hw/virtio/virtio-iommu.c: the version went up with the minimum.
  assert.deepEqual(said(there, "virtio-iommu-device"), ["breaks: too-old virtio-iommu"]);
  // hw/input/pckbd.c: the field has another name, the new state is in a subsection.
  assert.deepEqual(said(there, "i8042"), [
    "harmless: field-renamed pckbd.kbd.pending",
    "harmless: subsection-added pckbd.kbd/pckbd/extended_state",
  ]);
  assert.deepEqual(said(there, "ICH9 SMB"), ["harmless: section-renamed ich9_smb"]);
  const back = await between(BOOKWORM, OLDEST);
  assert.deepEqual(said(back, "am53c974"), ["breaks: too-new pciespscsi"]);
});

test("10.0.13 and 11.1 differ where they are known to", real(NEWEST), async () => {
  const there = await between(TRIXIE, NEWEST);
  // hw/nvme/ctrl.c: unmigratable before.
  assert.deepEqual(said(there, "nvme"), ["breaks: too-old nvme"]);
  assert.deepEqual(said(there, "isa-vga"), ["breaks: description vga"]);
  assert.deepEqual(said(there, "e1000"), []);
});
