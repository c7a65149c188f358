/**
 * Drives a machine for clients that wait: steps as long as there is something to do, sleeps until
 * the next time that the machine waits for, and answers calls when they are done.
 *
 * It keeps within bounds what clients can pile up: calls that wait, and tasks that nobody destroys.
 *
 * @module
 */
import {
  decodeCall,
  METHODS,
  type Request,
  type RpcValue,
  XenopsError,
} from "../../../src/xenops_interface/mod.ts";

/** A call that a machine has begun. */
export interface BegunCall {
  readonly state: "done" | "failed" | "waiting";
  readonly result?: unknown;
  readonly error?: unknown;
  onSettled?: (() => void) | undefined;
  /** Nobody waits for it any more. */
  abandon?(): void;
}

/** Something that answers the interface when it is stepped. */
export interface SteppedMachine {
  call(method: string, params: Record<string, unknown>): BegunCall;
  /** Does one step; false when there is none to do now. */
  step(): boolean;
  readonly nextDeadlineMs?: number | undefined;
  readonly taskCount?: number;
}

export interface DriverOptions {
  /** Tells the machine the time, where its clock follows a real one. */
  readonly tick?: () => number;
  /** The machine has thrown: nothing is known of its state. */
  readonly broke: (error: unknown) => void;
}

export const WAITING_CALLS_MAX = 4096;
export const TASKS_MAX = 65_536;
/** Steps between two looks at clients. */
const STEPS_PER_TURN = 500;
const SLEEP_MS_MAX = 2 ** 31 - 1;

export class Driver {
  readonly #machine: SteppedMachine;
  readonly #options: DriverOptions;
  #waiting = 0;
  #isAwake = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(machine: SteppedMachine, options: DriverOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#wake();
  }

  /** Performs a call; throws what it fails with, `RequestError` if it is none. */
  async perform(request: Request, signal?: AbortSignal): Promise<RpcValue> {
    const { method, params } = decodeCall(request);
    if (METHODS[method].task && (this.#machine.taskCount ?? 0) >= TASKS_MAX) {
      throw tooMany("tasks that nobody destroys", TASKS_MAX);
    }
    if (this.#waiting >= WAITING_CALLS_MAX) throw tooMany("calls that wait", WAITING_CALLS_MAX);
    this.#options.tick?.();
    const call = this.#machine.call(method, params as Record<string, unknown>);
    this.#wake();
    if (call.state === "waiting") await this.#settled(call, signal);
    if (call.state === "waiting") throw new Error("Cannot answer a call: its client has gone");
    if (call.state === "failed") throw call.error;
    return METHODS[method].result.encode(call.result as never);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #settled(call: BegunCall, signal: AbortSignal | undefined): Promise<void> {
    this.#waiting++;
    return new Promise((resolve) => {
      const end = () => {
        call.onSettled = undefined;
        signal?.removeEventListener("abort", leave);
        this.#waiting--;
        resolve();
      };
      const leave = () => {
        call.abandon?.();
        end();
      };
      call.onSettled = end;
      signal?.addEventListener("abort", leave);
    });
  }

  #wake(): void {
    if (this.#isAwake || this.#isStopped) return;
    this.#isAwake = true;
    clearTimeout(this.#timer);
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isAwake = false;
    if (this.#isStopped) return;
    const nowMs = this.#options.tick?.();
    try {
      for (let steps = 0; steps < STEPS_PER_TURN; steps++) {
        if (this.#machine.step()) continue;
        this.#sleep(nowMs);
        return;
      }
    } catch (error) {
      this.stop();
      this.#options.broke(error);
      return;
    }
    this.#wake();
  }

  #sleep(nowMs: number | undefined): void {
    const deadlineMs = this.#machine.nextDeadlineMs;
    if (deadlineMs === undefined || nowMs === undefined) return;
    const sleepMs = Math.min(Math.max(Math.ceil(deadlineMs - nowMs), 1), SLEEP_MS_MAX);
    this.#timer = setTimeout(() => this.#wake(), sleepMs);
  }
}

function tooMany(what: string, max: number): XenopsError {
  return new XenopsError("Internal_error", `Cannot hold more than ${max} ${what}`);
}
