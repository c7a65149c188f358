/**
 * An NVMe controller as hardware: it goes on while OpenHCL restarts. Whoever drives it writes
 * registers and memory; it answers in memory and by interrupts, in its own time. Source: NVM
 * Express Base Specification 2.0c, sections 3 and 5; NVM Command Set Specification 1.0c.
 *
 * @module
 */
import { bigintOfHalves, highHalf, lowHalf } from "../bytes/wide.ts";
import type { Inspect, InspectNode, TimeSource, VirtualClock } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import { EVENT } from "./asynchronous_events.ts";
import { CommandProcessor } from "./command_processor.ts";
import type { ControllerConfig } from "./controller_config.ts";
import { inspectController } from "./controller_inspect.ts";
import { ControllerState, type Surroundings } from "./controller_state.ts";
import type { Faults } from "./faults.ts";
import type { HardwareNamespace } from "./hardware_namespace.ts";
import { CompletionQueue } from "./hardware_queue.ts";
import { BLOCK_SIZE } from "./identify.ts";
import type { InterruptHandler } from "./msix_table.ts";
import { type OperatingQueue, operate } from "./operating_queue.ts";
import { REGISTER } from "./registers.ts";

/** Octets from one doorbell to the next. */
const DOORBELL_STRIDE = 4;

/** The hardware. */
export class NvmeController implements TimeSource, Inspect {
  readonly #clock: VirtualClock;
  readonly #state: ControllerState;
  readonly #commands: CommandProcessor;

  /** `state` is that of a controller that is copied. */
  constructor(config: ControllerConfig & Surroundings, state?: ControllerState) {
    const { clock, memory, ...rest } = config;
    this.#clock = clock;
    this.#state = state ?? new ControllerState(rest, { clock, memory });
    this.#commands = new CommandProcessor(this.#state);
    clock.attach(this);
  }

  get pciId(): string {
    return this.#state.config.pciId;
  }

  get vendorId(): number {
    return this.#state.config.vendorId;
  }

  get deviceId(): number {
    return this.#state.config.deviceId;
  }

  /** False when the operating system cannot read vendor and device. */
  get idsReadable(): boolean {
    return this.#state.config.idsReadable;
  }

  /** MSI-X vectors. */
  get interruptsMax(): number {
    return this.#state.config.interruptsMax;
  }

  /** What can be made to go wrong, and what was seen of it. */
  get faults(): Faults {
    return this.#state.faults;
  }

  /** Namespaces that exist. */
  get namespaces(): ReadonlyMap<number, HardwareNamespace> {
    return this.#state.namespaces;
  }

  /** Commands of this hop, and resets since power-on. */
  get counters() {
    return this.#state.counters;
  }

