import assert from "node:assert/strict";
import { test } from "node:test";
import { Log, Points, RestoreError } from "../machine/mod.ts";
import { GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import type { StorvspSavedState, VmbusServerSavedState } from "../openhcl_state/mod.ts";
import { type DiskRequest, type ScsiDisk, StorvspController } from "../storvsp/mod.ts";
import { SOUND_SERVER, VmbusServer } from "../vmbus/mod.ts";
import { BLOCK_SIZE, fillBlock } from "./block_content.ts";
import { closeChannel } from "./channel_requests.ts";
import type { PlannedChannel } from "./driver_state.ts";
import { openAll, passPackets } from "./going_on.ts";
import { GuestStorage, type StorageRequest } from "./storage.ts";
import { offerNumber } from "./test_bus.ts";
import { VmbusDriver } from "./vmbus_driver.ts";

const OFFER = offerNumber(1);
const SUBCHANNELS = 2;

const PLAN = [0, 1, SUBCHANNELS].map(
  (vp): PlannedChannel => ({
    key: { ...OFFER.key, subchannel_index: vp },
    gpadls: [0xe0 + vp],
    vp,
    use: "storage",
  }),
);

/** A disk in memory, whose answers wait until somebody lets them go. */
class HeldDisk implements ScsiDisk {
  readonly sectorCount = 1024n;
  readonly vps: number[] = [];
  waiting: (() => void)[] = [];
  readonly #memory: GuestMemory;
  readonly #blocks: Map<number, Uint8Array>;

  constructor(memory: GuestMemory, blocks: Map<number, Uint8Array>) {
    this.#memory = memory;
    this.#blocks = blocks;
  }

  execute(request: DiskRequest, done: (status: number) => void): void {
    this.vps.push(request.vp);
    this.waiting.push(() => {
      this.#do(request);
      done(0);
    });
  }

  letGo(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  #do({ kind, lba, blocks, range: { offset, pfns } }: DiskRequest): void {
    for (let index = 0; index < blocks; index++) {
      const at = offset + index * BLOCK_SIZE;
      const pfn = pfns[Math.floor(at / PAGE_SIZE)] ?? 0;
      const address = pfn * PAGE_SIZE + (at % PAGE_SIZE);
      const known = this.#blocks.get(lba + index) ?? new Uint8Array(BLOCK_SIZE);
      if (kind === "write") this.#blocks.set(lba + index, this.#memory.read(address, BLOCK_SIZE));
      else if (kind === "unmap") this.#blocks.delete(lba + index);
      else this.#memory.write(address, known);
    }
  }
}

/** A guest with disks, and OpenHCL's part in the middle, which can be saved and replaced. */
class Storage {
  readonly memory = new GuestMemory();
  readonly blocks = new Map<number, Uint8Array>();
  readonly guest = new VmbusDriver(this.memory, PLAN);
  readonly storage = new GuestStorage(this.guest);
  disk = new HeldDisk(this.memory, this.blocks);
  server: VmbusServer;
  controller: StorvspController;

  constructor() {
    [this.server, this.controller] = this.#newMiddle();
    this.server.start();
    this.controller.start();
    this.guest.setRunning(true);
    assert.deepEqual(openAll(this.guest), []);
  }

  #newMiddle(): [VmbusServer, StorvspController] {
    const { memory, guest } = this;
    const server = new VmbusServer(SOUND_SERVER, { log: new Log(), points: new Points(), memory });
    server.attach(guest);
    guest.attach(server);
    this.disk = new HeldDisk(memory, this.blocks);
    const disks = new Map([["0:0:0", this.disk]]);
    const subchannelsMax = SUBCHANNELS;
    const parts = { memory, server, offer: OFFER, disks, subchannelsMax };
    return [server, new StorvspController(parts)];
  }

  save(): [VmbusServerSavedState, StorvspSavedState] {
    this.guest.setRunning(false);
    this.controller.stop();
    this.server.stop();
    return [this.server.save(), this.controller.save()];
  }

  restore([server, controller]: ReturnType<Storage["save"]>): void {
    [this.server, this.controller] = this.#newMiddle();
    this.server.restore(server);
    this.controller.restore(controller);
    this.server.start();
    this.controller.start();
    this.guest.setRunning(true);
  }

  send(request: Partial<StorageRequest>): void {
    this.storage.send({ kind: "write", lun: 0, lba: 8, blocks: 1, vp: 0, ...request });
  }
}

