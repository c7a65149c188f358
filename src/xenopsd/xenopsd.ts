/**
 * One process of xenopsd as a deterministic machine: calls in, steps, and an end at any of them.
 * What it leaves behind is its world, from which the next process begins.
 *
 * Source: xen-api e2ee48d688, ocaml/xenopsd; the file of each part names its own.
 *
 * @module
 */
import { READER } from "../suspend_image/mod.ts";
import { errorOf, XenopsError } from "../xenops_interface/mod.ts";
import type { Call } from "./call.ts";
import type { Channel } from "./channel.ts";
import { DEVICE_METHODS } from "./device_methods.ts";
import { Engine } from "./engine.ts";
import type { Desk } from "./handler.ts";
import { HOST_METHODS } from "./host_methods.ts";
import { type Observer, tell } from "./observer.ts";
import type { CheckState } from "./operation.ts";
import type { Cookies, Peer } from "./peer.ts";
import type { Release } from "./release.ts";
import { Scheduler, type Thread } from "./scheduler.ts";
import { SERVICE_METHODS } from "./service_methods.ts";
import { newPoint, Site } from "./site.ts";
import { startUp } from "./startup.ts";
import type { Run, StepPoint } from "./step_point.ts";
import { takeStream } from "./streams.ts";
import { Strikes } from "./strikes.ts";
import { Task } from "./task.ts";
import { VirtualClock } from "./virtual_clock.ts";
import { VM_METHODS } from "./vm_methods.ts";
import { Workers } from "./workers.ts";
import { World } from "./world.ts";
import type { XenopsdOptions } from "./xenopsd_options.ts";

const HEAD: Release = {
  imageRules: READER,
  tpmUnit: "Swtpm",
  withoutCookies: new Set(),
  extraVersion: 2,
};
const POOL_SIZE = 4;
const STEPS_MAX = 10_000_000;

type AnyHandler = (desk: Desk, params: never) => unknown;
const HANDLERS: ReadonlyMap<string, AnyHandler> = new Map(
  Object.entries({ ...VM_METHODS, ...DEVICE_METHODS, ...HOST_METHODS, ...SERVICE_METHODS }),
);

export class Xenopsd implements Peer {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly instanceId: string;
  readonly engine: Engine;
  readonly #workers: Workers;
  readonly #scheduler: Scheduler;
  readonly #observers: Observer[];
  readonly #strikes: Strikes;
  #points = 0;
  #isCrashed = false;
  readonly #dependants: (() => void)[] = [];

