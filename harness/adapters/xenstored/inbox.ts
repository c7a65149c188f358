/**
 * What a client has been sent: answers for whoever waits for them, and watch events.
 *
 * @module
 */
import { TYPE } from "../../../src/xenstore/mod.ts";
import { HungError } from "../../adapter.ts";
import type { WatchEvent, XenstoreReply } from "../../facets/xenstore.ts";
import { type Message, MessageCutter } from "./message.ts";

/** Time in which a daemon answers, when it does; real ones take microseconds. */
export const ANSWER_DEADLINE_MS = 3000;

const CLOSED: XenstoreReply = { error: "closed", body: "", reqId: 0 };

export class Inbox {
  readonly #cutter = new MessageCutter();
  readonly #replies: XenstoreReply[] = [];
  readonly #waiting: ((reply: XenstoreReply) => void)[] = [];
  #events: WatchEvent[] = [];
  #closed = false;
  #late = false;
  /** Called with everything that comes, in order. */
  onMessage: ((message: Message) => void) | undefined = undefined;

  /** True while somebody waits for an answer. */
  get awaited(): boolean {
    return this.#waiting.length > 0;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True when an answer has not come in time. */
  get late(): boolean {
    return this.#late;
  }

  /** Octets have come. */
  push(chunk: Uint8Array): void {
    for (const message of this.#cutter.cut(chunk)) {
      this.onMessage?.(message);
      const { type, reqId, body } = message;
      if (type === TYPE.WATCH_EVENT) {
        const [path = "", token = ""] = body.split("\0");
        this.#events.push({ path, token });
      } else if (type === TYPE.ERROR) {
        this.#deliver({ error: body.replace(/\0$/, ""), body: "", reqId });
      } else {
        this.#deliver({ error: null, body, reqId });
      }
    }
  }

  /** Nothing more will come. */
  close(): void {
    this.#closed = true;
    for (const settle of this.#waiting.splice(0)) settle(CLOSED);
  }

  /** The next answer, in the order of the questions. */
  next(deadlineMs: number = ANSWER_DEADLINE_MS): Promise<XenstoreReply> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.#closed) return Promise.resolve(CLOSED);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#late = true;
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        reject(new HungError(`no answer within ${deadlineMs} ms`));
      }, deadlineMs);
      const settle = (answer: XenstoreReply) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#waiting.push(settle);
    });
  }

  takeEvents(): readonly WatchEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #deliver(reply: XenstoreReply): void {
    const settle = this.#waiting.shift();
    if (settle === undefined) this.#replies.push(reply);
    else settle(reply);
  }
}
