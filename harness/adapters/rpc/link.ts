/**
 * One connection to an adapter: requests and their answers, each checked. Whoever has it on lease
 * is the only one to ask; what comes too late, twice, or for nobody is told apart by its number.
 *
 * @module
 */
import { CrashedError, HungError, RefusedError, SaveError } from "../../adapter.ts";
import type { Channel, Loss, Open } from "./channel.ts";
import type { Message } from "./framing.ts";
import {
  CODES,
  errorShape,
  logParams,
  METHODS,
  type MethodName,
  type Params,
  type Result,
  type RpcError,
} from "./messages.ts";
import { octetsOf } from "./octets.ts";

/** The adapter did what the protocol does not allow; no implementation is to blame. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

interface Waiting {
  readonly id: number;
  readonly method: MethodName;
  resolve(result: never): void;
  reject(error: Error): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Link {
  readonly #channel: Channel;
  readonly #timeoutMs: number;
  readonly #onLog: (text: string) => void;
  #next = 1;
  /** Requests before this one are of earlier leases. */
  #leasedFrom = 1;
  #waiting: Waiting | undefined;
  /** Why nobody can be asked any more. */
  #loss: Error | undefined;
  /** Whether somebody has been told. */
  #told = false;

  constructor(open: Open, timeoutMs: number, onLog: (text: string) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onLog = onLog;
    this.#channel = open({
      hear: (message) => this.#hear(message),
      lose: (loss) => this.#lose(loss),
      log: onLog,
    });
  }

  /** False when it must be replaced. */
  get isUsable(): boolean {
    return this.#loss === undefined && this.#waiting === undefined;
  }

  /** Why it is lost, when nobody was told so far. */
  get untold(): Error | undefined {
    return this.#told ? undefined : this.#loss;
  }

  get canFrame(): boolean {
    return this.#channel.canFrame;
  }

  agreeOnFrames(): void {
    this.#channel.agreeOnFrames();
  }

  /** Somebody new asks from now on. */
  lease(): void {
    this.#leasedFrom = this.#next;
  }

  /** Asks; `octets` stand behind the message. One request at a time. */
  ask<M extends MethodName>(method: M, params: Params<M>, octets?: Uint8Array): Promise<Result<M>> {
    if (this.#loss !== undefined) {
      this.#told = true;
      return Promise.reject(this.#loss);
    }
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(), this.#timeoutMs);
      this.#waiting = { id, method, resolve, reject, timer };
      this.#channel.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }), octets);
    });
  }

  /** Ends it at once. */
  end(): void {
    this.#loss ??= new ProtocolError("the connection was ended");
    this.#channel.end();
  }

  async close(): Promise<void> {
    this.#loss ??= new ProtocolError("the connection was closed");
    await this.#channel.close();
  }

  #hear(message: Message): void {
    if (message.method !== undefined) {
      this.#hearNotification(message);
      return;
    }
    const waiting = this.#waiting;
    if (waiting === undefined || message.id !== waiting.id) {
      this.#hearStray(message.id);
      return;
    }
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    if (
      message.jsonrpc !== "2.0" ||
      (message.result === undefined) === (message.error === undefined)
    ) {
      const must = 'have "jsonrpc": "2.0" and either result or error';
      this.#break(waiting, `its answer to ${waiting.method} must ${must}`);
      return;
    }
    if (message.error !== undefined) {
      const found = errorShape.check(message.error, "/error");
      if (found === undefined) waiting.reject(errorOf(message.error as RpcError, waiting.method));
      else this.#break(waiting, `its answer to ${waiting.method} is wrong: ${found}`);
      return;
    }
    const found = resultFault(waiting.method, message.result);
    if (found === undefined) waiting.resolve(message.result as never);
    else this.#break(waiting, `its answer to ${waiting.method} is wrong: ${found}`);
  }

  #hearNotification({ method, params, id }: Message): void {
    if (method === "log" && id === undefined && logParams.check(params, "/params") === undefined) {
      const { level, text } = params as { readonly level: string; readonly text: string };
      this.#onLog(`${level}: ${text}\n`);
      return;
    }
    const what = JSON.stringify(method).slice(0, 60);
    this.#lose({ kind: "broke", reason: `the adapter may only say log unasked: it said ${what}` });
    this.#channel.end();
  }

  /** An answer that nobody waits for. One to an earlier lease says nothing about this one. */
  #hearStray(id: unknown): void {
    if (typeof id === "number" && id < this.#leasedFrom && id > 0) {
      this.#onLog(`An answer to request ${id} came when it was over\n`);
      return;
    }
    const shown = JSON.stringify(id)?.slice(0, 60) ?? "absent";
    const twice = typeof id === "number" && id > 0 && id < this.#next && Number.isInteger(id);
    const why = twice ? "came a second time" : "was not asked for";
    this.#lose({ kind: "broke", reason: `an answer with id ${shown} ${why}` });
    this.#channel.end();
  }

  #break({ reject }: Waiting, reason: string): void {
    this.#loss = new ProtocolError(reason);
    this.#told = true;
    this.#channel.end();
    reject(this.#loss);
  }

  #giveUp(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#loss = new HungError(`no answer to ${waiting?.method} within ${this.#timeoutMs} ms`);
    this.#told = true;
    this.#channel.end();
    waiting?.reject(this.#loss);
  }

  #lose({ kind, reason }: Loss): void {
    if (this.#loss !== undefined) return;
    this.#loss = kind === "ended" ? new CrashedError(reason) : new ProtocolError(reason);
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#told = true;
    clearTimeout(waiting.timer);
    waiting.reject(this.#loss);
  }
}

/** What is wrong with the result of `method`; its octets may be in place of their frame. */
function resultFault(method: MethodName, result: unknown): string | undefined {
  const { state } = (result ?? {}) as { readonly state?: unknown };
  if (state instanceof Uint8Array) return undefined;
  const found = METHODS[method].result.check(result, "/result");
  if (found !== undefined || state === undefined || "frame" in (state as object)) return found;
  return method === "start" || octetsOf(state) !== undefined
    ? undefined
    : "/result/state/base64 must be base64";
}

function errorOf({ code, message, data }: RpcError, method: MethodName): Error {
  const text = message.replace(/\s*\n\s*/g, " ").trim();
  switch (code) {
    case CODES.refused:
    case CODES.unsupported:
    case CODES.absent:
      return method === "save" ? new SaveError(text, true) : new RefusedError(text);
    case CODES.crashed:
      return new CrashedError(text);
    case CODES.hung:
      return new HungError(text);
    case CODES.saveFailed: {
      const { machineRuns } = (data ?? {}) as { readonly machineRuns?: unknown };
      return new SaveError(text, machineRuns === true);
    }
    default:
      return new ProtocolError(`${method} was answered with error ${code}: ${text}`);
  }
}
