import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError } from "../machine/mod.ts";
import { openFromDisk, openFromSaved, saveVmgs, type Vmgs } from "./vmgs.ts";
import { FILE, VmgsDisk } from "./vmgs_disk.ts";

function written(disk: VmgsDisk): Vmgs {
  const vmgs = openFromDisk(disk);
  vmgs.write(FILE.tpmNvram, Uint8Array.of(1, 2, 3));
  vmgs.write(FILE.keyProtector, new Uint8Array(5_000).fill(7));
  return vmgs;
}

function reopened(disk: VmgsDisk, vmgs: Vmgs): Vmgs {
  const saved = saveVmgs(vmgs, false);
  assert.ok(saved);
  return openFromSaved(disk, saved);
}

test("Vmgs reads what it has written, from the disk and from saved state", () => {
  const disk = new VmgsDisk();
  const vmgs = written(disk);
  for (const store of [vmgs, openFromDisk(disk), reopened(disk, vmgs)]) {
    assert.deepEqual(store.read(FILE.tpmNvram), Uint8Array.of(1, 2, 3));
    assert.equal(store.read(FILE.keyProtector)?.length, 5_000);
    assert.equal(store.read(FILE.rtcSkew), null);
    assert.deepEqual([...store.files().keys()], [FILE.tpmNvram, FILE.keyProtector]);
    assert.equal(store.disagreement(), null);
  }
});

test("Vmgs writes to other blocks than before, and to the header that is not active", () => {
  const disk = new VmgsDisk();
  const vmgs = written(disk);
  const { active_header_index: index, active_header_sequence_number: sequence, fcbs } = vmgs.state;
  vmgs.write(FILE.tpmNvram, Uint8Array.of(4));
  assert.equal(vmgs.state.active_header_index, 1n - index);
  assert.equal(vmgs.state.active_header_sequence_number, sequence + 1);
  const [was, is] = [fcbs, vmgs.state.fcbs].map(
    (files) => files.find(([id]) => id === FILE.tpmNvram)?.[1].block_offset,
  );
  assert.notEqual(is, was);
  const places = vmgs.state.fcbs.map(([, file]) => [file.block_offset, file.allocated_blocks]);
  assert.deepEqual(
    places
      .flat()
      .sort((a, b) => (a ?? 0) - (b ?? 0))
      .at(0),
    1,
  );
  assert.ok(places.every(([offset = 0]) => offset >= 2));
});

test("Vmgs from a state that is not the last one reads old blocks and says so", () => {
  const disk = new VmgsDisk();
  const vmgs = written(disk);
  const saved = saveVmgs(vmgs, false);
  assert.ok(saved);
  vmgs.write(FILE.tpmNvram, Uint8Array.of(9, 9));
  const stale = openFromSaved(disk, saved);
  assert.match(stale.disagreement() ?? "", /^header \d\/\d+, on disk \d\/\d+$/);
  assert.deepEqual(stale.read(FILE.tpmNvram), Uint8Array.of(1, 2, 3));
  // It believes that the new file's blocks are free.
  stale.write(FILE.rtcSkew, Uint8Array.of(5));
  assert.equal(openFromDisk(disk).read(FILE.tpmNvram)?.length, 3);
});

test("Vmgs refuses a file for which there is no room", () => {
  const vmgs = openFromDisk(new VmgsDisk());
  assert.throws(() => vmgs.write(FILE.tpmNvram, new Uint8Array(4_194_304)), ChainError);
  assert.equal(vmgs.read(FILE.tpmNvram), null);
});

test("VmgsDisk.fork() goes on apart", () => {
  const disk = new VmgsDisk();
  written(disk);
  const copy = disk.fork();
  openFromDisk(disk).write(FILE.tpmNvram, Uint8Array.of(8));
  assert.deepEqual(openFromDisk(copy).read(FILE.tpmNvram), Uint8Array.of(1, 2, 3));
  copy.hibernateToken = null;
  assert.notEqual(disk.hibernateToken, null);
});

test("VmgsDisk.adopt() takes a table over whose files read as zeros", () => {
  const vmgs = written(new VmgsDisk());
  const disk = new VmgsDisk();
  disk.adopt(vmgs.state);
  const store = reopened(disk, vmgs);
  assert.equal(store.disagreement(), null);
  assert.deepEqual(store.read(FILE.tpmNvram), new Uint8Array(3));
  assert.equal(openFromDisk(disk).read(FILE.keyProtector)?.length, 5_000);
});
