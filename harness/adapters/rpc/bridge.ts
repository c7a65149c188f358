/**
 * Asks an adapter and waits for its answer without letting anything else run, as facets of models
 * answer at once and not with a promise. Another thread has the connections.
 *
 * @module
 */
import { once } from "node:events";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import {
  CrashedError,
  HungError,
  RefusedError,
  SaveError,
  UnsupportedError,
} from "../../adapter.ts";
import type { Target } from "../../configuration.ts";
import { ProtocolError } from "./answer.ts";
import type { MethodName, Params, Result } from "./messages.ts";
import type { OpenerOptions } from "./opener.ts";
import type { PoolOptions } from "./pool.ts";

/** What the thread is started with, besides its port. */
export interface BridgeData {
  /** Set when there is an answer. */
  readonly flag: SharedArrayBuffer;
  readonly target: Target;
  readonly options: OpenerOptions & Omit<PoolOptions, "open">;
}

export interface Asked {
  /** Number of the connection. */
  readonly link: number;
  readonly method: MethodName | "take" | "giveBack" | "close";
  readonly params: unknown;
}

/** An error, as threads can hand it over. */
export interface Failed {
  readonly name: string;
  readonly message: string;
  readonly killed?: boolean;
  readonly machineRuns?: boolean;
}

export class Bridge {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal: Int32Array;

  private constructor(worker: Worker, port: MessagePort, flag: SharedArrayBuffer) {
    this.#worker = worker;
    this.#port = port;
    this.#signal = new Int32Array(flag);
  }

  static async open(target: Target, options: BridgeData["options"]): Promise<Bridge> {
    const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const { port1, port2 } = new MessageChannel();
    const ready = once(port1, "message");
    const worker = new Worker(new URL("./bridge_worker.ts", import.meta.url), {
      workerData: { flag, target, options, port: port2 },
      transferList: [port2],
    });
    await ready;
    return new Bridge(worker, port1, flag);
  }

  ask<M extends MethodName>(link: number, method: M, params: Params<M>): Result<M> {
    return this.#ask({ link, method, params }) as Result<M>;
  }

  /** A connection is used from now on as `link`. */
  take(link: number): void {
    this.#ask({ link, method: "take", params: null });
  }

  giveBack(link: number): void {
    this.#ask({ link, method: "giveBack", params: null });
  }

  async close(): Promise<void> {
    this.#ask({ link: 0, method: "close", params: null });
    this.#port.close();
    await this.#worker.terminate();
  }

  #ask(asked: Asked): unknown {
    Atomics.store(this.#signal, 0, 0);
    this.#port.postMessage(asked);
    Atomics.wait(this.#signal, 0, 0);
    let received = receiveMessageOnPort(this.#port);
    while (received === undefined) received = receiveMessageOnPort(this.#port);
    const answer = received.message as { readonly result: unknown } | { readonly failed: Failed };
    if ("failed" in answer) throw errorOf(answer.failed);
    return answer.result;
  }
}

function errorOf({ name, message, killed = false, machineRuns = false }: Failed): Error {
  switch (name) {
    case "RefusedError":
      return new RefusedError(message);
    case "UnsupportedError":
      return new UnsupportedError(message);
    case "CrashedError":
      return new CrashedError(message, killed);
    case "HungError":
      return new HungError(message);
    case "SaveError":
      return new SaveError(message, machineRuns);
    default:
      return new ProtocolError(message);
  }
}
