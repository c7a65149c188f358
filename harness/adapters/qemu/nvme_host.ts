/**
 * A host without a driver over a controller of any make: it writes entries and doorbells itself,
 * and looks for completions by their phase tags.
 *
 * @module
 */
import {
  adminCommand,
  CC,
  COMMAND_SIZE,
  COMPLETION_SIZE,
  type Command,
  type CommandFields,
  type Completion,
  CSTS,
  decodeCompletion,
  doorbellAt,
  encodeCommand,
  phaseAt,
  REGISTER,
} from "../../../src/nvme/mod.ts";
import type { NvmePort } from "./nvme_port.ts";

const PAGE_SIZE = 4096;
/** Queue pairs are in two pages each from here on. */
const QUEUES_PFN = 16;
/** First page of the host's data. */
export const DATA = 0x100 * PAGE_SIZE;
/** NVM command set, entries of 64 and 16 octets. */
export const CC_ENABLED = (4 << CC.IOCQES_SHIFT) | (6 << CC.IOSQES_SHIFT) | CC.EN;
/** Looks at memory before an answer is given up; each takes some ten microseconds. */
const LOOKS_MAX = 20_000;

/** Status code and status code type; what is above says whether to try again. */
const STATUS_CODE = 0x7ff;
const DO_NOT_RETRY = 0x4000;

export interface Answered extends Completion {
  readonly doNotRetry: boolean;
}

interface Ring {
  readonly entries: number;
  tail: number;
  head: number;
  phase: boolean;
}

export class NvmeHost {
  readonly port: NvmePort;
  readonly #rings = new Map<number, Ring>();
  #nextCid = 1;

  constructor(port: NvmePort) {
    this.port = port;
  }

  read32(offset: number): Promise<number> {
    return this.port.readRegister(offset);
  }

  /** Sets CC with an admin queue pair; answers CSTS as soon as it says something, or 0. */
  async enable({ entries = 16, cc = CC_ENABLED, aqa = twice(entries) } = {}): Promise<number> {
    const { port } = this;
    await port.writeRegister(REGISTER.AQA, aqa);
    await port.writeRegister(REGISTER.ASQ, sqAt(0));
    await port.writeRegister(REGISTER.ASQ + 4, 0);
    await port.writeRegister(REGISTER.ACQ, cqAt(0));
    await port.writeRegister(REGISTER.ACQ + 4, 0);
    await this.#newRing(0, entries);
    await port.writeRegister(REGISTER.CC, cc);
    return await this.status(CSTS.RDY | CSTS.CFS);
  }

  /** CSTS once one of `bits` is set, or what it stays at. */
  async status(bits: number): Promise<number> {
    let csts = 0;
    for (let looks = 0; looks < 100 && (csts & bits) === 0; looks++) {
      await this.port.pause();
      csts = await this.read32(REGISTER.CSTS);
    }
    return csts;
  }

  /** Clears CC.EN; answers CSTS then. */
  async disable(): Promise<number> {
    await this.port.writeRegister(REGISTER.CC, CC_ENABLED & ~CC.EN);
    await this.port.pause();
    return await this.read32(REGISTER.CSTS);
  }

  /** Creates an I/O queue pair; answers both status codes. */
  async createQueue(qid: number, entries = 8): Promise<readonly number[]> {
    await this.#newRing(qid, entries);
    const cdw10 = ((entries - 1) << 16) | qid;
    const cq = await this.admin("CREATE_IO_COMPLETION_QUEUE", {
      ...{ cdw10, cdw11: 1, prp1: cqAt(qid) },
    });
    const sq = await this.admin("CREATE_IO_SUBMISSION_QUEUE", {
      ...{ cdw10, cdw11: (qid << 16) | 1, prp1: sqAt(qid) },
    });
    return [cq.status, sq.status];
  }

  /** Sends an admin command, and waits for its answer. */
  async admin(
    opcode: Parameters<typeof adminCommand>[0],
    fields: CommandFields = {},
  ): Promise<Answered> {
    return await this.send(0, adminCommand(opcode, fields));
  }

  async send(qid: number, command: Command): Promise<Answered> {
    const cid = await this.submit(qid, command);
    const completions = await this.take(qid, cid);
    const answer = completions.find((completion) => completion.cid === cid);
    if (answer === undefined) throw new Error(`no completion of ${command.opcode} has come`);
    return answer;
  }

  /** Writes a command and rings the doorbell; answers its identifier. */
  async submit(qid: number, command: Command): Promise<number> {
    const ring = this.#ring(qid);
    const cid = this.#nextCid++;
    const entry = new Uint8Array(COMMAND_SIZE);
    encodeCommand(command, cid, entry);
    await this.port.writeMemory(sqAt(qid) + ring.tail * COMMAND_SIZE, entry);
    ring.tail = (ring.tail + 1) % ring.entries;
    await this.port.writeRegister(doorbellAt(qid, "submission"), ring.tail);
    return cid;
  }

  /** Takes completions until that of `cid` has come, and says so by the doorbell. */
  async take(qid: number, cid: number, rings = true): Promise<readonly Answered[]> {
    const taken: Answered[] = [];
    for (let looks = 0; looks < LOOKS_MAX && taken.at(-1)?.cid !== cid; looks++) {
      await this.port.pause();
      taken.push(...(await this.come(qid)));
    }
    if (rings) await this.ring(qid);
    return taken;
  }

  /** Completions that have come by now; the doorbell is not rung. */
  async come(qid: number): Promise<readonly Answered[]> {
    const ring = this.#ring(qid);
    const page = await this.port.readMemory(cqAt(qid), ring.entries * COMPLETION_SIZE);
    const taken: Answered[] = [];
    while (
      taken.length < ring.entries &&
      phaseAt(page, ring.head * COMPLETION_SIZE) === ring.phase
    ) {
      taken.push(answered(decodeCompletion(page, ring.head * COMPLETION_SIZE)));
      ring.head = (ring.head + 1) % ring.entries;
      if (ring.head === 0) ring.phase = !ring.phase;
    }
    return taken;
  }

  /** Says up to where completions are taken. */
  async ring(qid: number): Promise<void> {
    await this.port.writeRegister(doorbellAt(qid, "completion"), this.#ring(qid).head);
  }

  async #newRing(qid: number, entries: number): Promise<void> {
    await this.port.writeMemory(sqAt(qid), new Uint8Array(2 * PAGE_SIZE));
    this.#rings.set(qid, { entries, tail: 0, head: 0, phase: true });
  }

  #ring(qid: number): Ring {
    const ring = this.#rings.get(qid);
    if (ring !== undefined) return ring;
    throw new RangeError(`Cannot use queue as it must be created: current value is ${qid}`);
  }
}

export function sqAt(qid: number): number {
  return (QUEUES_PFN + 2 * qid) * PAGE_SIZE;
}

export function cqAt(qid: number): number {
  return sqAt(qid) + PAGE_SIZE;
}

/** AQA of queues with so many entries each. */
function twice(entries: number): number {
  return ((entries - 1) << 16) | (entries - 1);
}

function answered(completion: Completion): Answered {
  const { status } = completion;
  const doNotRetry = (status & DO_NOT_RETRY) !== 0;
  return { ...completion, status: status & STATUS_CODE, doNotRetry };
}
