/**
 * I/O queue pairs of a driver, one for each processor that has done I/O. Queues are created and
 * restored by one worker, one request after the other; I/O of a processor waits until its queue is
 * there. Source: microsoft/openvmm, nvme_driver driver.rs `DriverWorkerTask`;
 * facts/openhcl/semantics.md, NVMe driver save/restore.
 *
 * @module
 */
import { ChainError, Panic, refusal, withContext } from "../machine/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import { DrainBarrier } from "./drain.ts";
import type { DriverContext } from "./driver_context.ts";
import type { IoQueue, ProtoQueue } from "./io_queue.ts";
import { registerQueue } from "./queue_creation.ts";
import { QueuePair } from "./queue_pair.ts";

/** Sizes that were agreed on when the device was initialised. */
export interface QueueLimits {
  /** Entries of an I/O queue. */
  readonly qsize: number;
  readonly maxIoQueues: number;
}

/** Called with the queue of a processor. */
type Take = (queue: IoQueue) => void;

interface IssuerRequest {
  readonly cpu: number;
  readonly take: Take;
}

/** Live queues, queues that wait for their first I/O, and which processor uses which. */
export class IoQueues {
  /** Commands of the last hop that keep back what is new; null when there are none. */
  drain: DrainBarrier | null = null;
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #limits: QueueLimits;
  #live: IoQueue[] = [];
  readonly #proto = new Map<number, ProtoQueue>();
  readonly #byCpu = new Map<number, IoQueue>();
  #requests: IssuerRequest[] = [];
  /** True while the worker waits for the device. */
  #creating = false;
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

  /** True while some processor's queue is being made. */
  get busy(): boolean {
    return this.#creating || this.#requests.length > 0;
  }

  /** Gives the queue of `cpu` to `take`, now or when there is one. */
  forCpu(cpu: number, take: Take): void {
    this.#assertCpu(cpu);
    const known = this.#byCpu.get(cpu);
    if (known !== undefined) {
      take(known);
      return;
    }
    this.#requests.push({ cpu, take });
    this.#serve();
  }

  /** Creates a queue for `cpu` and waits for it; an `unmapped` one belongs to nobody yet. */
  createNow(cpu: number, unmapped: boolean): void {
    let failure: ChainError | null | undefined;
    this.#create(cpu, unmapped, (error) => {
      failure = error;
    });
    this.#admin.waitUntil(() => failure !== undefined);
    if (failure) throw failure;
  }

  /** Puts a restored queue into service; it works once it is started. */
  adopt(saved: IoQueueSavedState, { block }: Pick<ProtoQueue, "block">): IoQueue {
    const { release, vfio } = this.#context;
    const { cpu, iv, queue_data, unmapped: isUnmapped = false, ...rest } = saved;
    rest satisfies Record<string, never>;
    let pair: QueuePair | null = null;
    vfio.mapInterrupt(iv, () => pair?.run());
    const drain = this.#drainOf(queue_data.handler_data.pending_cmds.commands.length);
    pair = QueuePair.restore(this.#context, queue_data, block, { drain });
    const queue = { pair, cpu, iv, unmapped: release.knowsFusedDevices && isUnmapped };
    if (!queue.unmapped) this.#assign(queue);
    this.#live.push(queue);
    return queue;
  }

  /** Keeps a restored queue until its processor does I/O. */
  postpone(proto: ProtoQueue): void {
    this.#proto.set(proto.saved.cpu, proto);
  }

  /** Notes an identifier that the device has in use. */
  noteQid(qid: number): void {
    this.#highestQid = Math.max(this.#highestQid, qid);
  }

  /** Lets restored queues work. */
  start(): void {
    for (const { pair } of this.#live) pair.start();
  }

  /** Gives all memory back. The device must not know the queues any more. */
  free(): void {
    for (const { pair } of this.#live) {
      pair.stop();
      pair.memory.block.free();
    }
    for (const { block } of this.#proto.values()) block.free();
    this.#live = [];
    this.#proto.clear();
  }

  /** Serves requests in turn, up to one for which the device has to be waited for. */
  #serve(): void {
    while (!this.#creating) {
      const request = this.#requests.shift();
      if (request === undefined) return;
      const { cpu, take } = request;
      const known = this.#byCpu.get(cpu) ?? this.#restoreWaiting(cpu) ?? this.#mapUnmapped(cpu);
      if (known !== undefined) take(known);
      else this.#createFor(request);
    }
  }

  #createFor({ cpu, take }: IssuerRequest): void {
    this.#creating = true;
    this.#create(cpu, false, (error) => {
      this.#creating = false;
      const queue = error === null ? this.#byCpu.get(cpu) : this.#fallBack(cpu, error);
      if (queue !== undefined) take(queue);
      this.#serve();
    });
  }

  #create(cpu: number, unmapped: boolean, done: (error: ChainError | null) => void): void {
    let queue: IoQueue;
    try {
      queue = this.#newQueue(cpu, unmapped);
    } catch (error) {
      done(refusal(error));
      return;
    }
    this.#live.push(queue);
    registerQueue(this.#context, this.#admin, queue, this.#limits.qsize, (error) => {
      if (error === null) {
        if (!unmapped) this.#byCpu.set(cpu, queue);
        queue.pair.start();
      } else {
        this.#live.pop();
        queue.pair.memory.block.free();
      }
      done(error);
    });
  }

  /** Takes an identifier, a vector and memory. The device does not know of it yet. */
  #newQueue(cpu: number, unmapped: boolean): IoQueue {
    const { release, vfio } = this.#context;
    const { maxIoQueues, qsize } = this.#limits;
    if (this.#live.length >= maxIoQueues) throw new ChainError(release.noMoreQueues(maxIoQueues));
    const qid = release.nextQid(this.#live.length, this.#highestQid);
    const iv = qid - 1;
    this.noteQid(qid);
    let pair: QueuePair | null = null;
    vfio.mapInterrupt(iv, () => pair?.run());
    const drain = this.#drainOf(0);
    pair = withContext(`failed to create io queue pair ${qid}`, () =>
      QueuePair.create(this.#context, qid, qsize, { drain }),
    );
    return { pair, cpu, iv, unmapped };
  }

  /** What keeps new commands back on a queue with so many commands of the last hop. */
  #drainOf(pending: number): DrainBarrier | null {
    if (this.#context.release.drains === "allQueues") return this.drain;
    return pending > 0 ? new DrainBarrier(1) : null;
  }

  /** The queue in use by the nearest processor with a lower number. */
  #fallBack(cpu: number, { message }: ChainError): IoQueue {
    const [nearest] = [...this.#byCpu.keys()].filter((other) => other < cpu).sort((a, b) => b - a);
    const fallback = nearest === undefined ? undefined : this.#byCpu.get(nearest);
    if (fallback === undefined) throw new Panic("unable to find an io issuer for fallback");
    this.#context.environment.log.error(
      `failed to create io queue, falling back cpu=${cpu} fallback_cpu=${nearest}: ${message}`,
    );
    this.#byCpu.set(cpu, fallback);
    return fallback;
  }

  #restoreWaiting(cpu: number): IoQueue | undefined {
    const proto = this.#proto.get(cpu);
    if (proto === undefined) return undefined;
    this.#proto.delete(cpu);
    try {
      const queue = this.adopt(proto.saved, proto);
      queue.pair.start();
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

  #assertCpu(index: number): void {
    const { cpuCount } = this.#context;
    if (index < cpuCount) return;
    throw new Panic(`index out of bounds: the len is ${cpuCount} but the index is ${index}`);
  }
}
