import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import type { DiskRequest, ScsiDisk } from "./disk.ts";
import { NO_DATA } from "./external_data.ts";
import { decodePacket, NT_STATUS } from "./packet.ts";
import {
  decodeRequest,
  encodeRequest,
  REQUEST_SIZE,
  SCSI_OPCODE,
  type ScsiRequest,
  SRB_STATUS,
  UNMAP_LIST_SIZE,
  unmapList,
} from "./scsi_request.ts";
import { StorvspWorker } from "./storvsp_worker.ts";

/** A disk that keeps what it was asked, to be answered by hand. */
class SlowDisk implements ScsiDisk {
  readonly sectorCount = 1024n;
  readonly asked: { readonly request: DiskRequest; readonly done: (status: number) => void }[] = [];

  execute(request: DiskRequest, done: (status: number) => void): void {
    this.asked.push({ request, done });
  }
}

function answerOf(octets: Uint8Array) {
  const packet = decodePacket(octets);
  const request = packet === null ? null : decodeRequest(packet.payload);
  return { status: packet?.status, srbStatus: request?.srbStatus };
}

function workerOn(disk: SlowDisk) {
  const ring = { room: true };
  const answers: ({ readonly id: bigint } & ReturnType<typeof answerOf>)[] = [];
  const memory = new GuestMemory();
  const worker = new StorvspWorker({
    memory,
    disks: new Map([["0:0:3", disk]]),
    send(id, octets) {
      if (ring.room) answers.push({ id, ...answerOf(octets) });
      return ring.room;
    },
  });
  return { worker, answers, ring, memory };
}

const READ: ScsiRequest = {
  path: 0,
  target: 0,
  lun: 3,
  opcode: SCSI_OPCODE.READ,
  dataIn: true,
  transferLength: 1024,
  lba: 40,
  blocks: 2,
  srbStatus: 0,
};

/** 1024 octets from 512 on of one page. */
const DATA = { buf: [(512n << 32n) | 1024n, 0x2000n], count: 1n };

const entry = (id: bigint, request: Partial<ScsiRequest> = {}) => ({
  transactionId: id,
  externalData: DATA,
  request: encodeRequest({ ...READ, ...request }),
});

const DONE = { status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.SUCCESS };

test("StorvspWorker hands a request to its disk and answers when the disk does", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  assert.equal(worker.execute(entry(7n), 2), null);
  assert.deepEqual(disk.asked[0]?.request, {
    kind: "read",
    lba: 40,
    blocks: 2,
    range: { offset: 512, pfns: [0x2000] },
    vp: 2,
  });
  assert.deepEqual(answers, []);
  disk.asked[0]?.done(0);
  assert.deepEqual(answers, [{ id: 7n, ...DONE }]);
  assert.equal(worker.outstanding, 0);
});

test("StorvspWorker answers at once what needs no disk: no such unit, opcode, request", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  const ready = worker.execute(entry(0n, { opcode: SCSI_OPCODE.TEST_UNIT_READY }), 0);
  const elsewhere = worker.execute(entry(1n, { lun: 9 }), 0);
  const unknown = worker.execute(entry(2n, { opcode: 0x5e }), 0);
  const long = worker.execute(entry(3n, { transferLength: 1025 }), 0);
  const short = worker.execute({ ...entry(4n), request: new Uint8Array(8) }, 0);
  assert.deepEqual(
    [ready, elsewhere, unknown, long, short].map((it) => it && answerOf(it)),
    [
      DONE,
      { status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.INVALID_LUN },
      { status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.ERROR },
      { status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.ERROR },
      { status: NT_STATUS.INVALID_PARAMETER, srbStatus: undefined },
    ],
  );
  assert.equal(disk.asked.length, 0);
  assert.deepEqual([answers.length, worker.outstanding], [0, 0]);
});

test("StorvspWorker finds the blocks of UNMAP in the guest's memory", () => {
  const disk = new SlowDisk();
  const { worker, memory } = workerOn(disk);
  memory.write(0x2000 * PAGE_SIZE + 512, unmapList(72, 4));
  const unmap = { opcode: SCSI_OPCODE.UNMAP, transferLength: UNMAP_LIST_SIZE };
  worker.execute(entry(7n, unmap), 0);
  const { kind, lba, blocks } = disk.asked[0]?.request ?? {};
  assert.deepEqual({ kind, lba, blocks }, { kind: "unmap", lba: 72, blocks: 4 });
});

test("StorvspWorker keeps answers while it is stopped, and gives each one once", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  worker.execute(entry(7n), 0);
  worker.stop();
  disk.asked[0]?.done(0);
  worker.sendAll();
  assert.deepEqual(answers, []);
  assert.equal(worker.outstanding, 1);
  worker.start(0);
  worker.start(0);
  assert.deepEqual(answers, [{ id: 7n, ...DONE }]);
});

test("StorvspWorker has a request outstanding until its completion fits into the ring", () => {
  const disk = new SlowDisk();
  const { worker, answers, ring } = workerOn(disk);
  worker.execute(entry(7n), 0);
  ring.room = false;
  disk.asked[0]?.done(0);
  assert.equal(worker.save().scsi_requests.length, 1);
  ring.room = true;
  worker.sendAll();
  assert.deepEqual(answers, [{ id: 7n, ...DONE }]);
  assert.equal(worker.outstanding, 0);
});

test("StorvspWorker.close() drops what is under way, and answers that come after it", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  worker.execute(entry(7n), 0);
  worker.close();
  disk.asked[0]?.done(0);
  assert.deepEqual([answers.length, worker.outstanding], [0, 0]);
});

test("StorvspWorker.restore() has outstanding requests issued again at the start", () => {
  const disk = new SlowDisk();
  const before = workerOn(disk);
  before.worker.execute(entry(7n), 1);
  before.worker.execute(entry(8n), 1);
  disk.asked[0]?.done(0);
  before.worker.stop();
  const saved = before.worker.save();
  assert.deepEqual(
    saved.scsi_requests.map(({ transaction_id }) => transaction_id),
    [8n],
  );
  const again = new SlowDisk();
  const { worker, answers } = workerOn(again);
  worker.restore(saved);
  assert.equal(again.asked.length, 0);
  assert.deepEqual(worker.save(), saved);
  worker.start(3);
  assert.deepEqual(again.asked[0]?.request, { ...disk.asked[1]?.request, vp: 3 });
  again.asked[0]?.done(5);
  assert.deepEqual(answers, [{ id: 8n, status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.ERROR }]);
});

test("StorvspWorker.restore() refuses requests that upstream would refuse", () => {
  const { worker } = workerOn(new SlowDisk());
  const request = encodeRequest(READ);
  const restore = (saved: { request?: Uint8Array; external_data?: typeof DATA }) =>
    worker.restore({
      scsi_requests: [{ transaction_id: 1n, external_data: DATA, request, ...saved }],
    });
  const long = new Uint8Array(REQUEST_SIZE + 1);
  assert.throws(() => restore({ request: long }), { message: "scsi request is too large" });
  const pages = { buf: [DATA.buf[0] ?? 0n], count: 1n };
  assert.throws(() => restore({ external_data: pages }), { message: "failed to parse gpa range" });
  assert.throws(() => restore({ external_data: NO_DATA as typeof DATA }), {
    message: "range/request conflict",
  });
  restore({ request: long.subarray(0, REQUEST_SIZE) });
  assert.equal(worker.outstanding, 1);
});
