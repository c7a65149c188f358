/**
 * The user-mode NVMe driver: it initialises a device, or takes over one that is in operation.
 * Source: microsoft/openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs;
 * facts/openhcl/semantics.md, NVMe driver save/restore.
 *
 * @module
 */
import {
  ChainError,
  type Inspect,
  type InspectNode,
  refusal,
  withContext,
} from "../machine/mod.ts";
import type { NvmeDriverSavedState } from "../openhcl_state/mod.ts";
import { CNS_CONTROLLER, FEATURE_NUMBER_OF_QUEUES } from "./admin_commands.ts";
import { AdminQueue } from "./admin_queue.ts";
import { nvmCommand } from "./command.ts";
import { CSTS_CFS, type NvmeController } from "./controller.ts";
import type { DriverContext } from "./driver_context.ts";
import { inspectDriver } from "./driver_inspect.ts";
import { restoreQueues } from "./driver_restore.ts";
import { IoQueues, type QueueLimits } from "./io_queues.ts";
import { type Namespace, Namespaces } from "./namespaces.ts";
import type { NvmOpcode } from "./opcodes.ts";
import { DISABLE_US, ENABLE_US, QUEUE_STATE_US } from "./timing.ts";

/** Fewest entries of a queue; CAP.MQES counts from zero and must not be zero. */
const QUEUE_ENTRIES_MIN = 2;

interface DriverParts {
  readonly identify: Uint8Array;
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly limits: QueueLimits;
  readonly restored: boolean;
}

/** Driver of one controller. */
export class NvmeDriver implements Inspect {
  /** True when it took over a live controller. */
  readonly restored: boolean;
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly namespaces: Namespaces;
  readonly #context: DriverContext;
  readonly #identify: Uint8Array;
  readonly #limits: QueueLimits;
  /** Keeps the controller enabled when this driver is shut down. */
  #keepalive: boolean;
  /** True once a save has been answered: no queue works any more. */
  #stopped = false;

  private constructor(context: DriverContext, parts: DriverParts) {
    this.#context = context;
    this.#identify = parts.identify;
    this.#limits = parts.limits;
    this.restored = parts.restored;
    this.#keepalive = parts.restored;
    this.admin = parts.admin;
    this.queues = parts.queues;
    this.namespaces = new Namespaces(context, parts.admin);
  }

  /** Initialises the device; one that is still enabled is reset first, and one that fails, too. */
  static create(context: DriverContext): NvmeDriver {
    const { controller, environment } = context;
    if (controller.enabled) {
      environment.clock.advance(DISABLE_US);
      controller.disable();
    }
    try {
      return new NvmeDriver(context, enable(context));
    } catch (error) {
      const { message } = refusal(error);
      environment.log.error(`device initialization failed, shutting down: ${message}`);
      controller.disable();
      throw error;
    }
  }

  /** Takes over the device that `saved` describes. Anything wrong with a queue is a panic. */
  static restore(context: DriverContext, saved: NvmeDriverSavedState): NvmeDriver {
    const { identify_ctrl: identify, device_id: _ours, namespaces, worker_data, ...rest } = saved;
    rest satisfies Record<string, never>;
    const { admin, queues, limits } = restoreQueues(context, worker_data);
    const parts = { identify, admin, queues, limits, restored: true };
    const driver = new NvmeDriver(context, parts);
    driver.namespaces.restore(namespaces);
    admin.startEvents();
    return driver;
  }

  /** True until a save has been answered. */
  get working(): boolean {
    return !this.#stopped;
  }

  /** Hands out a namespace; see {@linkcode Namespaces.get}. */
  namespace(nsid: number): Namespace {
    this.#assertWorking();
    return this.namespaces.get(nsid);
  }

  /** Sends I/O from `cpu`; null when it has to wait. */
  submit(cpu: number, nsid: number, opcode: NvmOpcode): number | null {
    this.#assertWorking();
    return this.queues.submit(cpu, nvmCommand(opcode, nsid));
  }

