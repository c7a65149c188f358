import assert from "node:assert/strict";
import { test } from "node:test";
import { u32At } from "../bytes/read_little_endian.ts";
import { inspectAt } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import { CNS } from "./admin_commands.ts";
import { BareHost, CC_ENABLED, DATA_PFN } from "./bare_host.ts";
import { adminCommand, nvmCommand } from "./command.ts";
import { CC, doorbellAt, REGISTER } from "./registers.ts";

const DATA = DATA_PFN * PAGE_SIZE;
const CHANGED = 0x04_00_02;
const READ = nvmCommand("READ", 1, { prp1: DATA });

function identify(host: BareHost, nsid: number, cns: number): { status: number; data: Uint8Array } {
  host.memory.content.write(DATA, new Uint8Array(PAGE_SIZE).fill(0xee));
  const { status } = host.admin(adminCommand("IDENTIFY", { nsid, cdw10: cns, prp1: DATA }));
  return { status, data: host.memory.content.read(DATA, PAGE_SIZE) };
}

/** Reads the changed namespace list; `more` goes into CDW10. */
function changedList(host: BareHost, more = 0): number[] {
  const cdw10 = (0x03ff_0004 | more) >>> 0;
  assert.equal(host.admin(adminCommand("GET_LOG_PAGE", { cdw10, prp1: DATA })).status, 0);
  const page = host.memory.content.read(DATA, PAGE_SIZE);
  return Array.from({ length: 1024 }, (_, index) => u32At(page, 4 * index)).filter((n) => n > 0);
}

test("NvmeController counts resets when CC.EN really goes to 0, and those of the function", () => {
  const host = new BareHost().enable();
  const resets = () => {
    const { controllerResets, functionLevelResets } = host.controller.counters;
    return [controllerResets, functionLevelResets];
  };
  assert.deepEqual(resets(), [0, 0]);
  for (const _ of [1, 2]) host.controller.writeRegister(REGISTER.CC, 4, CC_ENABLED & ~CC.EN);
  assert.deepEqual(resets(), [1, 0]);
  host.controller.functionLevelReset();
  assert.deepEqual(resets(), [1, 1]);
});

test("NvmeController forgets queues and commands at a reset, and keeps namespaces", () => {
  for (const reset of ["controller", "function"] as const) {
    const host = new BareHost().enable().createQueue(1);
    host.memory.content.write(DATA, new Uint8Array(512).fill(7));
    host.io(1, nvmCommand("WRITE", 1, { prp1: DATA }));
    host.submit(1, nvmCommand("WRITE_ZEROES", 1));
    if (reset === "controller") host.controller.writeRegister(REGISTER.CC, 4, 0);
    else host.controller.functionLevelReset();
    host.settle();
    assert.deepEqual(inspectAt(host.controller.inspect(), "queues"), []);
    assert.equal(host.controller.readBlocks(1, 0, 1)[0], 7);
    host.enable().createQueue(1);
    assert.equal(host.io(1, READ).status, 0);
  }
});

test("NvmeController lists admin commands of this hop by name, and counts those of queues", () => {
  const host = new BareHost().enable().createQueue(1);
  host.controller.beginHop();
  assert.deepEqual(host.controller.counters.adminOpcodes, []);
  host.admin(adminCommand("SET_FEATURES", { cdw10: 1 }));
  for (const _ of [1, 2]) host.io(1, READ);
  host.io(1, nvmCommand("FLUSH", 1));
  assert.deepEqual(host.controller.counters.adminOpcodes, ["SET_FEATURES"]);
  assert.deepEqual(host.controller.counters.ioOpcodes, { READ: 2, FLUSH: 1 });
});

test("IDENTIFY describes the controller, a namespace, and one that does not exist", () => {
  const host = new BareHost({ vendorId: 0x1234 }).enable();
  assert.deepEqual([...identify(host, 0, CNS.CONTROLLER).data.subarray(0, 2)], [0x34, 0x12]);
  assert.equal(identify(host, 1, CNS.NAMESPACE).data[0], 64);
  assert.ok(identify(host, 2, CNS.NAMESPACE).data.every((octet) => octet === 0));
  assert.equal(identify(host, 0, CNS.NAMESPACE).status, 0x00b);
  assert.equal(identify(host, 1025, CNS.NAMESPACE).status, 0x00b);
  assert.equal(identify(host, 1, 0x7f).status, 0x002);
});

