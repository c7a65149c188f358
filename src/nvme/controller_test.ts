import assert from "node:assert/strict";
import { test } from "node:test";
import { adminCommand } from "./command.ts";
import { NvmeController } from "./controller.ts";

const ADMIN = { sqPfn: 1n, cqPfn: 2n, entries: 16 };

function enabled(): NvmeController {
  const namespaces = [{ nsid: 1, blocks: 8n }];
  const controller = new NvmeController({ pciId: "a", namespaces, ioQueuesMax: 2 });
  controller.enable(ADMIN);
  return controller;
}

/** Sends an admin command and returns its completion. */
function answerTo(controller: NvmeController, ...command: Parameters<typeof adminCommand>) {
  controller.submit(0, 7, adminCommand(...command));
  return controller.queues.get(0)?.posted.shift();
}

test("NvmeController counts a reset only when CC.EN really goes to 0", () => {
  const controller = enabled();
  assert.deepEqual([controller.enabled, controller.csts, controller.resets], [true, 1, 0]);
  controller.disable();
  controller.disable();
  assert.deepEqual([controller.enabled, controller.csts, controller.resets], [false, 0, 1]);
  controller.functionLevelReset();
  assert.equal(controller.resets, 2);
});

test("NvmeController forgets queues and commands in flight at a reset", () => {
  const controller = enabled();
  controller.submit(0, 0, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  assert.equal(controller.queues.get(0)?.outstanding.length, 1);
  controller.disable();
  assert.equal(controller.queues.size, 0);
});

test("NvmeController lists admin commands of this hop by name", () => {
  const controller = enabled();
  answerTo(controller, "IDENTIFY");
  controller.beginHop();
  answerTo(controller, "SET_FEATURES");
  assert.deepEqual(controller.adminOpcodes, ["SET_FEATURES"]);
});

test("NvmeController grants no more queues than it has", () => {
  const reply = answerTo(enabled(), "SET_FEATURES", { cdw10: 7, cdw11: 0x0007_0007 });
  assert.equal(reply?.dw0, 0x0001_0001);
});

test("NvmeController refuses a queue identifier in use or out of range", () => {
  const controller = enabled();
  const create = (qid: number) =>
    answerTo(controller, "CREATE_IO_COMPLETION_QUEUE", { cdw10: 0x000f_0000 | qid, dptr: 0x3000n });
  assert.equal(create(1)?.status, 0);
  assert.equal(create(1)?.status, 0x101);
  assert.equal(create(3)?.status, 0x101);
  const { entries, cqPfn } = controller.queues.get(1) ?? {};
  assert.deepEqual([entries, cqPfn], [16, 3n]);
});

test("NvmeController answers IDENTIFY of a namespace that does not exist with zeros", () => {
  const controller = enabled();
  assert.equal(answerTo(controller, "IDENTIFY", { nsid: 1 })?.data?.[0], 8);
  assert.ok(answerTo(controller, "IDENTIFY", { nsid: 2 })?.data?.every((octet) => octet === 0));
});

test("NvmeController reports a change once, and again after its log page has been read", () => {
  const controller = enabled();
  const posted = () =>
    controller.queues
      .get(0)
      ?.posted.splice(0)
      .map(({ cid, dw0 }) => [cid, dw0]);
  const request = (cid: number) =>
    controller.submit(0, cid, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  request(5);
  controller.changeNamespace(1, 16n);
  assert.deepEqual(posted(), [[5, 0x04_00_02]]);
  request(6);
  controller.changeNamespace(2, 4n);
  assert.deepEqual(posted(), []);
  assert.deepEqual(answerTo(controller, "GET_LOG_PAGE")?.list, [1, 2]);
  controller.changeNamespace(2, 8n);
  assert.deepEqual(posted(), [[6, 0x04_00_02]]);
});

test("NvmeController reports a change as soon as somebody asks", () => {
  const controller = enabled();
  controller.changeNamespace(1, 16n);
  controller.submit(0, 5, adminCommand("ASYNCHRONOUS_EVENT_REQUEST"));
  assert.deepEqual(
    controller.queues.get(0)?.posted.map(({ cid }) => cid),
    [5],
  );
});

test("NvmeController lists 1024 changed namespaces, and no more than that", () => {
  const controller = enabled();
  for (let nsid = 1; nsid <= 1024; nsid++) controller.changeNamespace(nsid, 4n);
  assert.equal(answerTo(controller, "GET_LOG_PAGE")?.list?.length, 1024);
  for (let nsid = 1; nsid <= 1025; nsid++) controller.changeNamespace(nsid, 8n);
  assert.deepEqual(answerTo(controller, "GET_LOG_PAGE")?.list, [0xffff_ffff]);
});

test("NvmeController.complete() refuses a command that is not in flight", () => {
  assert.throws(() => enabled().complete(0, 9), /current value is qid 0 cid 9$/);
});
