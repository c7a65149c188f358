/**
 * A connection: octets that came in and are not a request yet, messages that wait to go out, and
 * what the client has open.
 *
 * @module
 */
import type { Asker } from "./perms.ts";
import { textOf } from "./text.ts";
import type { Transaction } from "./transaction.ts";
import type { Watch } from "./watch.ts";
import { encodeMessage, HEADER_LENGTH, lengthAt, type Message, messageAt, TYPE } from "./wire.ts";

/** Octets that wait for a client; nothing more is read from one that leaves so many. */
export const WAITING_PAUSE = 2 ** 18;
/** With so many, events made it so, and the client is given up. */
export const WAITING_MAX = 2 ** 24;
/** Events for a guest are dropped when so many octets wait: its memory quota. */
export const GUEST_EVENTS_MAX = 2_621_440;
/** Octets that are kept of a client that may not send requests for now. */
export const INPUT_MAX = 2 ** 16;

interface Waiting {
  readonly octets: Uint8Array;
  readonly event: boolean;
  /** Text by which an event is told from others; those that are counted have none. */
  readonly key?: string;
}

export class Connection implements Asker {
  readonly id: number;
  readonly domid: number;
  readonly kind: "ring" | "socket";
  target: number | undefined = undefined;
  /** Domains that act for this one, once for each time that they were told to. */
  readonly referrers: number[] = [];
  privileged: boolean;
  readonly watches: Watch[] = [];
  readonly transactions = new Map<number, Transaction>();
  nextTransaction = 1;
  /** Virtual time of the oldest open transaction, in seconds. */
  transactionsSince: number | undefined = undefined;
  /** The client broke the protocol, or is gone. */
  closed = false;
  /** Nothing that it sends is looked at. */
  ignored = false;
  /** Requests that wait for the end of a live update. */
  readonly delayed: Message[] = [];
  /** What oxenstored calls it. */
  label = "";
  /** Number of the file descriptor, for a live update; the embedder's business. */
  descriptor = -1;
  /** Called when something waits where nothing waited. */
  onWaiting: ((connection: Connection) => void) | undefined = undefined;
  #input: Uint8Array = new Uint8Array(0);
  #waiting: Waiting[] = [];
  #waitingOctets = 0;
  #answers = 0;
  /** Octets of the first waiting message that are out already. */
  #begun = 0;

  readonly #dropsDuplicates: boolean;
  /** Events that wait, by their text, and how often: a client may leave thousands of them. */
  readonly #told = new Map<string, number>();

  /** `dropsDuplicates`: an event that waits already does not wait twice. */
  constructor(id: number, domid: number, kind: "ring" | "socket", dropsDuplicates: boolean) {
    this.#dropsDuplicates = dropsDuplicates;
    this.id = id;
    this.domid = domid;
    this.kind = kind;
    this.privileged = domid === 0;
  }

  get input(): Uint8Array {
    return this.#input;
  }

  get waitingOctets(): number {
    return this.#waitingOctets;
  }

  /** Answers that wait. */
  get answers(): number {
    return this.#answers;
  }

  /** Octets of the first waiting message that are still to go, or 0 when it is whole. */
  get partial(): number {
    return this.#begun === 0 ? 0 : (this.#waiting[0]?.octets.length ?? 0) - this.#begun;
  }

