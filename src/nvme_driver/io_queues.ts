/**
 * I/O queue pairs of a driver, one for each processor that has done I/O. Queues are created and
 * restored by one worker, one request after the other; I/O of a processor waits until its queue is
 * there. Source: microsoft/openvmm, nvme_driver driver.rs `DriverWorkerTask`.
 *
 * @module
 */
import { ChainError, Panic, refusal } from "../machine/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import { DrainBarrier } from "./drain.ts";
import type { DriverContext } from "./driver_context.ts";
import { createIoQueue, type IoQueue, type ProtoQueue, restoreIoQueue } from "./io_queue.ts";
import { QueueCreation } from "./queue_creation.ts";

/** Sizes that were agreed on when the device was initialised. */
export interface QueueLimits {
  /** Entries of an I/O queue. */
  readonly qsize: number;
  readonly maxIoQueues: number;
}

/** Who waits for the queue of a processor. */
export interface IssuerRequest {
  readonly cpu: number;
  readonly take: (queue: IoQueue) => void;
  /** Called in place of `take` when the worker has forgotten the request. */
  readonly fail: () => void;
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
  /** What the worker waits for. */
  #serving: { readonly request: IssuerRequest; readonly creation: QueueCreation } | null = null;
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
    return this.#serving !== null || this.#requests.length > 0;
  }

  /** Gives the queue of a processor to who asks, now or when there is one. */
  request(request: IssuerRequest): void {
    this.#assertCpu(request.cpu);
    const known = this.#byCpu.get(request.cpu);
    if (known !== undefined) {
      request.take(known);
      return;
    }
    this.#requests.push(request);
    this.#serve();
  }

  /** Forgets the queue that is being made: it stays where it is, and nobody hears of it. */
  dropCreation(): void {
    if (this.#serving === null) return;
    const { request, creation } = this.#serving;
    creation.drop();
    this.#serving = null;
    request.fail();
    this.#serve();
  }

  /** Creates a queue for `cpu` and waits for it; an `unmapped` one belongs to nobody yet. */
  createNow(cpu: number, unmapped: boolean): void {
    let failure: ChainError | null | undefined;
    const { queue, creation } = this.#begin(cpu, unmapped, (error) => {
      failure = error;
    });
    creation.start();
    this.#admin.waitUntil(() => failure !== undefined);
    this.#end(queue, failure ?? null);
    if (failure) throw failure;
  }

  /** Puts a restored queue into service; it works once it is started. */
  adopt(proto: ProtoQueue): IoQueue {
    const pending = proto.saved.queue_data.handler_data.pending_cmds.commands.length;
    const queue = restoreIoQueue(this.#context, proto, this.#drainOf(pending));
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
    while (this.#serving === null) {
      const request = this.#requests.shift();
      if (request === undefined) return;
      const { cpu, take } = request;
      const known = this.#byCpu.get(cpu) ?? this.#restoreWaiting(cpu) ?? this.#mapUnmapped(cpu);
      if (known !== undefined) take(known);
      else this.#createFor(request);
    }
  }

  #createFor(request: IssuerRequest): void {
    const { cpu, take } = request;
    try {
      const { queue, creation } = this.#begin(cpu, false, (error) => {
        this.#serving = null;
        this.#end(queue, error);
        take(error === null ? queue : this.#fallBack(cpu, error));
        this.#serve();
      });
      this.#serving = { request, creation };
      creation.start();
    } catch (error) {
      take(this.#fallBack(cpu, refusal(error)));
    }
  }

  /** Takes an identifier, a vector and memory for a queue that the device is to be told of. */
  #begin(cpu: number, unmapped: boolean, done: (error: ChainError | null) => void) {
    const { release } = this.#context;
    const { maxIoQueues, qsize: entries } = this.#limits;
    if (this.#live.length >= maxIoQueues) throw new ChainError(release.noMoreQueues(maxIoQueues));
    const qid = release.nextQid(this.#live.length, this.#highestQid);
    this.noteQid(qid);
    const shape = { qid, cpu, unmapped, entries };
    const queue = createIoQueue(this.#context, shape, this.#drainOf(0));
    this.#live.push(queue);
    return { queue, creation: new QueueCreation(this.#context, this.#admin, queue, done) };
  }

  /** The device has answered. A queue that it does not take is given back. */
  #end(queue: IoQueue, error: ChainError | null): void {
    if (error === null) {
      if (!queue.unmapped) this.#byCpu.set(queue.cpu, queue);
      queue.pair.start();
      return;
    }
    this.#live = this.#live.filter((other) => other !== queue);
    queue.pair.memory.block.free();
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
      this.adopt(proto).pair.start();
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
