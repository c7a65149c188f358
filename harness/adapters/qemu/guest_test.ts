/**
 * Guests at work in real QEMUs: every release boots one, they are carried in every mode, and one
 * that does not go on, or is wrong, is found out.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { qemuAdapter } from "./adapter.ts";
import { SECTOR_SIZE } from "./boot_sector_table.ts";
import { Guest } from "./guest.ts";
import { bootDiskOf, isStoppable, withDisk } from "./guest_arguments.ts";
import { wrongIn } from "./guest_arrival.ts";
import { GuestFiles } from "./guest_files.ts";
import {
  booted,
  carry,
  control,
  GUEST_MODES,
  type GuestMachine,
  type GuestMode,
  goOn,
  takeOver,
} from "./guest_modes.ts";
import { installed, type Program } from "./installation.ts";
import { load } from "./load.ts";
import { realBoth } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";

const BLOCKDEV = "driver=raw,node-name=d0,file.driver=file,file.filename={disk},file.locking=off";
const SET = ["-blockdev", BLOCKDEV, "-device", "virtio-blk-pci,drive=d0,addr=4"];
const MACHINE = ["-machine", "pc-i440fx-5.2", ...SET];
const [OLDEST, NEWEST] = [RELEASES[0], RELEASES.at(-1)] as [Release, Release];

function programOf(release: Release): Program {
  const found = installed(release);
  if (typeof found === "string") throw new Error(found);
  return found;
}

/** Snapshots are no jobs in the oldest release. */
function modesOf(...releases: readonly Release[]): readonly GuestMode[] {
  return GUEST_MODES.filter((mode) => mode !== "snapshot-job" || !releases.includes(OLDEST));
}

/** A copy of the guest's disk with `octets` from LBA `lba` on. */
function altered(files: GuestFiles, lba: number, octets: readonly number[]): string {
  const disk = readFileSync(files.raw("disk"));
  disk.set(octets, lba * SECTOR_SIZE);
  return files.image("disk", disk);
}

/** Where a stream has the page that was written in this pass: behind its address and flags. */
function pageOf(octets: Uint8Array, pass: number): number {
  const address = 0x40000 + 0x1000 * (pass % 16);
  const header = Buffer.alloc(8 + 4);
  // RAM_SAVE_FLAG_PAGE and RAM_SAVE_FLAG_CONTINUE.
  header.writeBigUInt64BE(BigInt(address | 0x28));
  header.writeUInt32LE(pass, 8);
  const at = Buffer.from(octets).indexOf(header);
  assert.ok(at > 0);
  return at + 8;
}

function startedWith(path: string, limitMs?: number): Promise<Guest> {
  const args = ["-m", "8", ...withDisk(MACHINE, { kind: "good", path })];
  return Guest.start(programOf(NEWEST), args, path, limitMs);
}

/** A guest of the newest release in this mode, carried away. */
async function carriedIn(machine: GuestMachine, release = NEWEST) {
  await using guest = await booted(programOf(release), machine);
  const { counters, outcome } = await carry(guest, machine);
  if (typeof outcome === "string") throw new Error(outcome);
  return { counters, octets: outcome };
}

test("bootDiskOf() and isStoppable() look at the disk that is booted", () => {
  assert.equal(bootDiskOf(SET), "disk");
  assert.equal(bootDiskOf([BLOCKDEV.replace("{disk}", "{floppy}")]), "floppy");
  assert.equal(bootDiskOf(["-device", "virtio-rng-pci"]), undefined);
  assert.equal(isStoppable(SET), true);
  assert.equal(isStoppable(["-device", "nvme,drive=d0,serial=a"]), false);
  assert.equal(isStoppable(["-device", "virtio-blk-pci,drive=d1"]), false);
});

test("withDisk() puts the disk in, and has requests stop only where they are to", () => {
  const backing = { kind: "failing", path: "/a", once: true } as const;
  const [, blockdev = "", , device = ""] = withDisk(SET, backing, true);
  assert.match(blockdev, /file\.image\.filename=\/a,.*\.sector=5,file\.inject-error\.0\.once=on$/);
  assert.equal(device, "virtio-blk-pci,drive=d0,addr=4,rerror=stop,werror=stop");
  assert.equal(withDisk(SET, { kind: "good", path: "/a" })[1], BLOCKDEV.replace("{disk}", "/a"));
});

for (const release of RELEASES) {
  test(`${release.name} runs the guest without migration`, realBoth(release.name), async () => {
    using files = new GuestFiles();
    for (const mode of modesOf(release)) {
      const machine: GuestMachine = { args: MACHINE, mode, files };
      const { errors, wrong } = await control(programOf(release), machine);
      assert.deepEqual({ errors, wrong }, { errors: 0, wrong: 0 }, mode);
    }
  });
}

for (const [writer, reader] of [
  [OLDEST, NEWEST],
  [NEWEST, OLDEST],
] as const) {
  const options = realBoth(writer.name, reader.name);
  test(`a guest goes from ${writer.name} to ${reader.name} in every mode`, options, async () => {
    using files = new GuestFiles();
    for (const mode of modesOf(writer, reader)) {
      const machine: GuestMachine = { args: MACHINE, mode, files };
      const { counters, octets } = await carriedIn(machine, writer);
      await using guest = await takeOver(programOf(reader), machine, octets);
      assert.equal(await wrongIn(guest, counters, mode), undefined, mode);
      const { boots, reads } = await goOn(guest, counters, mode);
      assert.equal(boots, mode === "reset" ? 2 : 1, mode);
      if (mode !== "reset") assert.ok(reads > counters.reads, mode);
    }
  });
}

