/**
 * One connection to an adapter: requests and their answers, each checked. Whoever has it on lease
 * is the only one to ask; what comes too late, twice, or for nobody is told apart by its number.
 *
 * @module
 */
import { CrashedError, HungError } from "../../adapter.ts";
import { stackless } from "../../stackless.ts";
import { errorOf, ProtocolError, resultOf } from "./answer.ts";
import type { Channel, Loss, Open } from "./channel.ts";
import { type Message, packed } from "./framing.ts";
import {
  errorShape,
  logParams,
  type MethodName,
  type Params,
  type Result,
  type RpcError,
} from "./messages.ts";

interface Waiting {
  readonly id: number;
  readonly method: MethodName;
  resolve(result: never): void;
  reject(error: Error): void;
  /** Ticks that it has seen. */
  ticks: number;
}

/** A timer for each request would cost as much as the rest of it; so one ticks for all. */
const TICKS = 8;

export interface LinkOptions {
  readonly timeoutMs: number;
  /** Octets that may be written beside answers for each lease. */
  readonly logBytesMax: number;
}

/** Characters of a log that are kept. */
const LOG_KEPT_MAX = 1_000_000;
/** Time that a program has to start, and to say hello, whatever its deadline is. */
const HELLO_MS = 15_000;

export class Link {
  readonly #channel: Channel;
  readonly #timeoutMs: number;
  readonly #logBytesMax: number;
  /** What was written beside answers in this lease. */
  #log = "";
  #logBytes = 0;
  readonly #ticking: ReturnType<typeof setInterval>;
  #next = 1;
  /** Requests before this one are of earlier leases. */
  #leasedFrom = 1;
  /** What was asked and is not answered, in that order. */
  #waiting: Waiting[] = [];
  /** Octets stand behind messages, and not in them. */
  #frames = false;
  /** Why nobody can be asked any more. */
  #loss: Error | undefined;
  /** Whether somebody has been told. */
  #told = false;

  constructor(open: Open, { timeoutMs, logBytesMax }: LinkOptions) {
    this.#timeoutMs = timeoutMs;
    this.#logBytesMax = logBytesMax;
    this.#channel = open({
      hear: (message) => this.#hear(message),
      lose: (loss) => this.#lose(loss),
      log: (text) => this.#keep(text),
    });
    this.#ticking = setInterval(() => this.#tick(), Math.max(1, timeoutMs / TICKS));
    this.#ticking.unref?.();
  }

  /** False when it must be replaced. */
  get isUsable(): boolean {
    return this.#loss === undefined && this.#waiting.length === 0;
  }

  /** Why it is lost, when nobody was told so far. */
  get untold(): Error | undefined {
    return this.#told ? undefined : this.#loss;
  }

  get canFrame(): boolean {
    return this.#channel.canFrame;
  }

  agreeOnFrames(): void {
    this.#frames = true;
    this.#channel.agreeOnFrames();
  }

  /** True when it has not answered in time. */
  get hung(): boolean {
    return this.#loss instanceof HungError;
  }

  /** What was written beside answers in this lease, as far as it is kept. */
  get log(): string {
    return this.#log;
  }

  /** Somebody new asks from now on. */
  lease(): void {
    this.#leasedFrom = this.#next;
    this.#log = "";
    this.#logBytes = 0;
  }

  /** Asks; behind what is not answered yet only where the adapter bears that. */
  ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.#loss !== undefined) {
      this.#told = true;
      return Promise.reject(this.#loss);
    }
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, method, resolve, reject, ticks: 0 });
      this.#channel.send(packed({ jsonrpc: "2.0", id, method, params }, this.#frames));
    });
  }

  /** Ends it at once. */
  end(): void {
    clearInterval(this.#ticking);
    this.#loss ??= new ProtocolError("the connection was ended");
    this.#channel.end();
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    this.#loss ??= new ProtocolError("the connection was closed");
    await this.#channel.close();
  }

  #hear(message: Message): void {
    if (message.method !== undefined) {
      this.#hearNotification(message);
      return;
    }
    const at = this.#waiting.findIndex(({ id }) => id === message.id);
    const waiting = this.#waiting[at];
    if (waiting === undefined) {
      this.#hearStray(message.id);
      return;
    }
    this.#waiting.splice(at, 1);
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
      const error = message.error as RpcError;
      if (found === undefined) waiting.reject(stackless(() => errorOf(error, waiting.method)));
      else this.#break(waiting, `its answer to ${waiting.method} is wrong: ${found}`);
      return;
    }
    const result = resultOf(waiting.method, message.result);
    if (typeof result === "object") waiting.resolve(result as never);
    else this.#break(waiting, `its answer to ${waiting.method} is wrong: ${result}`);
  }

  #hearNotification({ method, params, id }: Message): void {
    if (method === "log" && id === undefined && logParams.check(params, "/params") === undefined) {
      const { level, text } = params as { readonly level: string; readonly text: string };
      this.#keep(`${level}: ${text}\n`);
      return;
    }
    const what = JSON.stringify(method).slice(0, 60);
    this.#lose({ kind: "broke", reason: `the adapter may only say log unasked: it said ${what}` });
    this.#channel.end();
  }

  /** An answer that nobody waits for. One to an earlier lease says nothing about this one. */
  #hearStray(id: unknown): void {
    if (typeof id === "number" && id < this.#leasedFrom && id > 0) {
      this.#keep(`An answer to request ${id} came when it was over\n`);
      return;
    }
    const shown = JSON.stringify(id)?.slice(0, 60) ?? "absent";
    const twice = typeof id === "number" && id > 0 && id < this.#next && Number.isInteger(id);
    const why = twice ? "came a second time" : "was not asked for";
    this.#lose({ kind: "broke", reason: `an answer with id ${shown} ${why}` });
    this.#channel.end();
  }

  #keep(text: string): void {
    this.#logBytes += text.length;
    if (this.#log.length < LOG_KEPT_MAX) this.#log += text.slice(0, LOG_KEPT_MAX);
    if (this.#logBytes <= this.#logBytesMax || this.#loss !== undefined) return;
    const reason = `the adapter wrote more than ${this.#logBytesMax} octets beside its answers`;
    this.#lose({ kind: "broke", reason });
    this.#channel.end();
  }

  #break(waiting: Waiting, reason: string): void {
    this.#waiting.push(waiting);
    this.#giveUp(new ProtocolError(reason));
    this.#channel.end();
  }

  /** Gives up a request that has waited for its whole time, and never before. */
  #tick(): void {
    const [waiting] = this.#waiting;
    if (waiting === undefined) return;
    const timeMs = Math.max(this.#timeoutMs, waiting.method === "hello" ? HELLO_MS : 0);
    if (++waiting.ticks <= (timeMs / this.#timeoutMs) * TICKS) return;
    this.#giveUp(new HungError(`no answer to ${waiting.method} within ${timeMs} ms`));
    this.#channel.end();
  }

  #lose({ kind, reason }: Loss): void {
    if (this.#loss !== undefined) return;
    this.#giveUp(kind === "ended" ? new CrashedError(reason) : new ProtocolError(reason));
  }

  /** Nobody can be asked any more; all who wait are told. */
  #giveUp(loss: Error): void {
    this.#loss = loss;
    this.#told = this.#waiting.length > 0;
    for (const { reject } of this.#waiting) reject(loss);
    this.#waiting = [];
  }
}
