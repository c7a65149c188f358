/**
 * I/O queue pairs of a driver, one for each processor that has done I/O. Source:
 * microsoft/openvmm, nvme_driver driver.rs; facts/openhcl/semantics.md, NVMe driver save/restore.
 *
 * @module
 */
import { ChainError, Panic, refusal, Stuck, withContext } from "../machine/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { Command } from "./command.ts";
import type { DriverContext } from "./driver_context.ts";
import type { IoQueue, ProtoQueue } from "./io_queue.ts";
import { registerQueue } from "./queue_creation.ts";
import { QueuePair } from "./queue_pair.ts";
import { QUEUE_STATE_US } from "./timing.ts";

/** Sizes that were agreed on when the device was initialised. */
export interface QueueLimits {
  /** Entries of an I/O queue. */
  readonly qsize: number;
  readonly maxIoQueues: number;
}

/** Live queues, queues that wait for their first I/O, and which processor uses which. */
export class IoQueues {
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #limits: QueueLimits;
  #live: IoQueue[] = [];
  readonly #proto = new Map<number, ProtoQueue>();
  readonly #byCpu = new Map<number, IoQueue>();
  #highestQid = 0;

  constructor(context: DriverContext, admin: AdminQueue, limits: QueueLimits) {
    this.#context = context;
    this.#admin = admin;
    this.#limits = limits;
  }

  get live(): readonly IoQueue[] {
    return this.#live;
  }

