import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_SIZE } from "../memory/mod.ts";
import { BareHost, DATA_PFN } from "./bare_host.ts";
import { adminCommand, nvmCommand } from "./command.ts";
import type { FaultTime, QueueFaultKind, QueuePlace } from "./fault.ts";
import { REGISTER } from "./registers.ts";

const DATA = DATA_PFN * PAGE_SIZE;
const IDENTIFY = adminCommand("IDENTIFY", { nsid: 1, prp1: DATA });
const READ = nvmCommand("READ", 1, { prp1: DATA });
const ADMIN: QueuePlace = { queue: "admin", at: "submission", opcode: "IDENTIFY" };
const IO: QueuePlace = { queue: "io", at: "completion", opcode: "READ" };

function armed(place: QueuePlace, kind: QueueFaultKind, time?: FaultTime): BareHost {
  const host = new BareHost().enable().createQueue(1).createQueue(2);
  host.controller.faults.arm(time === undefined ? { place, kind } : { place, kind, time });
  return host;
}

/** Statuses of the completions that a queue has, one after the other. */
function statuses(host: BareHost, qid: number): number[] {
  return host.take(qid).map(({ status }) => status);
}

test("drop: a command at its submission is not executed, at its completion it is", () => {
  const before = armed({ queue: "io", at: "submission" }, { name: "drop" });
  const after = armed({ queue: "io", at: "completion" }, { name: "drop" });
  for (const [host, written] of [
    [before, 0],
    [after, 7],
  ] as const) {
    host.memory.content.write(DATA, new Uint8Array(512).fill(7));
    host.submit(1, nvmCommand("WRITE", 1, { prp1: DATA }));
    host.settle();
    assert.deepEqual(statuses(host, 1), []);
    assert.equal(host.controller.readBlocks(1, 0, 1)[0], written);
  }
});

test("delay: a command comes so much later", () => {
  for (const at of ["submission", "completion"] as const) {
    const host = armed({ ...IO, at }, { name: "delay", by: 1_000 });
    host.submit(1, READ);
    host.clock.advance(1_009);
    assert.deepEqual(statuses(host, 1), []);
    host.clock.advance(1);
    assert.deepEqual(statuses(host, 1), [0]);
  }
});

test("delay: a command waits until the faults are released, which stay armed", () => {
  for (const at of ["submission", "completion"] as const) {
    const host = armed({ ...IO, at }, { name: "delay", by: "until-released" });
    for (const _ of [1, 2]) {
      host.submit(1, READ);
      assert.deepEqual(statuses(host.settle(), 1), []);
      host.controller.faults.release();
      assert.deepEqual(statuses(host.settle(), 1), [0]);
    }
  }
});

test("corrupt: octets of a command or of a completion are others", () => {
  const command = armed(ADMIN, { name: "corrupt", at: 0, octets: Uint8Array.of(0xc0) });
  assert.equal(command.admin(IDENTIFY).status, 0x001);
  const cid = armed(IO, { name: "corrupt", at: 12, octets: Uint8Array.of(0xfe, 0xff) });
  cid.submit(1, READ);
  assert.equal(cid.settle().take(1)[0]?.cid, 0xfffe);
  const status = armed(IO, { name: "corrupt", at: 14, octets: Uint8Array.of(0x0d, 0x00) });
  assert.equal(status.io(1, READ).status, 0x006);
});

test("fail: a command at its submission is not executed, and has a status", () => {
  const host = armed(
    { ...ADMIN, opcode: "CREATE_IO_COMPLETION_QUEUE" },
    { name: "fail", status: 6 },
  );
  const create = { cdw10: 0x0007_0003, cdw11: 3, prp1: DATA };
  const status = () => host.admin(adminCommand("CREATE_IO_COMPLETION_QUEUE", create)).status;
  assert.equal(status(), 6);
  host.controller.faults.disarm();
  assert.equal(status(), 0);
});

test("die: the controller is gone from the command on", () => {
  for (const at of ["submission", "completion"] as const) {
    const host = armed({ ...IO, at }, { name: "die" });
    host.submit(1, READ);
    host.submit(1, READ);
    assert.deepEqual(statuses(host.settle(), 1), []);
    assert.equal(host.controller.readRegister(REGISTER.CSTS, 4), 0xffff_ffff);
  }
});

test("payload: the host is given other data", () => {
  for (const at of ["submission", "completion"] as const) {
    const host = armed({ ...ADMIN, at }, { name: "payload", octets: Uint8Array.of(1, 2, 3) });
    assert.equal(host.admin(IDENTIFY).status, 0);
    const data = host.memory.content.read(DATA, 4);
    assert.deepEqual([...data], [1, 2, 3, 0]);
  }
});

test("panic and verify note that a command came, and let it go", () => {
  const host = armed(ADMIN, { name: "panic", text: "identified again" });
  host.controller.faults.arm({ place: IO, kind: { name: "verify", text: "read" } });
  host.admin(IDENTIFY);
  assert.equal(host.io(1, READ).status, 0);
  assert.deepEqual(host.controller.faults.violations, ["identified again"]);
  assert.deepEqual(host.controller.faults.verified, ["read"]);
});

test("a fault strikes only what is at its place", () => {
  const place = { queue: "io", at: "completion", qid: 2, nsid: 1 } as const;
  const host = armed(place, { name: "fail", status: 6 });
  assert.equal(host.io(1, READ).status, 0);
  assert.equal(host.io(2, READ).status, 6);
  assert.equal(host.io(2, { ...READ, nsid: 2 }).status, 0x002);
  assert.equal(host.admin(IDENTIFY).status, 0);
});

test("a fault passes over its skips and strikes as many times as it says", () => {
  const host = armed(IO, { name: "fail", status: 6 }, { skips: 1, times: 2 });
  const statusesOfReads = [1, 2, 3, 4].map(() => host.io(1, READ).status);
  assert.deepEqual(statusesOfReads, [0, 6, 6, 0]);
});

test("of two faults at one place the first one armed strikes, until it is spent", () => {
  const host = armed(IO, { name: "fail", status: 6 }, { times: 1 });
  host.controller.faults.arm({ place: IO, kind: { name: "fail", status: 7 } });
  assert.deepEqual([host.io(1, READ).status, host.io(1, READ).status], [6, 7]);
});

test("Faults.arm() refuses an opcode that its queues do not have", () => {
  const place = { queue: "io", at: "submission", opcode: "IDENTIFY" } as const;
  assert.throws(() => armed(place, { name: "drop" }), {
    message: "Cannot arm fault as opcode must be one of io queues: current value is IDENTIFY",
  });
});

test("faults outlive a reset of the controller", () => {
  const host = armed(ADMIN, { name: "verify", text: "seen" });
  host.controller.functionLevelReset();
  host.enable().admin(IDENTIFY);
  assert.deepEqual(host.controller.faults.verified, ["seen"]);
});

test("Faults.strikes counts commands that were struck, and registers that were looked at", () => {
  const host = armed(IO, { name: "fail", status: 6 }, { skips: 1, times: 1 });
  const { faults } = host.controller;
  host.io(1, READ);
  assert.equal(faults.strikes, 0);
  host.io(1, READ);
  host.io(1, READ);
  assert.equal(faults.strikes, 1);
  faults.arm({ place: "registers", kind: { name: "queue-entries", max: 16 } });
  host.controller.readRegister(0, 8);
  assert.ok(faults.strikes > 1);
});
