/**
 * A client's end of a connection to the model: octets go in at once, and come out while somebody
 * waits for them. What nobody takes stays in the ring or in the socket, and then with the model.
 *
 * @module
 */
import type { Connection, Daemon } from "../../../src/xenstore/mod.ts";
import type { Carrier } from "./connection.ts";
import { Inbox } from "./inbox.ts";

export class ModelCarrier implements Carrier {
  readonly inbox = new Inbox();
  readonly #max: number;
  readonly #settle: () => void;
  #daemon: Daemon;
  #connection: Connection | undefined;
  #held: Uint8Array[] = [];
  /** What was sent while no daemon was there. */
  #sent: Uint8Array[] = [];
  /** Number of the descriptor in streams. */
  readonly descriptor: number;

  /** `max`: octets that the ring or the socket holds; `settle`: something may have come. */
  constructor(daemon: Daemon, connection: Connection, max: number, settle: () => void) {
    this.descriptor = connection.descriptor;
    this.#daemon = daemon;
    this.#connection = connection;
    this.#max = max;
    this.#settle = settle;
  }

  /** The daemon has gone; ring or socket is still there. */
  leave(): void {
    this.#connection = undefined;
  }

  /** A new daemon has the connection now, or has it not. */
  move(daemon: Daemon, connection: Connection | undefined): void {
    this.#daemon = daemon;
    this.#connection = connection;
    if (connection === undefined) this.inbox.close();
    else for (const octets of this.#sent.splice(0)) this.#receive(connection, octets);
  }

  send(octets: Uint8Array): Promise<void> {
    if (this.#connection === undefined) this.#sent.push(octets);
    else this.#receive(this.#connection, octets);
    this.#settle();
    return Promise.resolve();
  }

  listen(): void {
    this.#settle();
  }

  /** Carries what there is. True when that was something. */
  carry(): boolean {
    const held = this.#held.reduce((sum, { length }) => sum + length, 0);
    const octets = this.#connection?.output(this.#max - held) ?? new Uint8Array();
    if (octets.length > 0) this.#held.push(octets.slice());
    if (!this.inbox.awaited || this.#held.length === 0) return octets.length > 0;
    for (const piece of this.#held.splice(0)) this.inbox.push(piece);
    if (this.#connection !== undefined) this.#daemon.proceed(this.#connection);
    return true;
  }

  [Symbol.dispose](): void {
    this.inbox.close();
  }

  #receive(connection: Connection, octets: Uint8Array): void {
    // The model keeps views of what it is given.
    this.#daemon.receive(connection, new Uint8Array(octets));
  }
}
