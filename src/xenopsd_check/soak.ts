/**
 * Many steps of a busy machine under all invariants: eight VMs, and clients that ask for whatever
 * comes to their mind, cancel some of it, and follow what changes.
 *
 * @module
 */
import type { Task } from "../xenops_interface/mod.ts";
import type { Call, Xenopsd, XenopsdOptions } from "../xenopsd/mod.ts";
import { addSample } from "./driver.ts";
import { drawOperation } from "./random_operation.ts";
import type { Finding } from "./rules.ts";
import { Watch } from "./watch.ts";

export interface SoakOrder {
  readonly steps: number;
  readonly seed: number;
  readonly poolSize?: number;
  readonly quirks?: XenopsdOptions["quirks"];
}

export interface SoakState {
  readonly steps: number;
  readonly calls: number;
  readonly cancelled: number;
  /** How often nothing was left to do. */
  readonly rests: number;
  readonly findings: readonly Finding[];
}

const VMS = [..."abcdefgh"].map((letter) => `vm-${letter}`);
const DBG = { debug_info: "soak" };
/** Calls between two rests, and steps between two calls, at most. */
const BURST_MAX = 24;
const PAUSE_MAX = 60;
/** Steps between two states that are told. */
const TOLD_EVERY = 100_000;

/** Tells how far it is, at last when all steps are made. */
export function* soak(order: SoakOrder): Generator<SoakState> {
  const { seed, steps, poolSize = 4, quirks = new Set() } = order;
  const watch = new Watch(undefined, { seed, poolSize, quirks });
  const clients = new Clients(watch.machine, seed);
  const state = { steps: 0, rests: 0 };
  for (let told = TOLD_EVERY; ; ) {
    burst(watch.machine, clients, state, steps);
    if (state.steps < told && state.steps < steps) continue;
    told += TOLD_EVERY;
    const { calls, cancelled } = clients;
    yield { ...state, calls, cancelled, findings: watch.findings };
    if (state.steps >= steps) return;
  }
}

/** Some calls with steps between them, and then steps until nothing is left to do. */
function burst(
  machine: Xenopsd,
  clients: Clients,
  state: { steps: number; rests: number },
  stepsMax: number,
): void {
  for (let left = 1 + clients.draw(BURST_MAX); left > 0; left--) {
    clients.ask();
    for (let pause = clients.draw(PAUSE_MAX); pause > 0 && machine.step(); pause--) state.steps++;
  }
  while (!machine.isIdle && state.steps < stepsMax && machine.step()) state.steps++;
  clients.follow();
  state.rests++;
}

class Clients {
  calls = 0;
  cancelled = 0;
  readonly #machine: Xenopsd;
  #random: number;
  /** Tasks that were not seen to end. */
  readonly #tasks: string[] = [];
  #token = 0;
  #waiting: Call | undefined;

  constructor(machine: Xenopsd, seed: number) {
    this.#machine = machine;
    this.#random = Math.imul(seed ^ 0x51ed270b, 0x9e3779b1) | 1;
    for (const vm of VMS) addSample((method, params) => this.#call(method, params), vm);
  }

  /** A number from 0 to a limit. */
  draw(limit: number): number {
    let state = this.#random;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#random = state;
    return (state >>> 0) % limit;
  }

  ask(): void {
    const turn = this.draw(16);
    if (turn === 0) this.#cancel();
    else if (turn === 1) this.follow();
    else this.#begin();
  }

  #begin(): void {
    const vm = VMS[this.draw(VMS.length)] as string;
    const [method, params] = drawOperation((limit) => this.draw(limit), vm);
    const { result } = this.#call(method, params);
    if (typeof result === "string" && /^\d+$/.test(result)) this.#tasks.push(result);
  }

  #cancel(): void {
    const id = this.#tasks[this.draw(Math.max(1, this.#tasks.length))];
    if (id === undefined) return;
    this.cancelled++;
    this.#call("Task.cancel", { id });
  }

  /** Takes what has changed, and destroys tasks that are over. */
  follow(): void {
    const waiting = this.#waiting;
    if (waiting?.state === "waiting") return;
    if (waiting?.state === "done") this.#token = (waiting.result as [unknown, unknown, number])[2];
    for (let at = this.#tasks.length - 1; at >= 0; at--) {
      const id = this.#tasks[at] as string;
      const task = this.#call("Task.stat", { id }).result as Task | undefined;
      if (task?.state[0] === "Pending") continue;
      this.#call("Task.destroy", { id });
      this.#tasks.splice(at, 1);
    }
    this.#waiting = this.#call("UPDATES.get", { last_id: this.#token, timeout: 1 });
  }

  #call(method: string, params: object): Call {
    this.calls++;
    return this.#machine.call(method, { ...DBG, ...params });
  }
}
