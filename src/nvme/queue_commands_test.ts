import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_SIZE } from "../memory/mod.ts";
import { BareHost, CC_ENABLED } from "./bare_host.ts";
import { adminCommand, nvmCommand } from "./command.ts";
import type { AdminOpcode } from "./opcodes.ts";
import { CC, REGISTER } from "./registers.ts";

const PLACE = 0x40 * PAGE_SIZE;

function statusOf(
  host: BareHost,
  opcode: AdminOpcode,
  cdw10: number,
  cdw11 = 0,
  prp1 = PLACE,
): number {
  return host.admin(adminCommand(opcode, { cdw10, cdw11, prp1 })).status;
}

const create = (host: BareHost, ...command: readonly [number, number?, number?]) =>
  statusOf(host, "CREATE_IO_COMPLETION_QUEUE", ...command);

function ready(): BareHost {
  return new BareHost({ ioQueuesMax: 2, interruptsMax: 3, queueEntriesMax: 64 }).enable();
}

test("CREATE I/O COMPLETION QUEUE refuses an identifier in use or out of range", () => {
  const host = ready();
  assert.equal(create(host, 0x0007_0001, 3), 0);
  assert.equal(create(host, 0x0007_0001, 3), 0x101);
  assert.equal(create(host, 0x0007_0000, 3), 0x101);
  assert.equal(create(host, 0x0007_0002, 3), 0);
  assert.equal(create(host, 0x0007_0003, 3), 0x101);
});

test("CREATE I/O COMPLETION QUEUE refuses sizes, vectors and places that do not work", () => {
  for (const [cdw10, cdw11, prp1, status] of [
    [0x003f_0001, 3, PLACE, 0],
    [0x0001_0001, 3, PLACE, 0],
    [0x0040_0001, 3, PLACE, 0x102], // One more than CAP.MQES allows.
    [0x0000_0001, 3, PLACE, 0x102], // One entry, which stays empty.
    [0x0007_0001, 2, PLACE, 0x002], // Not in a row.
    [0x0007_0001, 3, PLACE + 512, 0x013],
    [0x0007_0001, 0x0002_0003, PLACE, 0],
    [0x0007_0001, 0x0003_0003, PLACE, 0x108],
  ] as const) {
    assert.equal(create(ready(), cdw10, cdw11, prp1), status, cdw10.toString(16));
  }
});

test("CREATE I/O COMPLETION QUEUE needs CC.IOCQES and CC.IOSQES", () => {
  const host = ready();
  host.controller.writeRegister(REGISTER.CC, 4, CC_ENABLED & ~(0xf << CC.IOCQES_SHIFT));
  assert.equal(create(host, 0x0007_0001, 3), 0x102);
});

test("CREATE I/O SUBMISSION QUEUE needs a completion queue", () => {
  const host = ready();
  const creates = (cdw10: number, cdw11: number) =>
    statusOf(host, "CREATE_IO_SUBMISSION_QUEUE", cdw10, cdw11);
  assert.equal(creates(0x0007_0001, 0x0001_0001), 0x100);
  assert.equal(creates(0x0007_0001, 0x0000_0001), 0x101); // The admin completion queue.
  assert.equal(creates(0x0007_0001, 0x0003_0001), 0x101);
  create(host, 0x0007_0001, 3);
  assert.equal(creates(0x0007_0002, 0x0001_0001), 0);
  assert.equal(creates(0x0007_0002, 0x0001_0001), 0x101);
  assert.equal(creates(0x0007_0001, 0x0001_0000), 0x002);
});

test("DELETE I/O COMPLETION QUEUE comes after its submission queues have gone", () => {
  const host = ready().createQueue(1);
  assert.equal(statusOf(host, "DELETE_IO_COMPLETION_QUEUE", 1), 0x10c);
  assert.equal(statusOf(host, "DELETE_IO_SUBMISSION_QUEUE", 1), 0);
  assert.equal(statusOf(host, "DELETE_IO_SUBMISSION_QUEUE", 1), 0x101);
  assert.equal(statusOf(host, "DELETE_IO_COMPLETION_QUEUE", 1), 0);
  for (const qid of [0, 1]) {
    assert.equal(statusOf(host, "DELETE_IO_COMPLETION_QUEUE", qid), 0x101);
    assert.equal(statusOf(host, "DELETE_IO_SUBMISSION_QUEUE", qid), 0x101);
  }
});

test("DELETE I/O SUBMISSION QUEUE answers what was in flight", () => {
  const host = ready().createQueue(1);
  host.controller.hold(1);
  for (const _ of [1, 2]) host.submit(1, nvmCommand("FLUSH", 1));
  assert.equal(statusOf(host, "DELETE_IO_SUBMISSION_QUEUE", 1), 0);
  assert.deepEqual(
    host.take(1).map(({ status, sqid }) => [status, sqid]),
    [
      [0x008, 1],
      [0x008, 1],
    ],
  );
});
