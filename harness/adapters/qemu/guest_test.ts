/**
 * Guests at work in real QEMUs: every release boots one, they are carried in every mode, and one
 * that does not go on, or is wrong, is found out.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { SECTOR_SIZE } from "./boot_sector_table.ts";
import { deliver, WAITING } from "./deliver.ts";
import { Guest, GuestDead } from "./guest.ts";
import { bootDiskOf, isStoppable, withDisk } from "./guest_arguments.ts";
import { GuestFiles } from "./guest_files.ts";
import { carry, control, GUEST_MODES, type GuestMachine, takeOver } from "./guest_modes.ts";
import { installed, type Program } from "./installation.ts";
import { real } from "./real.ts";
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

/** A copy of the guest's disk with `octets` from LBA `lba` on. */
function altered(files: GuestFiles, lba: number, octets: readonly number[]): string {
  const disk = readFileSync(files.raw("disk"));
  disk.set(octets, lba * SECTOR_SIZE);
  const path = files.image("disk");
  writeFileSync(path, disk);
  return path;
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

function startedWith(release: Release, path: string): Promise<Guest> {
  return Guest.start(programOf(release), withDisk(MACHINE, { kind: "good", path }));
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
  test(`${release.name} runs the guest, without migration too`, real(release), async () => {
    using files = new GuestFiles();
    const machine: GuestMachine = { args: MACHINE, files };
    for (const mode of GUEST_MODES) {
      const { boots, errors, wrong } = await control(programOf(release), machine, mode);
      assert.deepEqual({ boots, errors, wrong }, { boots: 1, errors: 0, wrong: 0 }, mode);
    }
  });
}

for (const [writer, reader] of [
  [OLDEST, NEWEST],
  [NEWEST, OLDEST],
] as const) {
  test(
    `a guest goes from ${writer.name} to ${reader.name} in every mode`,
    real(NEWEST),
    async () => {
      using files = new GuestFiles();
      const machine: GuestMachine = { args: MACHINE, files };
      for (const mode of GUEST_MODES) {
        const carried = await carry(programOf(writer), machine, mode);
        await using guest = await takeOver(programOf(reader), machine, carried);
        const { reads } = await guest.goesOn(carried.counters);
        assert.ok(reads > carried.counters.reads, mode);
        const { boots } = await guest.reboots();
        assert.equal(boots, 2, mode);
      }
    },
  );
}

test("a guest whose disk has other contents is found out", real(NEWEST), async () => {
  using files = new GuestFiles();
  await using guest = await startedWith(NEWEST, altered(files, 3, [1]));
  await assert.rejects(guest.worked(), /GuestDead: the guest found \d+ contents of disk/);
});

test("a guest whose disk has become bad is found out", real(NEWEST), async () => {
  using files = new GuestFiles();
  const machine: GuestMachine = { args: MACHINE, files };
  const carried = await carry(programOf(NEWEST), machine, "booted");
  const backing = { kind: "failing", path: files.raw("disk"), once: false } as const;
  const args = [...withDisk(MACHINE, backing), ...WAITING];
  await using guest = await Guest.start(programOf(NEWEST), args);
  await deliver(guest.emulator, carried.octets ?? new Uint8Array());
  await assert.rejects(guest.goesOn(carried.counters), /GuestDead: the guest got \d+ errors/);
});

test("a guest that does nothing is found out", real(NEWEST), async () => {
  using files = new GuestFiles();
  // cli; hlt.
  const args = withDisk(MACHINE, { kind: "good", path: altered(files, 0, [0xfa, 0xf4]) });
  await using guest = await Guest.start(programOf(NEWEST), args, { limitMs: 300 });
  await assert.rejects(guest.worked(), /GuestDead: the guest does not boot and read: 0 boots/);
});

test("a guest that has lost a page of its memory is found out", real(NEWEST), async () => {
  using files = new GuestFiles();
  const machine: GuestMachine = { args: MACHINE, files };
  const { octets = new Uint8Array(), ...rest } = await carry(programOf(NEWEST), machine, "booted");
  const page = pageOf(octets, rest.counters.passes - 1);
  octets[page] = (octets[page] ?? 0) ^ 0xff;
  await using guest = await takeOver(programOf(NEWEST), machine, { ...rest, octets });
  await assert.rejects(guest.goesOn(rest.counters), /GuestDead: the guest found 1 contents/);
});

test("a machine that has come with other counters is found out", real(NEWEST), async () => {
  using files = new GuestFiles();
  const machine: GuestMachine = { args: MACHINE, files };
  const carried = await carry(programOf(NEWEST), machine, "booted");
  const counters = { ...carried.counters, passes: carried.counters.passes + 1 };
  await assert.rejects(takeOver(programOf(NEWEST), machine, { ...carried, counters }), GuestDead);
});