  /** Instant at which it does something by itself. */
  get dueUs(): number {
    return Math.min(this.#state.inFlight.dueUs, this.#state.registers.dueUs);
  }

  /** Does what is due: a change of CSTS, then commands, then their interrupts. */
  fire(): void {
    const { inFlight, registers } = this.#state;
    const { nowUs } = this.#clock;
    if (this.#isGone) {
      this.#state.vanish();
      return;
    }
    if (registers.dueUs <= nowUs) this.#changeStatus();
    for (let flight = inFlight.take(nowUs); flight !== null; flight = inFlight.take(nowUs)) {
      this.#commands.execute(flight, nowUs);
    }
    this.#state.interrupts.deliver();
  }

  readRegister(offset: number, size: 4): number;
  readRegister(offset: number, size: 8): bigint;
  readRegister(offset: number, size: 4 | 8): number | bigint {
    const { registers } = this.#state;
    if (size === 4) return registers.read32(offset);
    return bigintOfHalves(registers.read32(offset), registers.read32(offset + 4));
  }

  writeRegister(offset: number, size: 4, value: number): void;
  writeRegister(offset: number, size: 8, value: bigint): void;
  writeRegister(offset: number, size: 4 | 8, value: number | bigint): void {
    if (size === 4) {
      this.#write32(offset, Number(value));
      return;
    }
    this.#write32(offset, lowHalf(BigInt(value)));
    this.#write32(offset + 4, highHalf(BigInt(value)));
  }

  /** `handler` listens to an MSI-X vector until the next {@linkcode disconnect}. */
  mapInterrupt(vector: number, handler: InterruptHandler): void {
    this.#state.interrupts.map(vector, handler);
  }

  /** Nobody listens to interrupts any more: whoever did is dead or has closed the device. */
  disconnect(): void {
    this.#state.interrupts.unmapAll();
  }

  /** A driver of another boot comes. */
  beginHop(): void {
    this.disconnect();
    this.#state.counters.beginHop(this.#clock.nowUs);
  }

  /** The host takes the device away for a moment and gives it back; no driver has asked for it. */
  powerCycle(): void {
    this.#state.vanish();
    this.disconnect();
  }

  functionLevelReset(): void {
    this.#state.counters.functionLevelResets += 1;
    this.#state.wedged = false;
    this.#state.registers.reset();
    this.#state.forget();
  }

  /** Adds, resizes or (with 0 blocks) removes a namespace and says so to the driver. */
  changeNamespace(nsid: number, blocks: bigint): void {
    const { features, logs, events, interrupts } = this.#state;
    this.#state.setNamespace(nsid, blocks);
    if (!features.reportsNamespaces) return;
    logs.noteChanged(nsid);
    events.raise(EVENT.NAMESPACE_CHANGED);
    this.#commands.postEvent();
    interrupts.deliver();
  }

  /**
   * Keeps the commands of a submission queue in flight, those that come later, too: until they are
   * released, or until `untilUs`.
   */
  hold(qid: number, untilUs?: number): void {
    this.#state.inFlight.hold(qid, untilUs);
  }

  /** Lets the commands of a queue, or of all queues, be done. */
  release(qid?: number): void {
    this.#state.inFlight.release(this.#clock.nowUs, qid);
  }

  /** Lets the commands of queues be done from now on that have none in flight. */
  releaseIdle(): void {
    this.#state.inFlight.releaseIdle();
  }

  /** What a namespace has in `count` blocks from `lba` on; for those who know better. */
  readBlocks(nsid: number, lba: number, count: number): Uint8Array {
    const octets = new Uint8Array(count * BLOCK_SIZE);
    const namespace = this.namespaces.get(nsid);
    for (let index = 0; namespace !== undefined && index < count; index++) {
      octets.set(namespace.read(lba + index), index * BLOCK_SIZE);
    }
    return octets;
  }

  /** Puts it into the middle of its work, as a driver has left it elsewhere. */
  operate(queues: readonly OperatingQueue[]): void {
    operate(this.#state, queues, this.#clock.nowUs);
  }

  /** The same hardware in a copy of its machine; nobody listens to it yet. */
  fork(surroundings: Surroundings): NvmeController {
    const state = this.#state.fork(surroundings);
    return new NvmeController({ ...state.config, ...surroundings }, state);
  }

  inspect(): InspectNode {
    return inspectController(this.#state);
  }

  /** True when somebody has pulled it out. */
  get #isGone(): boolean {
    return this.faults.ofRegisters("removed") !== undefined;
  }

  #write32(offset: number, value: number): void {
    const { nowUs } = this.#clock;
    if (this.#isGone) return;
    if (offset >= REGISTER.DOORBELLS) {
      this.#ringDoorbell((offset - REGISTER.DOORBELLS) / DOORBELL_STRIDE, value & 0xffff, nowUs);
      return;
    }
    if (this.#state.registers.write32(offset, value, nowUs) !== "reset") return;
    this.#state.counters.controllerResets += 1;
    this.#state.forget();
  }

  /** Doorbells come in pairs: the tail of a submission queue, the head of a completion queue. */
  #ringDoorbell(index: number, value: number, nowUs: number): void {
    if (!this.#state.registers.ready) return;
    if (index % 2 === 0) this.#commands.submit(index / 2, value, nowUs);
    else this.#commands.take((index - 1) / 2, value);
    this.#state.interrupts.deliver();
  }

  /** CSTS follows CC at last; a controller that becomes ready has its admin queues. */
  #changeStatus(): void {
    const { registers, submissionQueues, completionQueues, wedged } = this.#state;
    registers.elapse(wedged);
    if (!registers.ready || submissionQueues.has(0)) return;
    const { asq, acq, sqEntries, cqEntries } = registers.adminQueues;
    const place = { pfn: asq / PAGE_SIZE, entries: sqEntries };
    submissionQueues.set(0, { sqid: 0, cqid: 0, ...place, head: 0, tail: 0 });
    completionQueues.set(
      0,
      new CompletionQueue(0, { pfn: acq / PAGE_SIZE, entries: cqEntries }, 0),
    );
  }
}
