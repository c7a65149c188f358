/**
 * The model of xenopsd as a target of cases: in this process, and step by step.
 *
 * @module
 */
import {
  decodeCall,
  METHODS,
  type MethodName,
  readRequest,
  writeFailure,
  writeResult,
  XenopsError,
} from "../../../src/xenops_interface/mod.ts";
import {
  type Call,
  type FaultPlan,
  type Quirk,
  type StepPoint,
  World,
  Xenopsd,
} from "../../../src/xenopsd/mod.ts";
import type {
  XenopsBench,
  XenopsFault,
  XenopsFiles,
  XenopsImages,
  XenopsOptions,
  XenopsPeer,
  XenopsPoint,
  XenopsQueueEvent,
  XenopsQueues,
  XenopsSteps,
  XenopsTarget,
  XenopsWorld,
} from "../../facets/xenopsd.ts";
import { CAPABILITIES } from "./in_process_abilities.ts";
import { Hosts } from "./in_process_hosts.ts";
import { opOf, queuesOf } from "./in_process_queues.ts";
import { createStranger, imagesOf, underCancel, worldOf } from "./in_process_view.ts";

export function inProcessBench(quirks: ReadonlySet<Quirk>, seed: number): XenopsBench {
  return {
    name: "reference",
    capabilities: CAPABILITIES,
    open: (options = {}) => Promise.resolve(new InProcess({ seed, ...options }, quirks)),
  };
}

/** Failures in the life of one process. */
const FAILURES_MAX = 4;

interface Armed {
  readonly strikes: (point: XenopsPoint) => boolean;
  readonly fault: XenopsFault;
}

class InProcess implements XenopsTarget, XenopsSteps {
  readonly #options: XenopsOptions;
  readonly #quirks: ReadonlySet<Quirk>;
  readonly #world = new World();
  readonly #passed: XenopsPoint[] = [];
  readonly #events: XenopsQueueEvent[] = [];
  #armed: Armed[] = [];
  #struck: XenopsPoint | undefined;
  readonly #hosts: Hosts;
  readonly #url: string;
  #machine: Xenopsd;
  #restarts = 0;

  constructor(options: XenopsOptions, quirks: ReadonlySet<Quirk>, hosts = new Hosts()) {
    this.#options = options;
    this.#quirks = quirks;
    this.#hosts = hosts;
    this.#url = hosts.newUrl();
    this.#machine = this.#start();
  }

