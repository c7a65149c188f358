/**
 * The queues of a message switch: who sends, who takes, and what stays until it is acknowledged.
 *
 * Source: xen-api, `ocaml/message-switch`, `protocol.ml` and `switch_main.ml`. Ids count over all
 * queues, so that one number says from where to go on in any of them. What is not acknowledged is
 * delivered again to whoever asks from the beginning: at least once, in the order of sending.
 * Queues are in memory only.
 *
 * @module
 */

export type MessageId = readonly [queue: string, number: bigint];

export interface SwitchMessage {
  readonly payload: string;
  readonly kind:
    | { readonly replyTo: string }
    /** The request that it answers. */
    | { readonly answers: MessageId };
}

interface Queue {
  /** Session whose end is that of the queue; absent for one that stays. */
  readonly owner: string | undefined;
  readonly messages: Map<bigint, SwitchMessage>;
}

export const QUEUES_MAX = 4096;
/** Characters of all messages that are not acknowledged. */
export const HELD_LENGTH_MAX = 64 * 1024 * 1024;

export class SwitchQueues {
  readonly #queues = new Map<string, Queue>();
  #nextNumber = 1n;
  #heldLength = 0;

  /** False if there are too many. */
  create(name: string, owner?: string): boolean {
    if (this.#queues.has(name)) return true;
    if (this.#queues.size >= QUEUES_MAX) return false;
    this.#queues.set(name, { owner, messages: new Map() });
    return true;
  }

  destroy(name: string): void {
    for (const { payload } of this.#queues.get(name)?.messages.values() ?? []) {
      this.#heldLength -= payload.length;
    }
    this.#queues.delete(name);
  }

  /** Ends a session: its queues go, and what is in them. */
  leave(owner: string): void {
    for (const [name, queue] of [...this.#queues]) if (queue.owner === owner) this.destroy(name);
  }

  /** Undefined when there is no such queue, or no room. */
  send(name: string, message: SwitchMessage): MessageId | undefined {
    const queue = this.#queues.get(name);
    const heldLength = this.#heldLength + message.payload.length;
    if (queue === undefined || heldLength > HELD_LENGTH_MAX) return undefined;
    this.#heldLength = heldLength;
    const number = this.#nextNumber++;
    queue.messages.set(number, message);
    return [name, number];
  }

  ack([name, number]: MessageId): void {
    const queue = this.#queues.get(name);
    const message = queue?.messages.get(number);
    if (queue === undefined || message === undefined) return;
    this.#heldLength -= message.payload.length;
    queue.messages.delete(number);
  }

  /** What was sent to these queues behind `from`, and is not acknowledged. */
  transfer(from: bigint, names: readonly string[]): [MessageId, SwitchMessage][] {
    const found: [MessageId, SwitchMessage][] = [];
    for (const name of new Set(names)) {
      for (const [number, message] of this.#queues.get(name)?.messages ?? []) {
        if (number > from) found.push([[name, number], message]);
      }
    }
    return found.sort(([[, a]], [[, b]]) => (a < b ? -1 : 1));
  }

  list(prefix: string): string[] {
    return [...this.#queues.keys()].filter((name) => name.startsWith(prefix));
  }
}