test("GuestStorage comes to terms with its controller and opens its subchannels", () => {
  const { controller, guest, storage } = new Storage();
  assert.equal(storage.ready, true);
  const { protocol_state, channels } = controller.save();
  assert.equal(protocol_state.variant, "Ready");
  assert.deepEqual(channels, new Array(3).fill({ channel: { scsi_requests: [] } }));
  assert.deepEqual(passPackets(guest), []);
  assert.deepEqual([guest.complaints, guest.traffic.oddities], [[], []]);
});

test("GuestStorage sends on the channel of each processor, and reads what it has written", () => {
  const machine = new Storage();
  const { disk } = machine;
  for (const vp of [0, 1, 2]) machine.send({ vp, lba: 8 * vp, blocks: vp === 2 ? 24 : 1 });
  disk.letGo();
  for (const vp of [0, 1, 2]) {
    machine.send({ kind: "read", vp, lba: 8 * vp, blocks: vp === 2 ? 24 : 1 });
  }
  disk.letGo();
  machine.send({ kind: "unmap", lba: 17, blocks: 2 });
  machine.send({ kind: "flush", blocks: 0 });
  disk.letGo();
  machine.send({ kind: "read", lba: 16, blocks: 4 });
  disk.letGo();
  assert.deepEqual(disk.vps.slice(0, 3), [0, 1, 2]);
  const { oddities, outstanding, done } = machine.storage.ledger.totals();
  assert.deepEqual({ oddities, outstanding, done }, { oddities: [], outstanding: 0, done: 9 });
});

test("GuestStorage finds a read that brings nothing, or what is not there", () => {
  const machine = new Storage();
  machine.send({});
  machine.disk.letGo();
  const block = new Uint8Array(BLOCK_SIZE);
  fillBlock(block, 7, 8);
  machine.blocks.set(8, block);
  machine.send({ kind: "read" });
  machine.disk.letGo();
  assert.match(machine.storage.ledger.totals().oddities[0] ?? "", /has write 7 in block 8, not/);
});

test("StorvspController has requests answered once, whenever it is saved", () => {
  const machine = new Storage();
  machine.send({ vp: 1 });
  machine.send({ vp: 2, lba: 9 });
  const old = machine.disk;
  const saved = machine.save();
  // The old device comes to an end when nobody listens any more.
  old.letGo();
  assert.deepEqual(
    saved[1].channels.map(({ channel }) => channel?.scsi_requests.length),
    [0, 1, 1],
  );
  machine.restore(saved);
  assert.deepEqual(machine.disk.vps, [1, 2]);
  machine.disk.letGo();
  for (const lba of [8, 9]) machine.send({ kind: "read", lba });
  machine.disk.letGo();
  const { oddities, outstanding, done } = machine.storage.ledger.totals();
  assert.deepEqual({ oddities, outstanding, done }, { oddities: [], outstanding: 0, done: 4 });
  assert.deepEqual(passPackets(machine.guest), []);
});

test("StorvspController takes its subchannels back with the first channel", () => {
  const { guest, controller } = new Storage();
  const [first] = guest.planned();
  assert.ok(first);
  closeChannel(guest, first);
  const { channels, protocol_state } = controller.save();
  assert.deepEqual(channels, [{ channel: null }]);
  assert.deepEqual(protocol_state, {
    variant: "Init",
    value: { 0: { variant: "Begin", value: {} } },
  });
  assert.deepEqual(openAll(guest), []);
  assert.equal(controller.save().channels.length, SUBCHANNELS + 1);
  assert.deepEqual(guest.complaints, []);
});

test("StorvspController.restore() refuses requests of a channel that is not ready", () => {
  const machine = new Storage();
  machine.send({});
  const [server, { channels, drives }] = machine.save();
  const value = { version: 0x602, can_create_subchannels: false };
  const protocol_state = {
    variant: "Init",
    value: { 0: { variant: "EndInitialization", value } },
  } as const;
  assert.throws(() => machine.restore([server, { protocol_state, channels, drives }]), {
    name: RestoreError.name,
    message: "saved state is invalid: unexpected scsi request in non-ready channel",
  });
});