  get waiting(): readonly ProtoQueue[] {
    return [...this.#proto.values()];
  }

  /** True while commands of the last hop keep new ones back, somewhere. */
  get draining(): boolean {
    return this.#live.some(({ pair }) => pair.draining);
  }

  /** Creates a queue for `cpu`; `unmapped` ones belong to nobody until their first I/O. */
  create(cpu: number, unmapped: boolean): IoQueue {
    const { release, client, bounced } = this.#context;
    if (this.#live.length >= this.#limits.maxIoQueues) {
      throw new ChainError("no more io queues available");
    }
    const qid = release.nextQid(this.#live.length, this.#highestQid);
    this.#highestQid = Math.max(this.#highestQid, qid);
    this.#mapInterrupt(qid - 1);
    const shape = { layout: release.layout, bounced };
    const pair = withContext(`failed to create io queue pair ${qid}`, () =>
      QueuePair.create(shape, qid, this.#limits.qsize, client),
    );
    try {
      registerQueue(this.#admin, pair, this.#limits.qsize);
    } catch (error) {
      pair.memory.block.free();
      throw error;
    }
    const queue: IoQueue = { pair, cpu, iv: qid - 1, unmapped, waiting: [] };
    this.#live.push(queue);
    if (!unmapped) this.#byCpu.set(cpu, queue);
    return queue;
  }

  /** Puts a restored queue into service. */
  adopt(saved: IoQueueSavedState, proto: Pick<ProtoQueue, "block">): void {
    const { release, bounced } = this.#context;
    const { cpu, iv, queue_data, unmapped: isUnmapped = false, ...rest } = saved;
    rest satisfies Record<string, never>;
    this.#mapInterrupt(iv);
    const pair = QueuePair.restore({ layout: release.layout, bounced }, queue_data, proto.block);
    this.#context.environment.clock.advance(QUEUE_STATE_US);
    const unmapped = release.knowsFusedDevices && isUnmapped;
    const queue: IoQueue = { pair, cpu, iv, unmapped, waiting: [] };
    if (!unmapped) this.#assign(queue);
    this.#live.push(queue);
  }

  /** Keeps a restored queue until its processor does I/O. */
  postpone(proto: ProtoQueue): void {
    this.#proto.set(proto.saved.cpu, proto);
  }

  /** Notes an identifier that the device has in use. */
  noteQid(qid: number): void {
    this.#highestQid = Math.max(this.#highestQid, qid);
  }

  /**
   * Sends `command` from `cpu` and returns its identifier, or null when it has to wait behind
   * commands of the last hop or for room in the queue.
   */
  submit(cpu: number, command: Command): number | null {
    const queue = this.#forCpu(cpu);
    if (!this.#accepts(queue)) {
      queue.waiting.push(command);
      return null;
    }
    return queue.pair.submit(this.#context.controller, command);
  }

  /** Takes completions and sends what has been waiting for them. */
  poll(): void {
    const { controller } = this.#context;
    for (const { pair } of this.#live) pair.poll(controller);
    for (const queue of this.#live) {
      while (queue.waiting.length > 0 && this.#accepts(queue)) {
        const command = queue.waiting.shift();
        if (command !== undefined) queue.pair.submit(controller, command);
      }
    }
  }

  /** Saves live queues, then those that have waited since the last restore, as they were. */
  save(): IoQueueSavedState[] {
    const { release, environment } = this.#context;
    const saved: IoQueueSavedState[] = [];
    let failed = false;
    for (const queue of this.#live) {
      this.#assertHearsSave(queue);
      environment.clock.advance(QUEUE_STATE_US);
      try {
        saved.push(this.#saveOne(queue));
      } catch (error) {
        environment.log.error(`failed to save io queue: ${refusal(error).message}`);
        failed = true;
      }
    }
    if (failed && release.unsavedIoQueue === "fails") {
      throw new ChainError("failed to save one or more io queues");
    }
    return [...saved, ...this.waiting.map((proto) => proto.saved)];
  }

  /** Gives all memory back. The device must not know the queues any more. */
  free(): void {
    for (const { pair } of this.#live) pair.memory.block.free();
    for (const { block } of this.#proto.values()) block.free();
    this.#live = [];
    this.#proto.clear();
  }

  #saveOne({ pair, cpu, iv, unmapped }: IoQueue): IoQueueSavedState {
    const { release } = this.#context;
    const aer = release.asynchronousEvents === "queue" ? null : undefined;
    const queue_data = pair.save(aer);
    return { cpu, iv, queue_data, ...(release.knowsFusedDevices ? { unmapped } : {}) };
  }

  #assertHearsSave({ pair }: IoQueue): void {
    if (this.#context.release.savesWhileDraining) return;
    if (pair.draining || pair.full) throw new Stuck(`io queue ${pair.qid} does not hear the save`);
  }

  #accepts({ pair }: IoQueue): boolean {
    const drains = this.#context.release.drains === "queue" ? pair.draining : this.draining;
    return !drains && !pair.full;
  }

  #forCpu(cpu: number): IoQueue {
    this.#assertCpu(cpu);
    const known = this.#byCpu.get(cpu) ?? this.#restoreWaiting(cpu) ?? this.#mapUnmapped(cpu);
    if (known !== undefined) return known;
    try {
      return this.create(cpu, false);
    } catch (error) {
      const fallback = this.#nearestBelow(cpu);
      if (fallback === undefined) throw new Panic("unable to find an io issuer for fallback");
      this.#context.environment.log.error(
        `failed to create io queue, falling back cpu=${cpu} fallback_cpu=${fallback.cpu}: ` +
          refusal(error).message,
      );
      this.#byCpu.set(cpu, fallback);
      return fallback;
    }
  }

  #restoreWaiting(cpu: number): IoQueue | undefined {
    const proto = this.#proto.get(cpu);
    if (proto === undefined) return undefined;
    this.#proto.delete(cpu);
    try {
      this.adopt(proto.saved, proto);
    } catch (error) {
      const text = "failed to restore io queue from prototype, creating new queue";
      this.#context.environment.log.error(`${text}: ${refusal(error).message}`);
      proto.block.free();
    }
    return this.#byCpu.get(cpu);
  }

  #mapUnmapped(cpu: number): IoQueue | undefined {
    const queue = this.#live.find(({ unmapped }) => unmapped);
    if (queue === undefined) return undefined;
    queue.unmapped = false;
    queue.cpu = cpu;
    this.#byCpu.set(cpu, queue);
    return queue;
  }

  #assign(queue: IoQueue): void {
    const { cpu } = queue;
    this.#assertCpu(cpu);
    if (this.#byCpu.has(cpu)) {
      throw new Panic("called `Result::unwrap()` on an `Err` value");
    }
    this.#byCpu.set(cpu, queue);
  }

  /** The queue in use by the nearest processor with a lower number. */
  #nearestBelow(cpu: number): IoQueue | undefined {
    const [nearest] = [...this.#byCpu.keys()].filter((other) => other < cpu).sort((a, b) => b - a);
    return nearest === undefined ? undefined : this.#byCpu.get(nearest);
  }

  #assertCpu(index: number): void {
    const { cpuCount } = this.#context;
    if (index < cpuCount) return;
    throw new Panic(`index out of bounds: the len is ${cpuCount} but the index is ${index}`);
  }

  #mapInterrupt(iv: number): void {
    if (iv < this.#context.controller.interruptsMax) return;
    throw new ChainError("failed to map interrupt", new ChainError(`no vector ${iv}`));
  }
}
