/**
 * One conversation with the process of an adapter. Whatever it does against the protocol is
 * written down, and understood all the same where its meaning is plain.
 *
 * @module
 */
import { type Chart, Gone, shown } from "./chart.ts";
import type { Code } from "./findings_table.ts";
import { LineReader, type Message } from "./line_reader.ts";
import { Mail } from "./mail.ts";
import type { Peer } from "./peer.ts";
import { type Place, reach } from "./reach.ts";
import { within } from "./within.ts";

export interface Patience {
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** From when on a start is slow. */
  readonly slowMs: number;
}

/** An answer: a result, or an error when `code` is there. */
export interface Reply {
  readonly result: unknown;
  readonly code?: number;
  /** Why it is no result. */
  readonly why: string;
}

export interface Asking {
  /** What it means when no answer comes; `dies` and `hangs` otherwise. */
  readonly gone?: Code;
  /** The request in words; the method otherwise. */
  readonly what?: string;
  /** No answer is no finding. */
  readonly isQuiet?: boolean;
  /** Octets straight behind the message. */
  readonly behind?: Uint8Array;
}

/** Longest wait for what is not an answer. */
const GRACE_MAX_MS = 2000;
/** How long children may outlive the process. */
const CHILDREN_MS = 500;

export class Talk {
  readonly #chart: Chart;
  readonly #patience: Patience;
  readonly #patient: Peer;
  readonly #reader: LineReader;
  readonly #mail: Mail;
  #isSlow = false;

  constructor(place: Place, chart: Chart, patience: Patience) {
    this.#chart = chart;
    this.#patience = patience;
    this.#mail = new Mail(chart, (message) => this.#patient.write(message));
    this.#reader = new LineReader(chart, (message) => this.#mail.hear(message));
    const slow = setTimeout(() => {
      this.#isSlow = true;
    }, patience.slowMs);
    this.#patient = reach(place, (chunk) => {
      clearTimeout(slow);
      if (this.#reader.push(chunk)) return;
      chart.isClosed = true;
      this.#patient.kill();
    });
    void this.#patient.exited.then(() => clearTimeout(slow));
  }

  /** Whether it may still answer. */
  get isAlive(): boolean {
    return this.#patient.ending === undefined && !this.#patient.isKilled;
  }

  /** Asks for `method` and waits; throws {@linkcode Gone} when no answer comes. */
  async ask(method: string, params: unknown, asking: Asking = {}): Promise<Reply> {
    this.#chart.demandAskable(method);
    if (!this.isAlive && method !== "hello") throw new Gone();
    const request = this.#mail.send(method, params, asking.behind);
    await this.#wait(request.answered, this.#patience.timeoutMs);
    if (request.message === undefined) await this.#pursue(request, method, asking);
    if (request.message === undefined) throw new Gone();
    if (this.#isSlow) {
      const { slowMs } = this.#patience;
      this.#chart.find("slow-start", `the first answer took more than ${slowMs} ms`);
    }
    return replyOf(request.message);
  }

  /** Ends it, whatever comes of that. */
  abandon(): void {
    this.#patient.kill();
  }

  /** Closes its input and looks at how it ends. */
  async end(): Promise<void> {
    const patient = this.#patient;
    if (patient.isKilled) return;
    if (patient.ending !== undefined) return await this.#bury();
    patient.closeInput();
    // It was waited for once; that is enough.
    if (this.#chart.has("ignores-end")) return patient.kill();
    if (!(await within(patient.exited, this.#patience.timeoutMs))) {
      this.#chart.find("ignores-end", "it still runs after its input was closed");
      patient.kill();
      return;
    }
    const { text, code } = patient.ending ?? { text: "", code: 0 };
    if (code !== 0) {
      const said = patient.lastWords;
      this.#chart.find("exit-code", `it ends with ${text} when its input is closed${said}`);
    }
    await this.#bury();
  }

  async #bury(): Promise<void> {
    const isKnown = this.#chart.has("leaves-children");
    const children = await this.#patient.children(isKnown ? 0 : CHILDREN_MS);
    if (children > 0) {
      const noun = children === 1 ? "process" : "processes";
      this.#chart.find("leaves-children", `it leaves ${children} ${noun} behind`);
    }
    await within(this.#patient.closed, this.#graceMs);
    this.#reader.end();
    this.#mail.end();
    this.#patient.kill();
  }

  get #graceMs(): number {
    return Math.min(this.#patience.timeoutMs, GRACE_MAX_MS);
  }

  /** Waits for an answer, or for the end of the process and all that it has still said. */
  async #wait(answered: Promise<void>, ms: number): Promise<void> {
    const ended = this.#patient.exited.then(() => within(this.#patient.closed, this.#graceMs));
    await within(Promise.race([answered, ended]), ms);
  }

  /** No answer came: finds out why. */
  async #pursue(
    request: { readonly answered: Promise<void>; readonly message: Message | undefined },
    method: string,
    { gone, what = method, isQuiet = false }: Asking,
  ): Promise<void> {
    const chart = this.#chart;
    const patient = this.#patient;
    const isThere = () => request.message !== undefined;
    if (chart.isClosed) return;
    if (patient.ending !== undefined) {
      this.#reader.end();
      if (isThere() || isQuiet) return;
      const how = `${what} ended it: ${patient.ending.text}${patient.lastWords}`;
      const start = `it ended before it answered hello: ${patient.ending.text}`;
      if (method === "hello") chart.find("no-start", `${start}${patient.lastWords}`);
      else chart.find(gone ?? "dies", how);
      chart.shun(method);
      return;
    }
    if (this.#reader.settle() && isThere()) return;
    if (!isQuiet) await this.#coax(request, what, isThere);
    patient.kill();
    if (isThere() || isQuiet || chart.isClosed) return;
    const { timeoutMs } = this.#patience;
    chart.find(gone ?? "hangs", `${what} was not answered within ${timeoutMs} ms`);
    chart.shun(method);
  }

  /** Whether the answer comes with the next request, or with the end; no more can be asked then. */
  async #coax(
    { answered }: { readonly answered: Promise<void> },
    what: string,
    isThere: () => boolean,
  ): Promise<void> {
    this.#mail.nudge();
    await this.#wait(answered, this.#graceMs);
    if (isThere()) {
      this.#chart.find("late-answer", `${what} was answered after its time, or the next request`);
      this.#chart.isClosed = true;
      return;
    }
    this.#patient.closeInput();
    await this.#wait(answered, this.#graceMs);
    this.#reader.end();
    if (!isThere()) return;
    this.#chart.find("no-flush", `${what} was answered only when standard input was closed`);
    this.#chart.isClosed = true;
  }
}

function replyOf({ result, error }: Message): Reply {
  if (error === undefined) return { result, why: "" };
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const number = typeof code === "number" ? code : 0;
  return { result: undefined, code: number, why: `${number} ${shown(String(message ?? ""))}` };
}
