/**
 * Messages out of octets, whatever the adapter makes of lines: what is wrong is written down, and
 * read all the same where its meaning is plain.
 *
 * @module
 */
import { type Chart, shown } from "./chart.ts";

/** Octets without a line feed, or in all without a message, after which nothing more is read. */
const OCTETS_MAX = 64 * 1024 * 1024;
const LINE_FEED = 10;
/** Lines that one message may be spread over. */
const PIECES_MAX = 10_000;

export type Message = { readonly [key: string]: unknown };

export class LineReader {
  readonly #chart: Chart;
  readonly #hear: (message: Message) => void;
  /** What has come and is not read yet, in pieces. */
  #chunks: Buffer[] = [];
  #length = 0;
  /** Lines of a message that has begun and not ended. */
  #pieces: string[] = [];
  #octetsOfNoise = 0;
  #framed: { readonly message: Message; readonly octets: number } | undefined;

  constructor(chart: Chart, hear: (message: Message) => void) {
    this.#chart = chart;
    this.#hear = hear;
  }

  /** Takes octets as they come; false when there are too many of them. */
  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#framed !== undefined || chunk.includes(LINE_FEED)) {
      let isMore = true;
      while (isMore) isMore = this.#framed ? this.#takeFrame(this.#framed) : this.#takeLine();
    }
    // Messages that need not end with a line feed have been told of.
    if (this.#chart.has("no-newline") || this.#chart.has("header-framing")) this.#readRest();
    if (this.#length + this.#octetsOfNoise <= OCTETS_MAX) return true;
    this.#chart.find("floods", `more than ${OCTETS_MAX} octets came that are no message`);
    return false;
  }

  #takeLine(): boolean {
    const at = this.#rest.indexOf(LINE_FEED);
    if (at === -1) return false;
    const line = this.#take(at + 1).subarray(0, at);
    this.#readLine(this.#textOf(line));
    return true;
  }

  #takeFrame({ message, octets }: { message: Message; octets: number }): boolean {
    if (this.#length < octets) return false;
    const state = { octets: this.#take(octets) };
    this.#framed = undefined;
    this.#hear({ ...message, result: { ...(message.result as Message), state } });
    return true;
  }

  /** Nothing comes any more: takes a message that lacks its line feed. True when there is one. */
  settle(): boolean {
    const found = this.#readRest();
    if (found) this.#chart.find("no-newline", "a message came without a line feed at its end");
    return found;
  }

  /** The output has ended. */
  end(): void {
    if (this.#chart.has("floods") || this.settle()) return;
    for (const line of [...this.#pieces.splice(0), this.#textOf(this.#rest)]) this.#noise(line);
    this.#take(this.#length);
  }

  get #rest(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#length)];
    return this.#chunks[0] as Buffer;
  }

  #take(octets: number): Buffer {
    const rest = this.#rest;
    this.#chunks = [rest.subarray(octets)];
    this.#length -= octets;
    return rest.subarray(0, octets);
  }

  #readRest(): boolean {
    const message = parsed(this.#rest.toString("utf8"));
    if (!isObject(message)) return false;
    this.#take(this.#length);
    this.#hear(message);
    return true;
  }

  #readLine(line: string): void {
    if (line.trim() === "") return;
    if (/^content-length:/i.test(line)) {
      this.#chart.find("header-framing", `a header came in place of a message: ${shown(line)}`);
      return;
    }
    const message = parsed(line);
    const isFirst = this.#pieces.length === 0;
    if (isFirst && message !== undefined) this.#hearAll(message, line);
    else if (isFirst && !/^\s*[{[]/.test(line)) this.#noise(line);
    else this.#addPiece(line, message);
  }

  /** One more line of a message over several, or the next message after lines of something else. */
  #addPiece(line: string, alone: unknown): void {
    this.#pieces.push(line);
    const whole = parsed(this.#pieces.join("\n"));
    if (isObject(whole)) {
      this.#pieces = [];
      this.#chart.find("many-lines", "a message came on several lines");
      this.#hear(whole);
    } else if (isAnswer(alone) || this.#pieces.length > PIECES_MAX) {
      for (const piece of this.#pieces.splice(0, this.#pieces.length - 1)) this.#noise(piece);
      this.#pieces = [];
      if (isObject(alone)) this.#hear(alone);
    }
  }

  #hearAll(message: unknown, line: string): void {
    if (isObject(message)) {
      const octets = frameOf(message);
      if (octets === undefined) this.#hear(message);
      else this.#framed = { message, octets };
    } else if (Array.isArray(message)) {
      this.#chart.find("batch", `a list came in place of a message: ${shown(line)}`);
      for (const one of message) if (isObject(one)) this.#hear(one);
    } else {
      this.#noise(line);
    }
  }

  #noise(line: string): void {
    if (line.trim() === "") return;
    this.#octetsOfNoise += line.length;
    this.#chart.find("stdout-noise", `a line came that is no message: ${shown(line)}`);
  }

  #textOf(octets: Buffer): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(octets);
    } catch {
      const text = octets.toString("latin1");
      this.#chart.find("not-utf8", `a line is no UTF-8: ${shown(text)}`);
      return text;
    }
  }
}

/** How many octets stand behind a message. */
function frameOf({ result }: Message): number | undefined {
  const state = isObject(result) ? result.state : undefined;
  const frame = isObject(state) ? state.frame : undefined;
  return typeof frame === "number" && frame >= 0 ? frame : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAnswer(value: unknown): boolean {
  return isObject(value) && "id" in value && ("result" in value || "error" in value);
}
