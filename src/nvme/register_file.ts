/**
 * The registers of a controller and how CSTS follows CC, which takes time. Source: NVM Express Base
 * Specification 2.0c, 3.1.3 and 3.5 to 3.6. Interrupt masks are kept and shown; with MSI-X they
 * have no effect.
 *
 * @module
 */
import { highHalf, lowHalf } from "../bytes/wide.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import type { Faults } from "./faults.ts";
import type { QueuePlace } from "./hardware_queue.ts";
import {
  type Capabilities,
  CC,
  CSTS,
  encodeCapabilities,
  NOBODY,
  REGISTER,
  VS_2_0,
} from "./registers.ts";
import { DISABLE_US, ENABLE_US, SHUTDOWN_US } from "./timing.ts";

/** What a write asks of the controller beyond its registers. */
export type Effect = "none" | "reset";

/** A change of CSTS that is under way. */
type Change = "ready" | "idle" | "shut-down";

const NEVER = Number.POSITIVE_INFINITY;
/** Bits of CC that are a field of the register. */
const CC_FIELDS = 0x00ff_fff1;
/** SHN of CC. */
const SHN = 0x3 << CC.SHN_SHIFT;

/** Values of the registers that a host sets. */
interface Written {
  cc: number;
  aqa: number;
  asq: number;
  acq: number;
  interruptMask: number;
}

export class RegisterFile {
  readonly #capabilities: Capabilities;
  readonly #faults: Faults;
  #written: Written = { cc: 0, aqa: 0, asq: 0, acq: 0, interruptMask: 0 };
  #csts = 0;
  #change: Change | null = null;
  #changeDueUs = NEVER;

  constructor(capabilities: Capabilities, faults: Faults) {
    this.#capabilities = capabilities;
    this.#faults = faults;
  }

