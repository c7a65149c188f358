/**
 * Which answer belongs to which request, and what is wrong with it.
 *
 * @module
 */
import { type Chart, shown } from "./chart.ts";
import { isObject, type Message } from "./line_reader.ts";

interface Request {
  readonly id: number;
  readonly method: string;
  /** Asked only to see what comes; nobody waits for it. */
  readonly isNudge: boolean;
  /** Settles when there is a message. */
  readonly answered: Promise<void>;
  message: Message | undefined;
  deliver(message: Message): void;
}

const CODES = new Set([-32700, -32600, -32601, -32602, -32603]);
for (let code = -32006; code <= -32001; code++) CODES.add(code);

export class Mail {
  readonly #chart: Chart;
  readonly #write: (octets: Uint8Array) => void;
  readonly #open = new Map<unknown, Request>();
  readonly #answered = new Set<unknown>();
  /** An answer to nothing that was asked, for now. */
  #orphan: Message | undefined;
  #made = 0;

  constructor(chart: Chart, write: (octets: Uint8Array) => void) {
    this.#chart = chart;
    this.#write = write;
  }

  send(method: string, params: unknown, behind: Uint8Array = new Uint8Array()): Request {
    return this.#send(method, params, behind, false);
  }

  /** Asks for what nobody serves, to see what comes before its answer. */
  nudge(): void {
    this.#send("doctor/nudge", {}, new Uint8Array(), true);
  }

  #send(method: string, params: unknown, behind: Uint8Array, isNudge: boolean): Request {
    const id = ++this.#made;
    const { promise, resolve } = Promise.withResolvers<void>();
    const request: Request = {
      id,
      method,
      isNudge,
      answered: promise,
      message: undefined,
      deliver: (message) => {
        request.message = message;
        this.#open.delete(id);
        this.#answered.add(id);
        resolve();
      },
    };
    this.#open.set(id, request);
    const line = `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
    this.#write(Buffer.concat([Buffer.from(line), behind]));
    return request;
  }

  hear(message: Message): void {
    if (message.method === undefined) this.#hearAnswer(message);
    else this.#hearMethod(message);
  }

  #hearAnswer(message: Message): void {
    if (message.jsonrpc !== "2.0") {
      this.#chart.find("no-version", `an answer lacks the version: ${brief(message)}`);
    }
    this.#check(message);
    const { id } = message;
    const request = this.#open.get(id);
    if (request !== undefined) {
      this.#deliver(request, message);
    } else if (this.#answered.has(id)) {
      this.#chart.find("doubled-answer", `there are two answers to request ${shown(String(id))}`);
    } else {
      this.#hearOther(message);
    }
  }

  /** An answer with an id that means no request, as it stands. */
  #hearOther(message: Message): void {
    const { id } = message;
    const meant = this.#open.get(Number(id)) ?? (this.#ignoresIds ? this.#oldest() : undefined);
    if (meant === undefined) {
      this.#hearOrphan(message);
      return;
    }
    this.#findWrongId(meant, message);
    meant.deliver(message);
  }

  /** Nothing comes any more. */
  end(): void {
    if (this.#orphan !== undefined && !this.#ignoresIds) this.#findStray(this.#orphan);
    this.#orphan = undefined;
  }

  /** The next answer tells whether one is missing, or one is too many. */
  #deliver(request: Request, message: Message): void {
    const orphan = this.#orphan;
    const waiting = this.#oldest();
    request.deliver(message);
    if (orphan === undefined) return;
    this.#orphan = undefined;
    if (request.isNudge && waiting !== undefined && waiting !== request && !waiting.isNudge) {
      this.#findWrongId(waiting, orphan);
      waiting.deliver(orphan);
    } else {
      this.#findStray(orphan);
    }
  }

  #hearOrphan(message: Message): void {
    const waiting = this.#oldest();
    if (waiting === undefined) {
      this.#findStray(message);
      return;
    }
    if (this.#orphan === undefined) {
      this.#orphan = message;
      this.nudge();
      return;
    }
    const first = this.#orphan;
    this.#orphan = undefined;
    this.#findWrongId(waiting, first);
    waiting.deliver(first);
    this.#oldest()?.deliver(message);
  }

  /** Some ids mean nothing; answers come in order. */
  get #ignoresIds(): boolean {
    return this.#chart.has("wrong-id");
  }

  #oldest(): Request | undefined {
    return this.#open.values().next().value;
  }

  #findWrongId({ id, method }: Request, message: Message): void {
    const is = JSON.stringify(message.id) ?? "none";
    this.#chart.find("wrong-id", `${method} with the id ${id} was answered with the id ${is}`);
  }

  #findStray(message: Message): void {
    this.#chart.find("stray-answer", `an answer came to nothing that was asked: ${brief(message)}`);
  }

  #hearMethod({ method, id, params }: Message): void {
    const name = shown(String(method));
    if (id !== undefined) this.#chart.find("asks-harness", `it asks the harness for ${name}`);
    else if (method !== "log") this.#chart.find("unknown-notification", `it sends ${name}`);
    else if (!isObject(params) || typeof params.text !== "string") {
      this.#chart.find("unknown-notification", "it sends log without a text");
    }
  }

  #check(message: Message): void {
    const { error } = message;
    if ((error === undefined) === (message.result === undefined)) {
      const what = error === undefined ? "neither result nor error" : "both result and error";
      this.#chart.find("result-or-error", `an answer has ${what}: ${brief(message)}`);
    }
    if (error === undefined) return;
    const { code, message: why } = isObject(error) ? error : {};
    if (!Number.isInteger(code) || typeof why !== "string") {
      this.#chart.find("error-shape", `an error is ${brief(message)}`);
      return;
    }
    if (!CODES.has(code as number)) {
      this.#chart.find("error-code", `an error has the code ${code}, which the protocol lacks`);
    }
    if (/[\n\r]/.test(why)) {
      this.#chart.find("message-lines", `the message of an error has several lines: ${shown(why)}`);
    }
  }
}

function brief(message: Message): string {
  return shown(JSON.stringify(message));
}