  feed(octets: Uint8Array): void {
    if (this.#input.length === 0) {
      this.#input = octets;
      return;
    }
    const joined = new Uint8Array(this.#input.length + octets.length);
    joined.set(this.#input);
    joined.set(octets, this.#input.length);
    this.#input = joined;
  }

  /** Length of the payload that the next header announces, when the header is complete. */
  announced(): number | undefined {
    return this.#input.length < HEADER_LENGTH ? undefined : lengthAt(this.#input, 0);
  }

  /** Takes the next request with a payload of `length` octets, when it is complete. */
  take(length: number): Message | undefined {
    const end = HEADER_LENGTH + length;
    if (this.#input.length < end) return undefined;
    const message = messageAt(this.#input, 0, length);
    this.#input = this.#input.subarray(end);
    return message;
  }

  /** What waits is never sent. */
  dropOutput(): void {
    this.#waiting = [];
    this.#told.clear();
    this.#waitingOctets = 0;
    this.#answers = 0;
    this.#begun = 0;
  }

  dropInput(): void {
    this.#input = new Uint8Array(0);
  }

  send(octets: Uint8Array): void {
    this.#push(octets, false);
    this.#answers++;
  }

  /** Queues an event, unless the same one waits already. Those of special nodes are counted. */
  sendEvent(path: string, token: string): void {
    const text = `${path}\0${token}\0`;
    const key = this.#dropsDuplicates && path[0] !== "@" ? text : undefined;
    if (key !== undefined && this.#told.has(key)) return;
    if (!this.privileged && this.#waitingOctets >= GUEST_EVENTS_MAX) return;
    this.#push(encodeMessage(TYPE.WATCH_EVENT, { reqId: 0, txId: 0 }, text), true, key);
  }

  #push(octets: Uint8Array, event: boolean, key?: string): void {
    if (this.#waitingOctets > WAITING_MAX) {
      this.closed = true;
      return;
    }
    if (key === undefined) this.#waiting.push({ octets, event });
    else {
      this.#waiting.push({ octets, event, key });
      this.#told.set(key, (this.#told.get(key) ?? 0) + 1);
    }
    this.#waitingOctets += octets.length;
    if (this.#waiting.length === 1) this.onWaiting?.(this);
  }

  /** Restores octets that waited; `partial` is the rest of a message whose beginning is out. */
  restoreOutput(octets: Uint8Array, partial: number): void {
    if (partial > 0) this.#push(octets.slice(0, partial), false);
    for (let at = partial; at < octets.length; ) {
      const rest = octets.length - at;
      const length = rest < HEADER_LENGTH ? rest : HEADER_LENGTH + lengthAt(octets, at);
      const message = octets.slice(at, Math.min(octets.length, at + length));
      const event = message[0] === TYPE.WATCH_EVENT;
      const text = event ? textOf(message.subarray(HEADER_LENGTH)) : undefined;
      this.#push(message, event, this.#dropsDuplicates && text?.[0] !== "@" ? text : undefined);
      at += message.length;
    }
  }

  /** What is left of the first message that waits. */
  get front(): Uint8Array {
    return this.#waiting[0]?.octets.subarray(this.#begun) ?? new Uint8Array(0);
  }

  /** So many octets of {@linkcode front} are out. */
  sent(count: number): void {
    this.#begun += count;
    this.#waitingOctets -= count;
    const first = this.#waiting[0];
    if (first === undefined || this.#begun < first.octets.length) return;
    this.#begun = 0;
    this.#waiting.shift();
    if (first.key !== undefined) this.#forget(first.key);
    if (!first.event && this.#answers > 0) this.#answers--;
  }

  /** Takes up to `max` octets that wait. */
  output(max: number = Number.POSITIVE_INFINITY): Uint8Array {
    const first = this.#waiting[0];
    if (first === undefined) return new Uint8Array(0);
    if (this.#waiting.length === 1 && this.#begun === 0 && first.octets.length <= max) {
      this.#waiting = [];
      this.#told.clear();
      this.#waitingOctets = 0;
      this.#answers = 0;
      return first.octets;
    }
    const out = new Uint8Array(Math.min(max, this.#waitingOctets));
    let done = 0;
    let whole = 0;
    for (const { octets, event, key } of this.#waiting) {
      const piece = octets.subarray(this.#begun, this.#begun + out.length - done);
      out.set(piece, done);
      done += piece.length;
      this.#begun += piece.length;
      if (this.#begun < octets.length) break;
      this.#begun = 0;
      whole++;
      if (key !== undefined) this.#forget(key);
      if (!event && this.#answers > 0) this.#answers--;
    }
    this.#waiting.splice(0, whole);
    this.#waitingOctets -= done;
    return out;
  }

  #forget(key: string): void {
    const left = (this.#told.get(key) ?? 0) - 1;
    if (left > 0) this.#told.set(key, left);
    else this.#told.delete(key);
  }

  /** What waits, in order, without taking it. */
  peekOutput(): Uint8Array {
    const out = new Uint8Array(this.#waitingOctets);
    let done = 0;
    this.#waiting.forEach(({ octets }, index) => {
      const piece = index === 0 ? octets.subarray(this.#begun) : octets;
      out.set(piece, done);
      done += piece.length;
    });
    return out;
  }
}
