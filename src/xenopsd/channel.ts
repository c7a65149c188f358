/**
 * One end of a connection between two machines, or within one. Messages arrive whole and in order;
 * when either end closes, or its process ends, both are closed.
 *
 * @module
 */
import type { Run } from "./step_point.ts";
import { Wait } from "./wait.ts";

export interface Message {
  readonly kind: "handshake" | "memory";
  readonly octets: Uint8Array;
  /** Of memory: there is no more. */
  readonly isLast: boolean;
}

export class Channel {
  isClosed = false;
  /** Called when it is closed, by whomever. */
  onClose: (() => void) | undefined;
  /** Sees what is sent from here, and answers what arrives instead. */
  onSend: ((message: Message) => Message) | undefined;
  /** Memory on it is in a frame of zstd. */
  isCompressed = false;
  #other: Channel | undefined;
  readonly #inbox: Message[] = [];
  #wait: Wait | undefined;

  /** Both ends. */
  static pair(): [Channel, Channel] {
    const [a, b] = [new Channel(), new Channel()];
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  /** What is sent to a closed end is lost. */
  send(message: Message): void {
    if (this.isClosed) return;
    const other = this.#other;
    if (other === undefined) return;
    other.#inbox.push(this.onSend?.(message) ?? message);
    other.#wait?.wake();
  }

  /** The next message; undefined when the channel is closed and there is none. */
  *receive(): Run<Message | undefined> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined || this.isClosed) return message;
      this.#wait = new Wait();
      yield this.#wait;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose?.();
    this.#wait?.wake();
    this.#other?.close();
  }
}
