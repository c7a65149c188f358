import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskRequest, ScsiDisk } from "./disk.ts";
import { decodePacket, NT_STATUS } from "./packet.ts";
import { decodeRequest, encodeRequest, SCSI_OPCODE, SRB_STATUS } from "./scsi_request.ts";
import { StorvspWorker } from "./storvsp_worker.ts";

/** A disk that keeps what it was asked, to be answered by hand. */
class SlowDisk implements ScsiDisk {
  readonly sectorCount = 1024n;
  readonly asked: { readonly request: DiskRequest; readonly done: (status: number) => void }[] = [];

  execute(request: DiskRequest, done: (status: number) => void): void {
    this.asked.push({ request, done });
  }
}

interface Answered {
  readonly id: bigint;
  readonly status: number | undefined;
  readonly srbStatus: number | undefined;
}

function workerOn(disk: SlowDisk) {
  const answers: Answered[] = [];
  const worker = new StorvspWorker(new Map([["0:0:3", disk]]), {
    complete(id, octets) {
      const packet = decodePacket(octets);
      const request = packet === null ? null : decodeRequest(packet.payload);
      answers.push({ id, status: packet?.status, srbStatus: request?.srbStatus });
    },
  });
  return { worker, answers };
}

const READ = encodeRequest({
  path: 0,
  target: 0,
  lun: 3,
  opcode: SCSI_OPCODE.READ,
  unmaps: false,
  dataIn: true,
  transferLength: 1024,
  lba: 40,
  blocks: 2,
  srbStatus: 0,
});

const entry = (id: bigint, request = READ) => ({
  transactionId: id,
  externalData: [1024n, 512n, 0x2000n],
  request,
});

const DONE = { status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.SUCCESS };

test("StorvspWorker hands a request to its disk and answers when the disk does", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  worker.execute(entry(7n), 2);
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

test("StorvspWorker answers what no disk can do: no such unit, no such opcode, no request", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  const elsewhere = READ.slice();
  elsewhere[7] = 9;
  const unknown = READ.slice();
  unknown[16] = 0x5e;
  worker.execute(entry(1n, elsewhere), 0);
  worker.execute(entry(2n, unknown), 0);
  worker.execute(entry(3n, READ.subarray(0, 8)), 0);
  assert.deepEqual(answers, [
    { id: 1n, status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.INVALID_LUN },
    { id: 2n, status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.ERROR },
    { id: 3n, status: NT_STATUS.INVALID_PARAMETER, srbStatus: undefined },
  ]);
  assert.equal(disk.asked.length, 0);
});

test("StorvspWorker keeps answers while it is stopped, and gives each one once", () => {
  const disk = new SlowDisk();
  const { worker, answers } = workerOn(disk);
  worker.execute(entry(7n), 0);
  worker.stop();
  disk.asked[0]?.done(0);
  assert.deepEqual(answers, []);
  assert.equal(worker.outstanding, 1);
  worker.start();
  worker.start();
  assert.deepEqual(answers, [{ id: 7n, ...DONE }]);
});

test("StorvspWorker.restore() issues outstanding requests again", () => {
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
  worker.restore(saved, 3);
  assert.deepEqual(again.asked[0]?.request, { ...disk.asked[1]?.request, vp: 3 });
  again.asked[0]?.done(5);
  assert.deepEqual(answers, [{ id: 8n, status: NT_STATUS.SUCCESS, srbStatus: SRB_STATUS.ERROR }]);
});
