import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../machine/mod.ts";
import { PhysicalMemory } from "../memory/mod.ts";
import { nvmCommand } from "./command.ts";
import { decodeCompletion, phaseAt } from "./completion.ts";
import { NvmeController } from "./controller.ts";
import { CSTS, REGISTER } from "./registers.ts";

test("NvmeController.operate() goes on where a driver has left other hardware", () => {
  const clock = new VirtualClock();
  const memory = new PhysicalMemory();
  const namespaces = [{ nsid: 1, blocks: 8n }];
  const controller = new NvmeController({ pciId: "a", namespaces, clock, memory });
  const admin = { qid: 0, sq: { pfn: 16, entries: 8 }, cq: { pfn: 17, entries: 8 }, vector: 0 };
  const start = { sqHead: 3, cqTail: 3, phase: false, inFlight: [] };
  const command = nvmCommand("FLUSH", 1);
  controller.operate([
    { ...admin, ...start },
    {
      qid: 1,
      sq: { pfn: 18, entries: 4 },
      cq: { pfn: 19, entries: 4 },
      vector: 1,
      ...start,
      inFlight: [{ cid: 0x402, command }],
    },
  ]);
  assert.equal(controller.readRegister(REGISTER.CSTS, 4), CSTS.RDY);
  assert.equal(controller.readRegister(REGISTER.AQA, 4), 0x0007_0007);
  clock.advance(15);
  const page = memory.content.readable(19);
  assert.deepEqual(decodeCompletion(page, 48), { dw0: 0, sqhd: 3, sqid: 1, cid: 0x402, status: 0 });
  assert.equal(phaseAt(page, 48), false);
});
