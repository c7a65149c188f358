/**
 * All that a controller is, as data: what goes on while nobody drives it, and what is copied when a
 * machine is. How it changes is in `command_processor.ts` and `controller.ts`.
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import { DeviceMemory, type PhysicalMemory } from "../memory/mod.ts";
import { AsynchronousEvents } from "./asynchronous_events.ts";
import { type ControllerConfig, completeConfig } from "./controller_config.ts";
import { Counters } from "./counters.ts";
import { Faults } from "./faults.ts";
import { Features } from "./features.ts";
import { HardwareNamespace } from "./hardware_namespace.ts";
import type { CompletionQueue, SubmissionQueue } from "./hardware_queue.ts";
import { InFlight } from "./in_flight.ts";
import { LogPages } from "./log_pages.ts";
import { MsixTable } from "./msix_table.ts";
import { RegisterFile } from "./register_file.ts";
import { READY_TIMEOUT } from "./timing.ts";

/** Where a controller is: the time that it works in and the memory that it reaches. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly memory: PhysicalMemory;
}

export class ControllerState {
  readonly config: Required<ControllerConfig>;
  readonly memory: DeviceMemory;
  readonly inFlight: InFlight;
  readonly faults: Faults;
  readonly registers: RegisterFile;
  readonly namespaces = new Map<number, HardwareNamespace>();
  readonly submissionQueues = new Map<number, SubmissionQueue>();
  readonly completionQueues = new Map<number, CompletionQueue>();
  counters = new Counters();
  interrupts = new MsixTable();
  logs = new LogPages();
  events = new AsynchronousEvents();
  features: Features;
  wedged: boolean;

  constructor(config: ControllerConfig, { clock, memory }: Surroundings, from?: ControllerState) {
    this.config = completeConfig(config);
    const { pciId, queueEntriesMax, ioQueuesMax } = this.config;
    this.memory = new DeviceMemory(memory.content, memory.owners, `nvme_${pciId}`);
    this.inFlight = from?.inFlight.fork() ?? new InFlight();
    this.faults = from?.faults.fork(clock, this.inFlight) ?? new Faults(clock, this.inFlight);
    const capabilities = { queueEntriesMax, readyTimeout: READY_TIMEOUT };
    this.registers =
      from?.registers.fork(this.faults) ?? new RegisterFile(capabilities, this.faults);
    this.features = from?.features.fork() ?? new Features(ioQueuesMax);
    this.wedged = from?.wedged ?? this.config.wedged;
    if (from !== undefined) this.#copy(from);
    else for (const { nsid, blocks } of config.namespaces) this.setNamespace(nsid, blocks);
  }

  /** A namespace that is new, has another size or, with 0 blocks, goes. */
  setNamespace(nsid: number, blocks: bigint): void {
    const known = this.namespaces.get(nsid);
    if (blocks === 0n) this.namespaces.delete(nsid);
    else if (known !== undefined) known.resize(blocks);
    else this.namespaces.set(nsid, new HardwareNamespace(nsid, blocks));
  }

  /** A reset: queues, commands in flight, events and settings are gone, namespaces stay. */
  forget(): void {
    this.submissionQueues.clear();
    this.completionQueues.clear();
    this.inFlight.clear();
    this.interrupts.reset();
    this.events = new AsynchronousEvents();
    this.features = new Features(this.config.ioQueuesMax);
    this.logs.clearChanged();
  }

  /** The device is pulled out: nothing of it goes on. */
  vanish(): void {
    this.registers.reset();
    this.forget();
  }

  /** The same in other surroundings, where the time and the memory are the same, too. */
  fork(surroundings: Surroundings): ControllerState {
    return new ControllerState(this.config, surroundings, this);
  }

  #copy(from: ControllerState): void {
    for (const [nsid, namespace] of from.namespaces) this.namespaces.set(nsid, namespace.fork());
    for (const [sqid, queue] of from.submissionQueues)
      this.submissionQueues.set(sqid, { ...queue });
    for (const [cqid, queue] of from.completionQueues)
      this.completionQueues.set(cqid, queue.fork());
    this.counters = from.counters.fork();
    this.interrupts = from.interrupts.fork();
    this.logs = from.logs.fork();
    this.events = from.events.fork();
  }
}
