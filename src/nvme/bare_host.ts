/**
 * A host without a driver, for the tests of this folder: it writes entries and doorbells itself and
 * looks at memory itself. It knows no error and no release.
 *
 * @module
 */
import { VirtualClock } from "../machine/mod.ts";
import { PAGE_SIZE, PhysicalMemory } from "../memory/mod.ts";
import { adminCommand, COMMAND_SIZE, type Command, encodeCommand } from "./command.ts";
import { COMPLETION_SIZE, type Completion, decodeCompletion, phaseAt } from "./completion.ts";
import { NvmeController } from "./controller.ts";
import type { ControllerConfig } from "./controller_config.ts";
import { CC, doorbellAt, REGISTER } from "./registers.ts";

/** CC of a controller that is to be enabled: entries of 64 and 16 octets. */
export const CC_ENABLED = (4 << CC.IOCQES_SHIFT) | (6 << CC.IOSQES_SHIFT) | CC.EN;

/** First page of the host's data; queue pairs are in two pages each, from page 16 on. */
export const DATA_PFN = 0x100;

interface Ring {
  readonly entries: number;
  tail: number;
  head: number;
  phase: boolean;
}

export class BareHost {
  readonly clock = new VirtualClock();
  readonly memory = new PhysicalMemory();
  readonly controller: NvmeController;
  readonly #rings = new Map<number, Ring>();
  #nextCid = 0;

  constructor(config: Partial<ControllerConfig> = {}) {
    const { clock, memory } = this;
    const namespaces = [{ nsid: 1, blocks: 64n }];
    this.controller = new NvmeController({ pciId: "a", namespaces, ...config, clock, memory });
    memory.lend(16n, 64, "nvme_a", true);
    memory.lend(BigInt(DATA_PFN), 64, "nvme_a", true);
  }

  /** Sets CC.EN with an admin queue pair and waits until CSTS says something. */
  enable(entries = 16): this {
    const { controller } = this;
    controller.writeRegister(REGISTER.AQA, 4, ((entries - 1) << 16) | (entries - 1));
    controller.writeRegister(REGISTER.ASQ, 8, BigInt(sqPfn(0) * PAGE_SIZE));
    controller.writeRegister(REGISTER.ACQ, 8, BigInt(cqPfn(0) * PAGE_SIZE));
    controller.writeRegister(REGISTER.CC, 4, CC_ENABLED);
    this.#newRing(0, entries);
    return this.settle();
  }

  /** Creates an I/O queue pair with interrupts on its own vector. */
  createQueue(qid: number, entries = 8): this {
    this.#newRing(qid, entries);
    const cdw10 = ((entries - 1) << 16) | qid;
    const cq = { cdw10, cdw11: (qid << 16) | 3, prp1: cqPfn(qid) * PAGE_SIZE };
    this.admin(adminCommand("CREATE_IO_COMPLETION_QUEUE", cq));
    const sq = { cdw10, cdw11: (qid << 16) | 1, prp1: sqPfn(qid) * PAGE_SIZE };
    this.admin(adminCommand("CREATE_IO_SUBMISSION_QUEUE", sq));
    return this;
  }

  /** Writes a command and rings the doorbell. Answers its identifier. */
  submit(qid: number, command: Command): number {
    const ring = this.#ring(qid);
    const cid = this.#nextCid++;
    const page = this.memory.content.writable(sqPfn(qid));
    encodeCommand(command, cid, page, ring.tail * COMMAND_SIZE);
    ring.tail = (ring.tail + 1) % ring.entries;
    this.controller.writeRegister(doorbellAt(qid, "submission"), 4, ring.tail);
    return cid;
  }

  /** Takes the completions that have come, and rings the doorbell unless it is told not to. */
  take(qid: number, rings = true): Completion[] {
    const ring = this.#ring(qid);
    const page = this.memory.content.readable(cqPfn(qid));
    const taken: Completion[] = [];
    while (phaseAt(page, ring.head * COMPLETION_SIZE) === ring.phase) {
      taken.push(decodeCompletion(page, ring.head * COMPLETION_SIZE));
      ring.head = (ring.head + 1) % ring.entries;
      if (ring.head === 0) ring.phase = !ring.phase;
    }
    if (rings) this.controller.writeRegister(doorbellAt(qid, "completion"), 4, ring.head);
    return taken;
  }

  /** Sends an admin command and waits for its completion. */
  admin(command: Command): Completion {
    return this.#answer(0, command);
  }

  /** Sends an I/O command and waits for its completion. */
  io(qid: number, command: Command): Completion {
    return this.#answer(qid, command);
  }

  /** Lets everything happen that is going to happen. */
  settle(): this {
    this.clock.advanceUntil(() => false);
    return this;
  }

  #answer(qid: number, command: Command): Completion {
    const cid = this.submit(qid, command);
    this.settle();
    const completion = this.take(qid).find((taken) => taken.cid === cid);
    if (completion !== undefined) return completion;
    throw new RangeError(`Cannot take completion as it must have come: current value is ${cid}`);
  }

  /** Rings of zeros, as a host has to have them before the controller knows of them. */
  #newRing(qid: number, entries: number): void {
    this.memory.content.clear(sqPfn(qid), 2);
    this.#rings.set(qid, { entries, tail: 0, head: 0, phase: true });
  }

  #ring(qid: number): Ring {
    const ring = this.#rings.get(qid);
    if (ring !== undefined) return ring;
    throw new RangeError(`Cannot use queue as it must be created: current value is ${qid}`);
  }
}

function sqPfn(qid: number): number {
  return 16 + 2 * qid;
}

function cqPfn(qid: number): number {
  return sqPfn(qid) + 1;
}
