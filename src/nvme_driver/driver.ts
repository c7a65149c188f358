/**
 * The user-mode NVMe driver: it initialises a device, or takes over one that is in operation.
 * Source: microsoft/openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs.
 *
 * @module
 */
import { type Inspect, type InspectNode, Panic, refusal } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import { BLOCK_SIZE, STATUS } from "../nvme/mod.ts";
import type { NvmeDriverSavedState } from "../openhcl_state/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import { enable, prepare } from "./driver_enable.ts";
import { inspectDriver } from "./driver_inspect.ts";
import { restoreQueues } from "./driver_restore.ts";
import { EventTask } from "./event_task.ts";
import { issueIo } from "./io_issuer.ts";
import { QUEUE_STATE_US } from "./io_queue.ts";
import type { IoQueues, QueueLimits } from "./io_queues.ts";
import { saveIoQueues } from "./io_queues_save.ts";
import type { Done, IoRequest } from "./io_request.ts";
import { type Namespace, Namespaces } from "./namespaces.ts";
import { gone, nvmeError } from "./request_error.ts";

interface DriverParts {
  readonly identify: Uint8Array;
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly limits: QueueLimits;
  readonly namespaces: Namespaces;
  readonly restored: boolean;
}

/** Where MDTS is in the identify controller structure. */
const MDTS_OFFSET = 77;
/** Blocks of the longest transfer that upstream ever makes. */
const TRANSFER_BLOCKS_MAX = 1 << 16;

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
  readonly #transferBlocksMax: number;
  /** Keeps the controller enabled when this driver is shut down. */
  #keepalive: boolean;
  /** True once a save has been asked for: no queue works any more. */
  #stopped = false;

  private constructor(context: DriverContext, parts: DriverParts) {
    this.#context = context;
    this.#identify = parts.identify;
    this.#limits = parts.limits;
    this.#transferBlocksMax = transferBlocksMax(parts.identify);
    this.restored = parts.restored;
    this.#keepalive = parts.restored;
    this.admin = parts.admin;
    this.queues = parts.queues;
    this.namespaces = parts.namespaces;
  }

  /** Initialises the device; one that is still in use is reset first, and one that fails, too. */
  static create(context: DriverContext): NvmeDriver {
    prepare(context);
    try {
      let namespaces: Namespaces | null = null;
      const enabled = enable(context, (admin) => {
        namespaces = askForEvents(context, admin);
      });
      namespaces ??= new Namespaces(context, enabled.admin);
      return new NvmeDriver(context, { ...enabled, namespaces, restored: false });
    } catch (error) {
      const { message } = refusal(error);
      const { log } = context.environment;
      log.error(`device initialization failed, shutting down: ${message}`);
      context.registers.reset();
      throw error;
    }
  }

  /** Takes over the device that `saved` describes. Anything wrong with a queue is a panic. */
  static restore(context: DriverContext, saved: NvmeDriverSavedState): NvmeDriver {
    const { identify_ctrl: identify, device_id: _ours, namespaces, worker_data, ...rest } = saved;
    rest satisfies Record<string, never>;
    const restored = restoreQueues(context, worker_data);
    const { admin, queues } = restored;
    const known = context.fused ? new Namespaces(context, admin) : askForEvents(context, admin);
    context.environment.points.around("nvme/restore/namespaces", () => known.restore(namespaces));
    queues.start();
    return new NvmeDriver(context, { ...restored, identify, namespaces: known, restored: true });
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

  /** Sends I/O from `cpu`; what has to wait waits here. */
  submit(cpu: number, request: IoRequest, done: Done): void {
    if (this.#stopped) {
      done({ status: null, error: gone() });
      return;
    }
    if (this.namespaces.isRemoved(request.nsid)) {
      const status = STATUS.INVALID_NAMESPACE_OR_FORMAT;
      done({ status, error: nvmeError(status) });
      return;
    }
    if ("lba" in request) {
      this.#assertTransfer(request);
      if (request.blocks === 0) {
        done({ status: 0, error: null });
        return;
      }
    }
    this.queues.request({
      cpu,
      take: ({ pair }) => issueIo(this.#context, pair, request, done),
      fail: () => done({ status: null, error: gone() }),
    });
  }

  /** What an inspect request does besides looking: before pull 3405 it stops the worker. */
  interruptWorker(): void {
    if (this.#context.release.inspectDropsCreation) this.queues.dropCreation();
  }

  /** Saves the driver; from then on it does nothing but wait to be shut down. */
  save(): NvmeDriverSavedState {
    const { environment, controller } = this.#context;
    return environment.tracer.span("nvme_driver_save", () => {
      this.#assertWorking();
      this.#keepalive = true;
      // The worker that saves is the one that creates queues, and does one thing at a time.
      environment.blackout.within("drain", () => this.admin.waitUntil(() => !this.queues.busy));
      environment.clock.advance(QUEUE_STATE_US);
      this.#stopped = true;
      return {
        identify_ctrl: this.#identify,
        device_id: controller.pciId,
        worker_data: this.#saveWorker(),
        namespaces: environment.points.around("nvme/save/namespaces", () => this.namespaces.save()),
      };
    });
  }

  /** Decides whether a shutdown leaves the controller as it is. */
  updateServicingFlags(keepalive: boolean): void {
    this.#keepalive = keepalive;
  }

  /** Ends the driver. Returns false when the device has been left in operation. */
  shutdown(): boolean {
    const { points } = this.#context.environment;
    this.#stop();
    if (this.#keepalive) return false;
    points.around("nvme/shutdown/reset", () => this.#context.registers.reset());
    this.drop();
    return true;
  }

  /** Gives all memory and the device's name back, without a word to the device. */
  drop(): void {
    this.#stop();
    this.admin.pair.memory.block.free();
    this.queues.free();
    this.#context.client.drop();
  }

  /** Identifiers of I/O that was in flight at the last save and has not completed. */
  outstandingCids(): number[] {
    return this.queues.live.flatMap(({ pair }) =>
      pair.pending
        .values()
        .filter(({ restored }) => restored !== null)
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
    const admin = environment.points.around("nvme/save/admin", () => this.admin.pair.save());
    const io = saveIoQueues(this.#context, this.queues);
    if (io.length === 0) environment.log.warn("no io queues saved");
    const lazy = release.savedAllowLazyRestore;
    const { qsize, maxIoQueues: max_io_queues } = this.#limits;
    const worker = { admin, io, qsize, max_io_queues };
    return lazy === undefined ? worker : { ...worker, allow_lazy_restore: lazy };
  }

  #stop(): void {
    this.#stopped = true;
    this.admin.pair.stop();
    for (const { pair } of this.queues.live) pair.stop();
  }

  #assertWorking(): void {
    if (this.#stopped) throw gone();
  }

  /** What upstream asserts of a read or a write before it sends it. */
  #assertTransfer({ blocks, pfns, offset }: Extract<IoRequest, { lba: number }>): void {
    if (blocks > this.#transferBlocksMax) {
      throw new Panic("assertion failed: block_count <= self.max_transfer_block_count");
    }
    const length = blocks * BLOCK_SIZE;
    const room = pfns.length * PAGE_SIZE - offset;
    if (length > room) throw new Panic(`invalid block count: ${length} > ${room}`);
  }
}

/** Namespaces of a device that has been asked for its events. */
function askForEvents(context: DriverContext, admin: AdminQueue): Namespaces {
  const namespaces = new Namespaces(context, admin);
  new EventTask(context, admin, (nsids) => namespaces.rescan(nsids)).ask();
  return namespaces;
}

/** Blocks of the longest transfer; a device without a limit of its own has upstream's. */
function transferBlocksMax(identify: Uint8Array): number {
  const mdts = identify[MDTS_OFFSET] ?? 0;
  if (mdts === 0) return TRANSFER_BLOCKS_MAX;
  return Math.min(TRANSFER_BLOCKS_MAX, (PAGE_SIZE / BLOCK_SIZE) * 2 ** mdts);
}