test("IDENTIFY lists active namespaces above the one that is asked for", () => {
  const namespaces = [9, 2, 37].map((nsid) => ({ nsid, blocks: 8n }));
  const host = new BareHost({ namespaces }).enable();
  const list = (nsid: number) => {
    const { data } = identify(host, nsid, CNS.ACTIVE_NAMESPACES);
    return [0, 1, 2, 3].map((index) => u32At(data, 4 * index));
  };
  assert.deepEqual(list(0), [2, 9, 37, 0]);
  assert.deepEqual(list(9), [37, 0, 0, 0]);
  assert.equal(identify(host, 0xffff_ffff, CNS.ACTIVE_NAMESPACES).status, 0x00b);
});

test("a change of a namespace is reported once, and again after its log page has been read", () => {
  const host = new BareHost().enable();
  const events = () =>
    host
      .settle()
      .take(0)
      .map(({ cid, dw0 }) => [cid, dw0]);
  const first = host.submit(0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  assert.deepEqual(events(), []);
  host.controller.changeNamespace(1, 16n);
  assert.deepEqual(events(), [[first, CHANGED]]);
  const second = host.submit(0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  host.controller.changeNamespace(2, 4n);
  assert.deepEqual(events(), []);
  assert.deepEqual(changedList(host), [1, 2]);
  assert.deepEqual(changedList(host), []);
  host.controller.changeNamespace(2, 8n);
  assert.deepEqual(events(), [[second, CHANGED]]);
});

test("a change of a namespace is reported as soon as somebody asks", () => {
  const host = new BareHost().enable();
  host.controller.changeNamespace(1, 16n);
  const { dw0 } = host.admin(adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  assert.equal(dw0, CHANGED);
});

test("GET LOG PAGE can retain the event, read a part, and has no other pages", () => {
  const host = new BareHost().enable();
  for (const nsid of [3, 4]) host.controller.changeNamespace(nsid, 4n);
  assert.deepEqual(changedList(host, 0x8000), [3, 4]);
  host.memory.content.clear(DATA_PFN, 1);
  const part = { cdw10: 0x0000_8004, cdw12: 4, prp1: DATA };
  assert.equal(host.admin(adminCommand("GET_LOG_PAGE", part)).status, 0);
  assert.deepEqual([...host.memory.content.read(DATA, 8)], [4, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(host.admin(adminCommand("GET_LOG_PAGE", { cdw10: 5, prp1: DATA })).status, 0x109);
  const behind = { cdw10: 4, cdw12: 4100, prp1: DATA };
  assert.equal(host.admin(adminCommand("GET_LOG_PAGE", behind)).status, 0x002);
  assert.deepEqual(changedList(host), [3, 4]);
});

test("a host that wants no notices of namespaces gets none", () => {
  const host = new BareHost().enable();
  host.admin(adminCommand("SET_FEATURES", { cdw10: 0x0b, cdw11: 0 }));
  host.controller.changeNamespace(1, 16n);
  host.submit(0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  assert.deepEqual(host.settle().take(0), []);
});

test("the ninth asynchronous event request is too many", () => {
  const host = new BareHost().enable();
  for (let count = 1; count <= 8; count++) {
    host.submit(0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  }
  assert.equal(host.admin(adminCommand("ASYNCHRONOUS_EVENT_REQUEST")).status, 0x105);
});

test("ABORT ends a command in flight, and says when there is none", () => {
  const host = new BareHost().enable().createQueue(1);
  host.controller.hold(1);
  const cid = host.submit(1, nvmCommand("WRITE_ZEROES", 1));
  const abort = () => host.admin(adminCommand("ABORT", { cdw10: ((cid << 16) | 1) >>> 0 })).dw0;
  assert.equal(abort(), 0);
  assert.deepEqual(
    host.take(1).map(({ status }) => status),
    [0x007],
  );
  assert.equal(abort(), 1);
  const request = host.submit(0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  host.settle();
  host.submit(0, adminCommand("ABORT", { cdw10: (request << 16) >>> 0 }));
  assert.deepEqual(
    host
      .settle()
      .take(0)
      .map(({ status }) => status),
    [0x007, 0],
  );
});

test("doorbells of no queue, or behind its end, are reported as events", () => {
  for (const [offset, value, event] of [
    [doorbellAt(5, "submission"), 1, 0x01_00_00],
    [doorbellAt(5, "completion"), 1, 0x01_00_00],
    [doorbellAt(1, "submission"), 8, 0x01_01_00],
    [doorbellAt(1, "completion"), 8, 0x01_01_00],
  ] as const) {
    const host = new BareHost().enable().createQueue(1, 8);
    host.controller.writeRegister(offset, 4, value);
    assert.equal(host.admin(adminCommand("ASYNCHRONOUS_EVENT_REQUEST")).dw0, event);
  }
});

test("completions show the submission queue head, and are held back without room", () => {
  const host = new BareHost().enable().createQueue(1, 4);
  const send = () => {
    host.submit(1, nvmCommand("FLUSH", 1));
    host.settle();
  };
  for (const _ of [1, 2, 3]) send();
  assert.deepEqual(
    host.take(1, false).map(({ sqhd }) => sqhd),
    [1, 2, 3],
  );
  send();
  assert.deepEqual(host.take(1, false), []);
  assert.equal(inspectAt(host.controller.inspect(), "queues/1/held_back"), 1);
  host.take(1);
  assert.deepEqual(
    host.take(1).map(({ sqhd }) => sqhd),
    [0],
  );
});

test("interrupts come on the vector of the queue, latched while nobody listens", () => {
  const host = new BareHost().enable().createQueue(2);
  const heard: number[] = [];
  host.controller.mapInterrupt(0, () => heard.push(0));
  heard.length = 0;
  host.io(2, READ);
  assert.deepEqual(inspectAt(host.controller.inspect(), "pending_interrupts"), [2]);
  host.controller.mapInterrupt(2, () => heard.push(2));
  host.io(2, READ);
  assert.deepEqual(heard, [2, 2]);
  host.controller.disconnect();
  host.io(2, READ);
  assert.deepEqual(heard, [2, 2]);
});

test("a doorbell that makes room for completions held back interrupts", () => {
  const host = new BareHost().enable().createQueue(1, 2);
  let heard = 0;
  for (const _ of [1, 2]) {
    host.submit(1, nvmCommand("FLUSH", 1));
    host.settle();
  }
  host.controller.mapInterrupt(1, () => heard++);
  heard = 0;
  host.take(1);
  assert.equal(heard, 1);
  host.take(1);
  assert.equal(heard, 1);
});

test("a reset takes back interrupts, changes and features that were set", () => {
  const host = new BareHost().enable().createQueue(1);
  host.io(1, READ);
  host.controller.changeNamespace(1, 16n);
  host.admin(adminCommand("SET_FEATURES", { cdw10: 0x0b, cdw11: 0 }));
  host.controller.writeRegister(REGISTER.CC, 4, 0);
  host.settle();
  assert.deepEqual(inspectAt(host.controller.inspect(), "pending_interrupts"), []);
  host.enable();
  assert.deepEqual(changedList(host), []);
  assert.equal(host.admin(adminCommand("GET_FEATURES", { cdw10: 0x0b })).dw0, 0x100);
});

test("NvmeController works on while nobody drives it", () => {
  const host = new BareHost().enable().createQueue(1);
  host.submit(1, READ);
  host.controller.beginHop();
  host.clock.advance(10);
  assert.equal(host.take(1).length, 1);
});

test("NvmeController.fork() copies the hardware with all that is in flight", () => {
  const host = new BareHost().enable().createQueue(1);
  host.memory.content.write(DATA, new Uint8Array(512).fill(7));
  host.submit(1, nvmCommand("WRITE", 1, { prp1: DATA }));
  host.controller.faults.arm({
    place: { queue: "io", at: "completion" },
    kind: { name: "verify", text: "seen" },
  });
  const before = host.controller.inspect();
  const surroundings = { clock: host.clock.fork(), memory: host.memory.fork() };
  const copy = host.controller.fork(surroundings);
  assert.deepEqual(copy.inspect(), before);
  surroundings.clock.advance(10);
  assert.deepEqual(host.controller.inspect(), before);
  assert.deepEqual(copy.faults.verified, ["seen"]);
  assert.equal(copy.readBlocks(1, 0, 1)[0], 7);
  assert.equal(host.controller.readBlocks(1, 0, 1)[0], 0);
  host.controller.functionLevelReset();
  copy.writeRegister(doorbellAt(1, "completion"), 4, 1);
  assert.equal(copy.counters.functionLevelResets, 0);
});
