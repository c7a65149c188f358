import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor } from "../mesh/mod.ts";
import { ProcessorSavedState } from "../openhcl_state/mod.ts";
import { processorsInTurn, withMessage } from "./guest_processors.ts";
import { type Processor, restoreProcessor, saveProcessor } from "./processor.ts";

const [FIRST, SECOND] = withMessage(processorsInTurn([], 1, 0));

/** A processor after a save by `writer` and a restore by `reader`. */
function serviced(processor: Processor, writer: string, reader: string): Processor {
  const octets = codecFor(ProcessorSavedState, writer).encode(saveProcessor(processor));
  return restoreProcessor(codecFor(ProcessorSavedState, reader).decode(octets));
}

test("restoreProcessor() gives back registers and waiting messages, since 2505", () => {
  assert.ok(FIRST && SECOND);
  for (const processor of [FIRST, SECOND]) {
    assert.deepEqual(serviced(processor, "2505", "main"), processor);
  }
  assert.equal(FIRST.queues[2]?.length, 1);
});

test("restoreProcessor() has no crash registers and no messages of 2411", () => {
  assert.ok(FIRST);
  const lost = serviced(FIRST, "2411", "main");
  assert.equal(lost.rax, FIRST.rax);
  assert.deepEqual(lost.crash_reg, [0n, 0n, 0n, 0n, 0n]);
  assert.ok(lost.queues.every((queue) => queue.length === 0));
  assert.equal(lost.queues.length, 16);
});

test("saveProcessor() writes the memory types of the hypervisor, whatever was restored", () => {
  assert.ok(FIRST);
  const { msr_mtrr_def_type, fixed_mtrrs } = saveProcessor(serviced(FIRST, "2411", "main"));
  assert.equal(msr_mtrr_def_type, 0xc06n);
  assert.equal(fixed_mtrrs?.length, 11);
});

test("processorsInTurn() moves the first processor and leaves the others", () => {
  const before = processorsInTurn([], 2, 0);
  const after = processorsInTurn(before, 2, 1);
  assert.notEqual(after[0]?.rax, before[0]?.rax);
  assert.equal(after[0]?.crash_reg, before[0]?.crash_reg);
  assert.equal(after[1], before[1]);
  assert.equal(processorsInTurn(before, 2, 1), after);
});
