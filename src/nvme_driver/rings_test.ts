import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../machine/mod.ts";
import { GuestMemory, PhysicalMemory } from "../memory/mod.ts";
import { cidOf, encodeCompletion, NvmeController, nvmCommand } from "../nvme/mod.ts";
import { DeviceRegisters } from "./device_registers.ts";
import { CompletionQueue, SubmissionQueue } from "./rings.ts";

const VIEW = { pfn: 8, pages: 1 };
const READ = nvmCommand("READ", 1);

/** Registers that note the doorbells that are rung. */
function registers(): { registers: DeviceRegisters; rung: string[] } {
  const clock = new VirtualClock();
  const memory = new PhysicalMemory();
  const controller = new NvmeController({ pciId: "a", namespaces: [], clock, memory });
  const rung: string[] = [];
  const noting = new (class extends DeviceRegisters {
    override doorbell(qid: number, of: "submission" | "completion", value: number): void {
      rung.push(`${of} ${qid}: ${value}`);
    }
  })(controller, clock);
  return { registers: noting, rung };
}

function submissionQueue(len: number, memory = new GuestMemory()): SubmissionQueue {
  return new SubmissionQueue(SubmissionQueue.empty(1, len), memory, VIEW);
}

/** A completion queue whose first entries are as `phases` say. */
function completionQueue(len: number, ...phases: readonly boolean[]): CompletionQueue {
  const memory = new GuestMemory();
  for (const [cid, phase] of phases.entries()) {
    const completion = { dw0: 0, sqhd: 0, sqid: 1, cid, status: 0 };
    encodeCompletion(completion, phase, memory.writable(VIEW.pfn), 16 * cid);
  }
  return new CompletionQueue(CompletionQueue.empty(1, len), memory, VIEW);
}

test("SubmissionQueue wraps its tail and keeps one entry empty", () => {
  const memory = new GuestMemory();
  const queue = submissionQueue(3, memory);
  queue.write(READ, 1);
  assert.equal(queue.full, false);
  queue.write(READ, 2);
  assert.equal(queue.full, true);
  queue.updateHead(2);
  queue.write(READ, 3);
  const { tail, committed_tail } = queue.save();
  assert.deepEqual([tail, committed_tail], [0, 0]);
  const page = memory.readable(VIEW.pfn);
  assert.deepEqual(
    [0, 1, 2].map((index) => cidOf(page, 64 * index)),
    [1, 2, 3],
  );
});

test("SubmissionQueue.commit() rings once for all that was written", () => {
  const { registers: device, rung } = registers();
  const queue = submissionQueue(8);
  for (const cid of [1, 2]) queue.write(READ, cid);
  for (const _ of [1, 2]) queue.commit(device);
  assert.deepEqual(rung, ["submission 1: 2"]);
  assert.equal(queue.save().committed_tail, 2);
});

test("SubmissionQueue.updateHead() panics on a head outside the ring", () => {
  assert.throws(() => submissionQueue(3).updateHead(3), { name: "Panic" });
});

test("CompletionQueue takes entries as long as their phase tag is that of this pass", () => {
  const { registers: device, rung } = registers();
  const queue = completionQueue(3, true, true, false);
  assert.deepEqual([queue.read()?.cid, queue.read()?.cid, queue.read()], [0, 1, null]);
  for (const _ of [1, 2]) queue.commit(device);
  assert.deepEqual(rung, ["completion 1: 2"]);
});

test("CompletionQueue flips the phase tag at a wrap, and then takes zeros for completions", () => {
  const queue = completionQueue(2, true, true);
  for (const _ of [1, 2]) queue.read();
  assert.deepEqual(queue.save(), {
    cqid: 1,
    head: 0,
    committed_head: 0,
    len: 2,
    phase: false,
  });
  assert.equal(queue.hasNext, false);
  const zeros = new CompletionQueue(queue.save(), new GuestMemory(), VIEW);
  assert.deepEqual(zeros.read(), { dw0: 0, sqhd: 0, sqid: 0, cid: 0, status: 0 });
});

test("rings take saved values verbatim, even impossible ones", () => {
  const memory = new GuestMemory();
  const sq = { sqid: 9, head: 70, tail: 99, committed_tail: 3, len: 4 };
  assert.deepEqual(new SubmissionQueue(sq, memory, VIEW).save(), sq);
  const cq = { cqid: 9, head: 700, committed_head: 99, len: 4, phase: false };
  const queue = new CompletionQueue(cq, memory, VIEW);
  assert.deepEqual(queue.save(), cq);
  assert.throws(() => queue.read(), {
    name: "Panic",
    message: "range start index 11200 out of range for slice of length 4096",
  });
});
