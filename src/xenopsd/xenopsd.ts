/**
 * One process of xenopsd as a deterministic machine: calls in, steps, and an end at any of them.
 * What it leaves behind is its world, from which the next process begins.
 *
 * Source: facts of xenopsd, semantics and reference model.
 *
 * @module
 */
import { READER } from "../suspend_image/mod.ts";
import { errorOf, XenopsError } from "../xenops_interface/mod.ts";
import type { Call } from "./call.ts";
import { DEVICE_METHODS } from "./device_methods.ts";
import { Engine } from "./engine.ts";
import type { FaultPlan, Place } from "./fault_plan.ts";
import type { Desk } from "./handler.ts";
import { HOST_METHODS } from "./host_methods.ts";
import { type Observer, tell } from "./observer.ts";
import type { CheckState } from "./operation.ts";
import type { Quirk } from "./quirks_table.ts";
import type { Release } from "./release.ts";
import { Scheduler, type Thread } from "./scheduler.ts";
import { SERVICE_METHODS } from "./service_methods.ts";
import { newPoint, Site } from "./site.ts";
import { startUp } from "./startup.ts";
import type { Run, StepPoint } from "./step_point.ts";
import { Task } from "./task.ts";
import { VirtualClock } from "./virtual_clock.ts";
import { VM_METHODS } from "./vm_methods.ts";
import { Workers } from "./workers.ts";
import { World } from "./world.ts";

export interface XenopsdOptions {
  readonly seed?: number;
  /** Workers of each pool. */
  readonly poolSize?: number;
  readonly quirks?: ReadonlySet<Quirk>;
  readonly faults?: FaultPlan;
  readonly clock?: VirtualClock;
  /** Differs from process to process; derived from the seed and the time if it is absent. */
  readonly instanceId?: string;
  readonly observers?: readonly Observer[];
  /** The newest one if it is absent; parts of it may be. */
  readonly release?: Partial<Release>;
}

const HEAD: Release = { imageRules: READER, tpmUnit: "Swtpm", extraVersion: 2 };
const POOL_SIZE = 4;
const STEPS_MAX = 10_000_000;

type AnyHandler = (desk: Desk, params: never) => unknown;
const HANDLERS: ReadonlyMap<string, AnyHandler> = new Map(
  Object.entries({ ...VM_METHODS, ...DEVICE_METHODS, ...HOST_METHODS, ...SERVICE_METHODS }),
);

export class Xenopsd {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly instanceId: string;
  readonly engine: Engine;
  readonly #workers: Workers;
  readonly #scheduler: Scheduler;
  readonly #observers: Observer[];
  readonly #faults: FaultPlan;
  readonly #struck = new Set<unknown>();
  #points = 0;
  #isCrashed = false;

  constructor(world = new World(), options: XenopsdOptions = {}) {
    const { seed = 1, faults = {}, quirks = new Set(), clock = new VirtualClock() } = options;
    this.world = world;
    this.clock = clock;
    this.#faults = faults;
    this.#observers = [...(options.observers ?? [])];
    world.watch(this.#observers);
    this.#scheduler = new Scheduler(clock, seed, (thread) => this.#arrive(thread));
    const observers = this.#observers;
    const scheduler = this.#scheduler;
    const release = { ...HEAD, ...options.release };
    const parts = { world, clock, scheduler, observers, quirks, faults, seed, release };
    this.engine = new Engine(parts);
    this.instanceId = options.instanceId ?? this.#newInstanceId();
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
    this.#scheduler.clear();
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
    const { crashAt, failAt = [], cancelAt, hang } = this.#faults;
    if (this.#strikes("crashAt", crashAt, point)) this.crash();
    for (const failure of [failAt].flat()) {
      if (this.#strikes(failure, failure.at, point)) thread.strike = failure.error;
    }
    if (this.#strikes("hang", hang?.at, point)) this.engine.hung.add(point);
    if (this.#strikes("cancelAt", cancelAt, point)) this.#cancelAt(point);
  }

  #strikes(fault: unknown, place: Place | undefined, point: StepPoint): boolean {
    if (place === undefined || this.#struck.has(fault)) return false;
    const isHere = typeof place === "number" ? place === point.index : place(point);
    if (isHere) this.#struck.add(fault);
    return isHere;
  }

  /** The client cancels the task that it knows: of a child, its parent. */
  #cancelAt({ task }: StepPoint): void {
    const known = this.tasks.list().find(({ id }) => id === task);
    const parent = known?.dbg.match(/task=(\d+)\./)?.[1];
    const target = parent === undefined ? known : this.tasks.list().find(({ id }) => id === parent);
    if (target !== undefined) this.tasks.cancel(target);
  }

  #newInstanceId(): string {
    const word = () => this.engine.random.below(0x10000).toString(16).padStart(4, "0");
    const [version, variant] = [`4${word().slice(1)}`, `8${word().slice(1)}`];
    const [head, tail] = [`${word()}${word()}`, `${word()}${word()}${word()}`];
    return `${head}-${word()}-${version}-${variant}-${tail}`;
  }
}

function isRun(answer: unknown): answer is Run<unknown> {
  return typeof answer === "object" && answer !== null && "next" in answer;
}