  /** CC.EN. */
  get enabled(): boolean {
    return (this.#written.cc & CC.EN) !== 0;
  }

  get ready(): boolean {
    return (this.#csts & CSTS.RDY) !== 0;
  }

  /** Entries of the longest queue. */
  get queueEntriesMax(): number {
    const max = this.#faults.ofRegisters("queue-entries")?.max;
    return max ?? this.#capabilities.queueEntriesMax;
  }

  /** Instant at which CSTS changes by itself. */
  get dueUs(): number {
    return this.#changeDueUs;
  }

  /** Admin queues as AQA, ASQ and ACQ have them: places, and entries. */
  get adminQueues() {
    const { aqa, asq, acq } = this.#written;
    return { asq, acq, sqEntries: (aqa & 0xfff) + 1, cqEntries: ((aqa >>> 16) & 0xfff) + 1 };
  }

  /** IOSQES and IOCQES of CC: base-two logarithms of the sizes of queue entries. */
  get entrySizes(): { readonly sq: number; readonly cq: number } {
    const { cc } = this.#written;
    return { sq: (cc >>> CC.IOSQES_SHIFT) & 0xf, cq: (cc >>> CC.IOCQES_SHIFT) & 0xf };
  }

  /** 32 bits at `offset`. */
  read32(offset: number): number {
    if (this.#faults.ofRegisters("removed") !== undefined) return NOBODY;
    const { cc, aqa, asq, acq, interruptMask } = this.#written;
    switch (offset) {
      case REGISTER.CAP:
        return lowHalf(this.#cap);
      case REGISTER.CAP + 4:
        return highHalf(this.#cap);
      case REGISTER.VS:
        return VS_2_0;
      case REGISTER.INTMS:
      case REGISTER.INTMC:
        return interruptMask;
      case REGISTER.CC:
        return cc;
      case REGISTER.CSTS:
        return this.#csts;
      case REGISTER.AQA:
        return aqa;
      case REGISTER.ASQ:
        return asq % 2 ** 32;
      case REGISTER.ASQ + 4:
        return Math.floor(asq / 2 ** 32);
      case REGISTER.ACQ:
        return acq % 2 ** 32;
      case REGISTER.ACQ + 4:
        return Math.floor(acq / 2 ** 32);
      default:
        return 0;
    }
  }

  /** Stores 32 bits at `offset`; read-only registers take nothing. */
  write32(offset: number, value: number, nowUs: number): Effect {
    if (this.#faults.ofRegisters("removed") !== undefined) return "none";
    const written = this.#written;
    if (offset === REGISTER.CC) return this.#configure(value & CC_FIELDS, nowUs);
    if (offset === REGISTER.INTMS) written.interruptMask = (written.interruptMask | value) >>> 0;
    if (offset === REGISTER.INTMC) written.interruptMask = (written.interruptMask & ~value) >>> 0;
    if (this.enabled) return "none";
    if (offset === REGISTER.AQA) written.aqa = value & 0x0fff_0fff;
    if (offset === REGISTER.ASQ) written.asq = high(written.asq) + pageOf(value);
    if (offset === REGISTER.ASQ + 4) written.asq = value * 2 ** 32 + low(written.asq);
    if (offset === REGISTER.ACQ) written.acq = high(written.acq) + pageOf(value);
    if (offset === REGISTER.ACQ + 4) written.acq = value * 2 ** 32 + low(written.acq);
    return "none";
  }

  /** CSTS changes now, if it is time. `fatal` controllers do not become ready. */
  elapse(fatal: boolean): void {
    const change = this.#change;
    this.#schedule(null, NEVER);
    if (change === "ready") this.#csts = fatal || !this.#isUsable ? CSTS.CFS : CSTS.RDY;
    if (change === "idle") this.#csts = 0;
    if (change === "shut-down") this.#csts = (this.#csts & ~CSTS.SHST) | CSTS.SHST_COMPLETE;
  }

  /** As after somebody has enabled the controller with these admin queues. */
  assumeReady(sq: QueuePlace, cq: QueuePlace): void {
    const entries = ((cq.entries - 1) << 16) | (sq.entries - 1);
    const [asq, acq] = [sq.pfn * PAGE_SIZE, cq.pfn * PAGE_SIZE];
    const sizes = (4 << CC.IOCQES_SHIFT) | (6 << CC.IOSQES_SHIFT);
    this.#written = { cc: sizes | CC.EN, aqa: entries >>> 0, asq, acq, interruptMask: 0 };
    this.#csts = CSTS.RDY;
  }

  /** A reset of the function, which is over when this returns. */
  reset(): void {
    this.#written = { cc: 0, aqa: 0, asq: 0, acq: 0, interruptMask: 0 };
    this.#csts = 0;
    this.#schedule(null, NEVER);
  }

  fork(faults: Faults): RegisterFile {
    const copy = new RegisterFile(this.#capabilities, faults);
    copy.#written = { ...this.#written };
    copy.#csts = this.#csts;
    copy.#schedule(this.#change, this.#changeDueUs);
    return copy;
  }

  get #cap(): bigint {
    const { readyTimeout } = this.#capabilities;
    return encodeCapabilities({ queueEntriesMax: this.queueEntriesMax, readyTimeout });
  }

  /** NVM command set, pages of 4 KiB, round robin: the only configuration that CAP offers. */
  get #isUsable(): boolean {
    const { cc, aqa } = this.#written;
    const offered = ((cc >>> CC.CSS_SHIFT) & 0x3ff) === 0;
    return offered && (aqa & 0xfff) > 0 && ((aqa >>> 16) & 0xfff) > 0;
  }

  #configure(value: number, nowUs: number): Effect {
    const written = this.#written;
    const wasEnabled = this.enabled;
    const ignored = this.#faults.ofRegisters("enable-ignored") !== undefined;
    const asked = written.cc ^ value;
    written.cc = ignored ? (value & ~CC.EN) | (written.cc & CC.EN) : value;
    if (!wasEnabled && this.enabled) this.#schedule("ready", nowUs + this.#readyDelayUs);
    if (wasEnabled && !this.enabled) {
      this.#schedule("idle", nowUs + DISABLE_US);
      return "reset";
    }
    if ((asked & SHN) !== 0 && (value & SHN) !== 0 && this.ready) {
      this.#csts = (this.#csts & ~CSTS.SHST) | CSTS.SHST_OCCURRING;
      this.#schedule("shut-down", nowUs + SHUTDOWN_US);
    }
    return "none";
  }

  get #readyDelayUs(): number {
    if (this.#faults.ofRegisters("ready-never") !== undefined) return NEVER;
    return ENABLE_US + (this.#faults.ofRegisters("ready-late")?.delayUs ?? 0);
  }

  #schedule(change: Change | null, dueUs: number): void {
    this.#change = change;
    this.#changeDueUs = dueUs;
  }
}

/** The low half of the address of a page; queues start at one. */
function pageOf(value: number): number {
  return value - (value % PAGE_SIZE);
}

function low(address: number): number {
  return address % 2 ** 32;
}

function high(address: number): number {
  return address - low(address);
}
