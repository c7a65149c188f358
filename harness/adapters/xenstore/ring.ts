/**
 * The daemon's side of a shared ring: a page in a file with two rings of 1,024 octets and their
 * indices.
 *
 * Source: Xen, xen/include/public/io/xs_wire.h, struct xenstore_domain_interface.
 *
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { Connection } from "../../../src/xenstore/mod.ts";

/** Octets of each ring. */
const RING_LENGTH = 1024;
const RESPONSES_AT = RING_LENGTH;
/** The request ring's consumer and producer, then those of the response ring; u32 each. */
const INDICES_AT = 2 * RING_LENGTH;
const [REQ_CONS, REQ_PROD, RSP_CONS, RSP_PROD] = [0, 4, 8, 12] as const;
/** Octets of a request at most; with so many nothing more is taken from the ring. */
const REQUEST_MAX = 16 + 4096;

export class Ring implements Disposable {
  readonly connection: Connection;
  readonly #page: number;
  readonly #indices = Buffer.alloc(16);
  #closed = false;

  /** Throws when there is no page, as there is no such domain then. */
  constructor(pagePath: string, connection: Connection) {
    this.#page = openSync(pagePath, "r+");
    this.connection = connection;
  }

  /** Takes requests, as many as are allowed to wait. Undefined when there is nothing to take. */
  take(): Uint8Array | undefined {
    if (this.#closed || this.connection.input.length >= REQUEST_MAX) return undefined;
    const indices = this.#readIndices();
    const consumed = indices.readUInt32LE(REQ_CONS);
    const used = this.#used(consumed, indices.readUInt32LE(REQ_PROD));
    if (used === 0) return undefined;
    const at = consumed % RING_LENGTH;
    const octets = new Uint8Array(Math.min(used, RING_LENGTH - at));
    readSync(this.#page, octets, 0, octets.length, at);
    this.#writeIndex(REQ_CONS, consumed + octets.length);
    return octets;
  }

  /** Puts what waits for the domain into the ring, as far as there is room. */
  give(): boolean {
    let gave = false;
    while (!this.#closed && this.connection.waitingOctets > 0) {
      const indices = this.#readIndices();
      const produced = indices.readUInt32LE(RSP_PROD);
      const used = this.#used(indices.readUInt32LE(RSP_CONS), produced);
      const at = produced % RING_LENGTH;
      const room = Math.min(RING_LENGTH - used, RING_LENGTH - at);
      if (room <= 0 || this.connection.ignored) break;
      const octets = this.connection.output(room);
      writeSync(this.#page, octets, 0, octets.length, RESPONSES_AT + at);
      this.#writeIndex(RSP_PROD, produced + octets.length);
      gave = true;
    }
    return gave;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#page);
  }

  /** Who has more in a ring than fits is not listened to any more. */
  #used(from: number, to: number): number {
    const used = (to - from) >>> 0;
    if (used <= RING_LENGTH) return used;
    this.connection.ignored = true;
    return 0;
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
