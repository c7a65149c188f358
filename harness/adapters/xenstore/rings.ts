/**
 * The shared rings of all domains, in a folder that stands for Xen: `dom<N>.ring` is the page of
 * domain N, which exists as long as the file does; events come by the FIFO `evtchn` and go by the
 * FIFO `notify`.
 *
 * It is the folder of the library that lets the real daemons run without Xen, so that domains do
 * not see which program serves them.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Connection, Daemon } from "../../../src/xenstore/mod.ts";
import { eventsAt } from "./events.ts";
import { Ring } from "./ring.ts";

/** Port of domain 0; others count on from here. */
const PORTS = 1000;

/** The daemon's port of the channel to `domid`. */
export function portOf(domid: number): number {
  return PORTS + domid;
}

export class Rings implements Disposable {
  readonly #folder: string;
  #events: Disposable | undefined;
  /** Descriptor of the events that a successor is to have. */
  #eventsLeft: number | undefined;
  readonly #rings = new Map<Connection, Ring | undefined>();

  /** `hear` is called when a domain, or Xen, has something to say. */
  constructor(folder: string, hear: () => void) {
    this.#folder = folder;
    const missing = ["evtchn", "notify"].map((name) => join(folder, name)).filter(isMissing);
    if (missing.length > 0) execFileSync("mkfifo", ["-m", "600", ...missing]);
    this.#events = eventsAt(join(folder, "evtchn"), hear);
  }

  /** Whether there is a domain, introduced or not. */
  has(domid: number): boolean {
    return !isMissing(this.#page(domid));
  }

  /** Opens the rings of domains that came, and closes those of domains that went. */
  adopt(daemon: Daemon, attach: (connection: Connection) => void): void {
    for (const { domid, connection } of daemon.domains) {
      if (this.#rings.has(connection)) continue;
      this.#rings.set(connection, this.#open(domid, connection));
      attach(connection);
    }
    for (const [connection, ring] of this.#rings) {
      if (!connection.closed) continue;
      ring?.[Symbol.dispose]();
      this.#rings.delete(connection);
    }
  }

  /** Looks at every ring, and for domains that have come to their end. */
  look(daemon: Daemon): void {
    for (const { domid } of [...daemon.domains]) {
      if (domid !== 0 && isMissing(this.#page(domid))) daemon.domainDied(domid);
    }
    for (const [connection, ring] of [...this.#rings]) {
      let moved = false;
      for (let octets = ring?.take(); octets !== undefined; octets = ring?.take()) {
        daemon.receive(connection, octets);
        moved = true;
      }
      daemon.proceed(connection);
      if (ring?.give() || moved) this.#notify(connection.domid);
    }
  }

  /** Gives a domain what waits for it. False when `connection` is none of a domain. */
  give(connection: Connection): boolean {
    if (!this.#rings.has(connection)) return false;
    if (this.#rings.get(connection)?.give()) this.#notify(connection.domid);
    return true;
  }

  /** Descriptor of the events for a successor, open until it has it or is not to be. */
  openEvents(): number {
    this.#eventsLeft = openSync(join(this.#folder, "evtchn"), constants.O_RDWR);
    return this.#eventsLeft;
  }

  closeEvents(): void {
    if (this.#eventsLeft !== undefined) closeSync(this.#eventsLeft);
    this.#eventsLeft = undefined;
  }

  /** Leaves the connections of one daemon, so that another one can adopt its own. */
  forget(): void {
    for (const ring of this.#rings.values()) ring?.[Symbol.dispose]();
    this.#rings.clear();
  }

  [Symbol.dispose](): void {
    this.forget();
    this.closeEvents();
    this.#events?.[Symbol.dispose]();
    this.#events = undefined;
  }

  #page(domid: number): string {
    return join(this.#folder, `dom${domid}.ring`);
  }

  /** Nothing comes from a domain without a page. */
  #open(domid: number, connection: Connection): Ring | undefined {
    const page = this.#page(domid);
    return isMissing(page) ? undefined : new Ring(page, connection);
  }

  /** Nobody need wait for it: then it is gone with the descriptor. */
  #notify(domid: number): void {
    const fd = openSync(join(this.#folder, "notify"), constants.O_RDWR | constants.O_NONBLOCK);
    try {
      const octets = Buffer.alloc(4);
      octets.writeUInt32LE(portOf(domid), 0);
      writeSync(fd, octets);
    } catch (error) {
      // A reader that does not read has enough to do.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    } finally {
      closeSync(fd);
    }
  }
}

function isMissing(path: string): boolean {
  return !existsSync(path);
}