  #start(): Xenopsd {
    const { seed = 1, poolSize = 4, hooks = {}, withoutCookies = [] } = this.#options;
    const faults: FaultPlan = { ...this.#faults(), hookRc: hooks };
    const machine = new Xenopsd(this.#world, {
      seed,
      poolSize,
      faults,
      quirks: this.#quirks,
      instanceId: `${this.#url}-${seed}-${this.#restarts++}`,
      network: this.#hosts.network,
      url: this.#url,
      release: { withoutCookies: new Set(withoutCookies) },
    });
    machine.observe({
      onPoint: (point) => this.#passed.push(this.#pointOf(point)),
      onQueue: (change, _pool, tag, item) => {
        this.#events.push({ change, tag, op: item === undefined ? "" : opOf(item.op) });
      },
    });
    return machine;
  }

  /** What is armed strikes where the machine looks for faults. */
  #faults(): FaultPlan {
    const at = (kind: XenopsFault["kind"]) => (point: StepPoint) => this.#strikes(kind, point);
    const failAt = Array.from({ length: FAILURES_MAX }, () => this.#failure());
    return { crashAt: at("crash"), hang: { at: at("hang"), stuck: true }, failAt };
  }

  /** One failure, which the machine lets happen once. */
  #failure() {
    let error = new XenopsError("IO_error");
    return {
      at: (point: StepPoint) => {
        const fault = this.#strike("fail", point);
        if (fault?.kind !== "fail") return false;
        const payload = fault.payload === "" ? null : fault.payload;
        error = new XenopsError(fault.tag as "IO_error", payload);
        return true;
      },
      get error() {
        return error;
      },
    };
  }

  #strikes(kind: XenopsFault["kind"], point: StepPoint): boolean {
    return this.#strike(kind, point) !== undefined;
  }

  #strike(kind: XenopsFault["kind"], point: StepPoint): XenopsFault | undefined {
    const here = this.#passed.at(-1) ?? this.#pointOf(point);
    const found = this.#armed.find((it) => it.fault.kind === kind && it.strikes(here));
    if (found === undefined) return undefined;
    this.#armed = this.#armed.filter((it) => it !== found);
    this.#struck = here;
    return found.fault;
  }

  #pointOf({ op, leaf, subject, phase, what }: StepPoint): XenopsPoint {
    return { index: this.#passed.length, op, leaf, subject, phase, what };
  }

  call(method: string, params: object = {}): Promise<unknown> {
    const given = Object.entries(params).filter(([, value]) => value !== undefined);
    const named = { debug_info: "cases", ...Object.fromEntries(given) };
    return this.#answer(this.#machine.call(method, named));
  }

  /** Who waits lets others ask first; then the machine goes on until there is an answer. */
  async #answer(call: Call): Promise<unknown> {
    if (call.state === "waiting") await new Promise((resolve) => setTimeout(resolve, 0));
    while (call.state === "waiting" && this.#hosts.step());
    if (call.state === "failed") throw call.error;
    if (call.state === "done") return call.result;
    throw new XenopsError("Internal_error", "Cannot answer as nothing happens any more");
  }

  settle(): Promise<void> {
    this.#hosts.settle();
    return Promise.resolve();
  }

  async wire(text: string): Promise<string> {
    try {
      const { method, params } = decodeCall(readRequest(text));
      const result = await this.#answer(this.#machine.call(method, params as never));
      return writeResult(METHODS[method as MethodName].result.encode(result as never));
    } catch (error) {
      return writeFailure(error);
    }
  }

  restart(what: "process" | "host" = "process"): Promise<void> {
    this.#machine.crash();
    if (what === "host") this.#world.rebootHost();
    this.#machine = this.#start();
    return Promise.resolve();
  }

  peer(): Promise<XenopsPeer> {
    const target = new InProcess({ seed: 2 }, this.#quirks, this.#hosts);
    return Promise.resolve({ url: target.#url, target, stream: this.#hosts });
  }

  get files(): XenopsFiles {
    const { fs } = this.#world;
    return {
      list: () => [...fs.files()],
      read: (path) => fs.text(path),
      write: (path, text) => fs.writeText(path, text),
    };
  }

  get images(): XenopsImages {
    return imagesOf(this.#world);
  }

  get queues(): XenopsQueues {
    return queuesOf(this.#machine, this.#events);
  }

  get steps(): XenopsSteps {
    return this;
  }

  step(): boolean {
    return this.#hosts.step();
  }

  get passed(): readonly XenopsPoint[] {
    return this.#passed;
  }

  forget(): void {
    this.#passed.length = 0;
    this.#events.length = 0;
    this.#struck = undefined;
  }

  arm(strikes: Armed["strikes"], fault: XenopsFault): void {
    this.#armed.push({ strikes, fault });
  }

  get struck(): XenopsPoint | undefined {
    return this.#struck;
  }

  get world(): XenopsWorld {
    return worldOf(this.#world);
  }

  createDomain(uuid: string): void {
    createStranger(this.#world, uuid);
  }

  get now(): number {
    return this.#machine.clock.nowSeconds;
  }

  onCancel(task: string, callback: () => void): void {
    this.#machine.tasks.find(task).callbacks.push(callback);
  }

  underCancel(task: string, callback: () => void): string | undefined {
    return underCancel(this.#machine.tasks.find(task), callback);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