  constructor(world = new World(), options: XenopsdOptions = {}) {
    const {
      seed = 1,
      faults = {},
      quirks = new Set(),
      clock = options.network?.clock ?? new VirtualClock(),
    } = options;
    this.world = world;
    this.clock = clock;
    this.#strikes = new Strikes(faults);
    this.#observers = [...(options.observers ?? [])];
    world.watch(this.#observers);
    this.#scheduler = new Scheduler(clock, seed, (thread) => this.#arrive(thread));
    const observers = this.#observers;
    const scheduler = this.#scheduler;
    const release = { ...HEAD, ...options.release };
    const { network, url, instanceId } = options;
    const parts = { world, clock, scheduler, observers, quirks, faults, seed, release };
    this.engine = new Engine({ ...parts, network, instanceId });
    if (url !== undefined) network?.join(url, this);
    this.instanceId = this.engine.instanceId;
    this.#workers = new Workers(this.engine, options.poolSize ?? POOL_SIZE);
    startUp(this.engine);
  }

  get tasks(): Engine["tasks"] {
    return this.engine.tasks;
  }

  get updates(): Engine["updates"] {
    return this.engine.updates;
  }

  get redirector(): Engine["redirector"] {
    return this.engine.redirector;
  }

  /** When the next wait ends by itself. */
  get nextDeadlineMs(): number | undefined {
    return this.#scheduler.nextDeadlineMs;
  }

  /** Step points so far. */
  get points(): number {
    return this.#points;
  }

  get isCrashed(): boolean {
    return this.#isCrashed;
  }

  /** Nothing can run and no work waits; clients may. */
  get isIdle(): boolean {
    return this.#isCrashed || !this.#scheduler.isBusy;
  }

  /** No work is queued and none is being done. */
  get isQuiescent(): boolean {
    return this.#workers.areIdle && this.engine.redirector.isEmpty;
  }

  observe(observer: Observer): void {
    this.#observers.push(observer);
  }

  /** The request is begun at once, and answered at once if nothing has to be waited for. */
  call(method: string, params: unknown): Call {
    const call: Call = {
      method,
      state: "waiting",
      result: undefined,
      error: undefined,
      onSettled: undefined,
      abandon: () => {},
    };
    if (this.#isCrashed) return call;
    const point = newPoint();
    point.op = method;
    const thread: Thread = {
      kind: "client",
      run: this.#answer(call, params, point),
      point,
      strike: undefined,
      held: undefined,
    };
    call.abandon = () => {
      thread.strike = new Error("Cannot answer: the client is gone");
      thread.held?.wake();
    };
    this.#scheduler.runAtOnce(thread, () => this.#isCrashed);
    return call;
  }

  /** A request of another host that has a stream for its body. */
  put(path: string, cookies: Cookies, channel: Channel): void {
    this.engine.channels.add(channel);
    takeStream(this.engine, path, cookies, channel);
  }

  onEnd(end: () => void): void {
    if (this.#isCrashed) end();
    else this.#dependants.push(end);
  }

  get canRun(): boolean {
    return !this.#isCrashed && this.#scheduler.canRun;
  }

  /** An event of the hypervisor: the object needs attention. */
  signal(check: CheckState): void {
    this.engine.check(check);
  }

  /** One step of a worker, of a client that is woken, or of the clock; false if there is none. */
  step(): boolean {
    if (this.#isCrashed) return false;
    const kind = this.#scheduler.step();
    if (kind === undefined) return false;
    for (const observer of this.#observers) observer.onStep?.(kind);
    return true;
  }

  runUntilIdle(stepsMax = STEPS_MAX): void {
    for (let steps = 0; !this.isIdle; steps++) {
      if (steps >= stepsMax) {
        throw new RangeError(`Cannot come to rest within ${stepsMax} steps`);
      }
      if (!this.step()) return;
    }
  }

  /** The process is gone at once; its world stays as it is. */
  crash(): void {
    this.#isCrashed = true;
    for (const channel of this.engine.channels) channel.close();
    this.#scheduler.clear();
    for (const end of this.#dependants) end();
    tell(this.#observers, "onCrash");
  }

  *#answer(call: Call, params: unknown, point: StepPoint): Run<void> {
    try {
      const handler = HANDLERS.get(call.method);
      if (handler === undefined) throw new XenopsError("Internal_error", `Unknown method`);
      const task = new Task("", call.method, this.clock.nowMs);
      const site = new Site(this.engine, task, point);
      const { engine, instanceId } = this;
      const workers = this.#workers;
      const desk: Desk = { engine, workers, instanceId, site, exit: () => this.crash() };
      const answer = handler(desk, params as never);
      call.result = isRun(answer) ? yield* answer : answer;
      call.state = "done";
    } catch (error) {
      call.error = errorOf(error);
      call.state = "failed";
    }
    call.onSettled?.();
  }

  /** A thread stands at its next step point. */
  #arrive(thread: Thread): void {
    const { point } = thread;
    if (point === undefined) return;
    point.index = this.#points++;
    for (const observer of this.#observers) observer.onPoint?.(point);
    if (this.#strikes.at(thread, point, this.engine)) this.crash();
  }
}

function isRun(answer: unknown): answer is Run<unknown> {
  return typeof answer === "object" && answer !== null && "next" in answer;
}
