/**
 * Messages on a stream of octets: one line of JSON each, and the octets that a message says to
 * stand straight behind its newline. Nothing is kept beyond the limits.
 *
 * @module
 */

import { blobOf } from "./octets.ts";

/** Octets of a message, and of what stands behind it, when nobody says otherwise. */
export const MESSAGE_BYTES_MAX: number = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
/** Empty lines between two messages that are passed over; who writes on writes nothing else. */
const BLANKS_MAX = 1_000;
/** Characters of a bad line that are shown. */
const SHOWN_MAX = 80;

/** A message as it came: any object. */
export type Message = { readonly [key: string]: unknown };

/** `message` as it is sent: its line, and what stands straight behind the newline. */
export interface Packed {
  readonly text: string;
  readonly octets?: Uint8Array;
}

/** The octets of its state stand behind it where `frames` were agreed on, or in base64 in it. */
export function packed(message: Message, frames: boolean): Packed {
  const inside = message.result === undefined ? "params" : "result";
  const outer = message[inside] as Message | undefined;
  const state = outer?.state;
  if (!(state instanceof Uint8Array)) return { text: JSON.stringify(message) };
  const blob = frames ? { frame: state.length } : blobOf(state);
  const text = JSON.stringify({ ...message, [inside]: { ...outer, state: blob } });
  return frames ? { text, octets: state } : { text };
}

/** The other side said what is no message. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

export class MessageReader {
  readonly #hear: (message: Message) => void;
  readonly #max: number;
  /** Octets that are not taken yet, in pieces. */
  #pieces: Buffer[] = [];
  #length = 0;
  /** Empty lines since the last message. */
  #blanks = 0;
  /** The message that waits for its octets, and how many they are. */
  #framed: { readonly message: Message; readonly octets: number } | undefined;
  /** Both sides have agreed on frames. */
  frames = false;

  /** Calls `hear` with each message. */
  constructor(hear: (message: Message) => void, max: number = MESSAGE_BYTES_MAX) {
    this.#hear = hear;
    this.#max = max;
  }

  /** Takes octets as they come. Throws {@linkcode FramingError} when they are no message. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const used = this.#framed === undefined ? this.#line(rest) : this.#frame(rest);
      rest = rest.subarray(used);
    }
  }

  /** Takes the rest of a line from `chunk`; how much that is. */
  #line(chunk: Buffer): number {
    const at = chunk.indexOf(NEWLINE);
    if (this.#length === 0 && at !== -1 && at <= this.#max) {
      this.#read(chunk.toString("utf8", 0, at));
      return at + 1;
    }
    const used = at === -1 ? chunk.length : at + 1;
    this.#keep(at === -1 ? chunk : chunk.subarray(0, at));
    if (at !== -1) this.#read(this.#taken().toString("utf8"));
    return used;
  }

  #frame(chunk: Buffer): number {
    const { message, octets } = this.#framed as { message: Message; octets: number };
    const used = Math.min(chunk.length, octets - this.#length);
    this.#keep(chunk.subarray(0, used));
    if (this.#length === octets) this.#hearFramed(message);
    return used;
  }

  #hearFramed(message: Message): void {
    this.#framed = undefined;
    const octets = new Uint8Array(this.#taken());
    const inside = message.result === undefined ? "params" : "result";
    const outer = message[inside] as Message;
    this.#hear({ ...message, [inside]: { ...outer, state: octets } });
  }

  #read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      if (line.trim() === "" && ++this.#blanks <= BLANKS_MAX) return;
      if (this.#blanks > BLANKS_MAX) {
        throw new FramingError(`more than ${BLANKS_MAX} empty lines in a row`);
      }
      throw new FramingError(`no JSON in a line: ${shown(line)}`);
    }
    if (typeof message !== "object" || message === null || Array.isArray(message)) {
      throw new FramingError(`a line with no JSON object: ${shown(line)}`);
    }
    this.#blanks = 0;
    const octets = this.frames ? frameOf(message as Message) : undefined;
    if (octets === undefined) {
      this.#hear(message as Message);
      return;
    }
    if (!Number.isSafeInteger(octets) || octets < 0 || octets > this.#max) {
      throw new FramingError(`a frame of more than ${this.#max} octets: ${shown(String(octets))}`);
    }
    this.#framed = { message: message as Message, octets };
    if (octets === 0) this.#hearFramed(message as Message);
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > this.#max) {
      this.#taken();
      throw new FramingError(`a line of more than ${this.#max} octets`);
    }
    if (piece.length > 0) this.#pieces.push(piece);
  }

  #taken(): Buffer {
    const [first] = this.#pieces;
    const whole = this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return whole;
  }
}

/** How many octets stand behind `message`; undefined when none do. */
function frameOf({ result, params }: Message): number | undefined {
  const { state } = ((result ?? params) as { state?: { frame?: unknown } } | undefined) ?? {};
  const frame = state?.frame;
  return frame === undefined ? undefined : Number(frame);
}

function shown(text: string): string {
  const short = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return JSON.stringify(short);
}