  /** Takes completions and events that have arrived. */
  poll(): void {
    if (this.#stopped) return;
    this.admin.poll();
    this.queues.poll();
  }

  /** Saves the driver; from then on it does nothing but wait to be shut down. */
  save(): NvmeDriverSavedState {
    const { environment, controller } = this.#context;
    return environment.tracer.span("nvme_driver_save", () => {
      this.#assertWorking();
      this.#keepalive = true;
      environment.clock.advance(QUEUE_STATE_US);
      this.#stopped = true;
      return {
        identify_ctrl: this.#identify,
        device_id: controller.pciId,
        worker_data: this.#saveWorker(),
        namespaces: this.namespaces.save(),
      };
    });
  }

  /** Decides whether a shutdown leaves the controller as it is. */
  updateServicingFlags(keepalive: boolean): void {
    this.#keepalive = keepalive;
  }

  /** Ends the driver. Returns false when the device has been left in operation. */
  shutdown(): boolean {
    if (this.#keepalive) return false;
    const { environment, controller } = this.#context;
    environment.clock.advance(DISABLE_US);
    controller.disable();
    this.drop();
    return true;
  }

  /** Gives all memory and the device's name back, without a word to the device. */
  drop(): void {
    this.admin.pair.memory.block.free();
    this.queues.free();
    this.#context.client.drop();
  }

  /** Identifiers of I/O that was in flight at the last save and has not completed. */
  outstandingCids(): number[] {
    return this.queues.live.flatMap(({ pair }) =>
      pair.pending
        .values()
        .filter(({ restored }) => restored)
        .map(({ cid }) => cid),
    );
  }

  inspect(): InspectNode {
    const { admin, queues, namespaces, restored } = this;
    const keepalive = this.#keepalive;
    return inspectDriver(this.#context, { admin, queues, namespaces, restored, keepalive });
  }

  #saveWorker(): NvmeDriverSavedState["worker_data"] {
    const { environment, release } = this.#context;
    const admin = this.admin.save();
    const io = this.queues.save();
    if (io.length === 0) environment.log.warn("no io queues saved");
    const lazy = release.savedAllowLazyRestore;
    const { qsize, maxIoQueues: max_io_queues } = this.#limits;
    const worker = { admin, io, qsize, max_io_queues };
    return lazy === undefined ? worker : { ...worker, allow_lazy_restore: lazy };
  }

  #assertWorking(): void {
    if (this.#stopped) throw new ChainError("queue pair is gone");
  }
}

/** Enables the device and sets it up. Queue memory of a failed attempt is given back. */
function enable(context: DriverContext): DriverParts {
  const admin = withContext("failed to create admin queue pair", () => AdminQueue.create(context));
  context.environment.clock.advance(ENABLE_US);
  try {
    assertNotFatal(context.controller);
    return setUp(context, admin);
  } catch (error) {
    admin.pair.memory.block.free();
    throw error;
  }
}

function assertNotFatal({ csts }: NvmeController): void {
  if ((csts & CSTS_CFS) === 0) return;
  throw new ChainError(`device had fatal error, csts: 0x${csts.toString(16)}, after reset: 0`);
}

/** The admin commands of a fresh start, up to the first I/O queue. */
function setUp(context: DriverContext, admin: AdminQueue): DriverParts {
  const { controller, release, fused } = context;
  if (release.asynchronousEvents === "queue") admin.startEvents();
  const { data } = withContext("failed to identify controller", () =>
    admin.issue("IDENTIFY", { cdw10: CNS_CONTROLLER }),
  );
  const limits = agreeOnQueues(context, admin);
  if (release.asynchronousEvents === "task") admin.startEvents();
  const queues = new IoQueues(context, admin, limits);
  withContext("failed to create io queue 1", () => queues.create(0, false));
  for (let cpu = 1; fused && cpu < limits.maxIoQueues; cpu++) queues.create(cpu, true);
  return { identify: data ?? controller.identify, admin, queues, limits, restored: false };
}

/** Asks the device for a queue for every processor and takes what it grants. */
function agreeOnQueues(context: DriverContext, admin: AdminQueue): QueueLimits {
  const { controller, release, cpuCount, environment } = context;
  if (controller.interruptsMax === 0) {
    throw new ChainError("bad device behavior: max_interrupt_count == 0");
  }
  const requested = Math.min(cpuCount, controller.interruptsMax);
  const zeroBased = requested - 1;
  const cdw11 = (zeroBased << 16) | zeroBased;
  const { dw0 } = withContext("failed to set number of queues", () =>
    admin.issue("SET_FEATURES", { cdw10: FEATURE_NUMBER_OF_QUEUES, cdw11 }),
  );
  const granted = Math.min(dw0 & 0xffff, dw0 >>> 16) + 1;
  if (granted < requested) {
    environment.log.warn("queue count constrained by hardware queue count");
  }
  if (controller.queueEntriesMax < QUEUE_ENTRIES_MIN) {
    throw new ChainError("bad device behavior. mqes cannot be 0");
  }
  const { sqEntriesMax, cqEntriesMax } = release.layout;
  return {
    qsize: Math.min(sqEntriesMax, cqEntriesMax, controller.queueEntriesMax),
    maxIoQueues: Math.min(granted, requested),
  };
}