test("a guest whose disk has other contents is found out", realBoth(NEWEST.name), async () => {
  using files = new GuestFiles();
  await using guest = await startedWith(altered(files, 3, [1]));
  await assert.rejects(guest.worked(), /GuestDead: the guest found \d+ contents of disk/);
});

test("a guest whose disk has become bad is found out", realBoth(NEWEST.name), async () => {
  using files = new GuestFiles();
  const machine: GuestMachine = { args: MACHINE, mode: "booted", files };
  const { counters, octets } = await carriedIn(machine);
  const path = files.raw("disk");
  const args = ["-m", "8", ...withDisk(MACHINE, { kind: "failing", path, once: false })];
  await using guest = new Guest(await load(programOf(NEWEST), args, octets), path);
  await assert.rejects(guest.goesOn(counters), /GuestDead: the guest got \d+ errors/);
});

test("a guest that does nothing is found out", realBoth(NEWEST.name), async () => {
  using files = new GuestFiles();
  // cli; hlt.
  await using guest = await startedWith(altered(files, 0, [0xfa, 0xf4]), 300);
  await assert.rejects(guest.worked(), /GuestDead: the guest does not boot and read: 0 boots/);
});

test("a guest that has lost a page of its memory is found out", realBoth(NEWEST.name), async () => {
  using files = new GuestFiles();
  const machine: GuestMachine = { args: MACHINE, mode: "booted", files };
  const { counters, octets } = await carriedIn(machine);
  const page = pageOf(octets, counters.passes - 1);
  octets[page] = (octets[page] ?? 0) ^ 0xff;
  await using guest = await takeOver(programOf(NEWEST), machine, octets);
  await assert.rejects(guest.goesOn(counters), /GuestDead: the guest found 1 contents/);
});

test(
  "a machine that has come with other counters is found out",
  realBoth(NEWEST.name),
  async () => {
    using files = new GuestFiles();
    const machine: GuestMachine = { args: MACHINE, mode: "booted", files };
    const { counters, octets } = await carriedIn(machine);
    await using guest = await takeOver(programOf(NEWEST), machine, octets);
    const other = { ...counters, passes: counters.passes + 1 };
    assert.match((await wrongIn(guest, other, "booted")) ?? "", /^its memory has .*, not /);
    assert.match((await wrongIn(guest, counters, "live")) ?? "", /^the machine is paused/);
  },
);

test("GuestRig holds those who take over to what was counted", realBoth("7.2", "5.2"), async () => {
  const sets = [{ name: "virtio-blk", args: SET }];
  const adapter = qemuAdapter(sets);
  const settings = { devices: "virtio-blk", machine: "pc-i440fx-5.2", mode: "live" };
  const hop = (release: string) => ({ implementation: "qemu", release, inputs: {} });
  assert.deepEqual([...adapter.capabilities(hop("5.2"), settings)], ["counting"]);
  await using rig = await adapter.rig(settings, 1);
  let machine = await rig.start(hop("5.2"));
  for (const release of ["7.2", "5.2"]) {
    const state = await machine.save({ correlationId: "", settings });
    machine = await rig.restore(hop(release), state);
    assert.equal(machine.release, release);
    assert.equal(await machine.counting?.arrived(), null);
    assert.equal(await machine.counting?.goesOn(), null);
  }
});

test("GuestRig has a guest work ahead of its memory", realBoth("10.0.2", "11.1"), async () => {
  const adapter = qemuAdapter([{ name: "virtio-blk", args: SET }]);
  const settings = { devices: "virtio-blk", machine: "pc-i440fx-5.2", mode: "live-postcopy" };
  const hop = (release: string) => ({ implementation: "qemu", release, inputs: {} });
  for (const [from, to] of [
    ["10.0.2", "11.1"],
    ["11.1", "10.0.2"],
  ] as const) {
    await using rig = await adapter.rig(settings, 1);
    const machine = await rig.start(hop(from));
    const state = await machine.save({ correlationId: "", settings });
    // A guest all of whose memory has come before is an error.
    const { counting, release } = await rig.restore(hop(to), state);
    assert.equal(release, to);
    assert.equal(await counting?.arrived(), null);
    assert.equal(await counting?.goesOn(), null);
  }
});

test("GuestRig does not ask what fails without migration", realBoth("5.2"), async () => {
  // This controller does not stop for an error of its disk.
  const mptsas = ["-blockdev", BLOCKDEV, "-device", "mptsas1068", "-device", "scsi-hd,drive=d0"];
  const adapter = qemuAdapter([{ name: "mptsas", args: mptsas }]);
  const settings = { devices: "mptsas", machine: "pc-q35-5.2", mode: "in-flight" };
  await using rig = await adapter.rig(settings, 1);
  await assert.rejects(
    rig.start({ implementation: "qemu", release: "5.2", inputs: {} }),
    /RefusedError: absent: without migration, the guest got 1 errors from its disk/,
  );
});
