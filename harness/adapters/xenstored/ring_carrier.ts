/**
 * The shared ring of a domain as a carrier: a page in a file that the daemon has mapped, with two
 * rings of 1,024 octets and their indices. The domain raises its event channel by way of a FIFO.
 *
 * The page is looked at again and again while an answer is awaited, and only then: the FIFO by
 * which the daemon would raise the channel cannot be waited for without holding up a thread.
 *
 * Source: Xen, xen/include/public/io/xs_wire.h, struct xenstore_domain_interface.
 *
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { Carrier } from "./connection.ts";
import { openEvents, raise } from "./event_ports.ts";
import { ANSWER_DEADLINE_MS, Inbox } from "./inbox.ts";

/** Octets of each ring. */
const RING_LENGTH = 1024;
const RESPONSES_AT = RING_LENGTH;
/** The request ring's consumer and producer, then those of the response ring; u32 each. */
const INDICES_AT = 2 * RING_LENGTH;
const [REQ_CONS, REQ_PROD, RSP_CONS, RSP_PROD] = [0, 4, 8, 12] as const;
/** Looks without a pause; then one each millisecond. */
const BUSY_LOOKS = 200;

export class RingCarrier implements Carrier {
  readonly inbox = new Inbox();
  readonly #page: number;
  readonly #events: number;
  readonly #port: number;
  readonly #indices = Buffer.alloc(16);
  #looks = 0;
  #looking = false;
  #disposed = false;

  /** The page's file, the FIFO of events, and the daemon's port for this domain. */
  constructor(pagePath: string, eventsPath: string, port: number) {
    this.#page = openSync(pagePath, "r+");
    this.#events = openEvents(eventsPath);
    this.#port = port;
  }

  async send(octets: Uint8Array): Promise<void> {
    let sent = 0;
    for (let looks = 0; sent < octets.length && !this.#disposed; looks++) {
      const written = this.#write(octets.subarray(sent));
      sent += written;
      if (written > 0) looks = 0;
      else await pause(looks);
      if (looks > BUSY_LOOKS + ANSWER_DEADLINE_MS) return;
    }
  }

  listen(): void {
    this.#looks = 0;
    if (!this.#looking) void this.#look();
  }

  /** Takes what is there. */
  drain(): void {
    while (!this.#disposed && this.#read());
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    closeSync(this.#page);
    closeSync(this.#events);
    this.inbox.close();
  }

  /** Puts as many octets into the request ring as it has room for. */
  #write(octets: Uint8Array): number {
    const indices = this.#readIndices();
    const produced = indices.readUInt32LE(REQ_PROD);
    const used = (produced - indices.readUInt32LE(REQ_CONS)) >>> 0;
    const at = produced % RING_LENGTH;
    const length = Math.min(octets.length, RING_LENGTH - used, RING_LENGTH - at);
    if (length <= 0) return 0;
    writeSync(this.#page, octets, 0, length, at);
    this.#writeIndex(REQ_PROD, produced + length);
    raise(this.#events, this.#port);
    return length;
  }

  /** Looks at the response ring until nobody waits for an answer any more. */
  async #look(): Promise<void> {
    this.#looking = true;
    while (!this.#disposed && this.inbox.awaited) {
      if (this.#read()) this.#looks = 0;
      else await pause(this.#looks++);
    }
    this.#looking = false;
  }

  #read(): boolean {
    const indices = this.#readIndices();
    const consumed = indices.readUInt32LE(RSP_CONS);
    const used = (indices.readUInt32LE(RSP_PROD) - consumed) >>> 0;
    if (used === 0) return false;
    const at = consumed % RING_LENGTH;
    const octets = Buffer.alloc(Math.min(used, RING_LENGTH - at));
    readSync(this.#page, octets, 0, octets.length, RESPONSES_AT + at);
    this.#writeIndex(RSP_CONS, consumed + octets.length);
    raise(this.#events, this.#port);
    this.inbox.push(octets);
    return true;
  }

  #readIndices(): Buffer {
    readSync(this.#page, this.#indices, 0, 16, INDICES_AT);
    return this.#indices;
  }

  #writeIndex(index: number, value: number): void {
    const octets = Buffer.alloc(4);
    octets.writeUInt32LE(value >>> 0, 0);
    writeSync(this.#page, octets, 0, 4, INDICES_AT + index);
  }
}

function pause(looks: number): Promise<void> {
  return new Promise((resolve) => {
    if (looks < BUSY_LOOKS) setImmediate(resolve);
    else setTimeout(resolve, 1);
  });
}
