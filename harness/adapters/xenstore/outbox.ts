/**
 * Clients for whom something waits, and how it gets to them: by their sockets or their rings.
 *
 * What a client does not take stays with the model, as a successor has to know of it; so sockets
 * are written to without the runtime, which would keep octets of its own. Deno does not let us,
 * and there what it keeps is sent before an update, or its client is left.
 *
 * @module
 */
import { writeSync } from "node:fs";
import type { Socket } from "node:net";
import type { Connection, Daemon } from "../../../src/xenstore/mod.ts";
import { descriptorOf } from "./descriptors.ts";
import type { Rings } from "./rings.ts";

/** Time after which a client that took nothing is tried again. */
const RETRY_MS = 2;
/** Time in which clients take what was given to the runtime for them, before an update. */
const SENDING_MS = 1000;

const isDirect = process.versions.deno === undefined;

export class Outbox {
  readonly sockets = new Map<Connection, Socket>();
  readonly #waiting = new Set<Connection>();
  readonly #blocked = new Set<Connection>();
  readonly #drained: (connection: Connection, socket: Socket) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `drained` is called when a client that took nothing has taken all there was. */
  constructor(drained: (connection: Connection, socket: Socket) => void) {
    this.#drained = drained;
  }

  /** What waits for the client is sent when it can be. */
  attend(connection: Connection, socket?: Socket): void {
    if (socket !== undefined) this.sockets.set(connection, socket);
    connection.onWaiting = (it) => this.#waiting.add(it);
    if (connection.waitingOctets > 0) this.#waiting.add(connection);
  }

  leave(connection: Connection): void {
    this.sockets.delete(connection);
    this.#waiting.delete(connection);
    this.#blocked.delete(connection);
  }

  /** Clients as `successor` knows them; who is known on one side only is left. */
  handOver(successor: Daemon): [Connection, Socket][] {
    const sockets = new Map([...this.sockets].map(([it, socket]) => [it.descriptor, socket]));
    this.sockets.clear();
    this.#waiting.clear();
    this.#blocked.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const adopted: [Connection, Socket][] = [];
    for (const connection of [...successor.connections()]) {
      if (connection.kind !== "socket") continue;
      const socket = sockets.get(connection.descriptor);
      if (socket === undefined) successor.disconnect(connection);
      else adopted.push([connection, socket]);
      sockets.delete(connection.descriptor);
    }
    for (const socket of sockets.values()) socket.destroy();
    return adopted;
  }

  /** The client does not take what it is sent. */
  isBlocked(connection: Connection): boolean {
    return this.#blocked.has(connection);
  }

  /** Sends what waits, to whoever reads. */
  flush(rings: Rings | undefined): void {
    for (const connection of this.#blocked) {
      // It has let more wait than it may, and takes nothing.
      if (connection.closed) this.sockets.get(connection)?.destroy();
    }
    for (const connection of this.#waiting) {
      if (this.#blocked.has(connection)) continue;
      this.#waiting.delete(connection);
      if (connection.kind === "ring" && rings?.give(connection)) continue;
      const socket = this.sockets.get(connection);
      if (socket === undefined) connection.output();
      else this.#send(connection, socket);
    }
  }

  #send(connection: Connection, socket: Socket): void {
    if (!isDirect) {
      socket.write(connection.output());
      if (socket.writableNeedDrain) this.#blocked.add(connection);
      return;
    }
    // Whose descriptor has been closed is about to be forgotten; the number may be another's.
    const fd = descriptorOf(socket);
    if (fd === undefined || fd < 0) return;
    try {
      while (connection.waitingOctets > 0) connection.sent(writeSync(fd, connection.front));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
        socket.destroy();
        return;
      }
      this.#blocked.add(connection);
      this.#timer ??= setTimeout(() => this.#retry(), RETRY_MS);
    }
  }

  #retry(): void {
    this.#timer = undefined;
    for (const connection of [...this.#blocked]) {
      const socket = this.sockets.get(connection);
      if (socket !== undefined) this.unblock(connection, socket);
    }
  }

  /** The client may take something again. */
  unblock(connection: Connection, socket: Socket): void {
    if (!this.#blocked.delete(connection)) return;
    if (connection.waitingOctets > 0) this.#send(connection, socket);
    if (!this.#blocked.has(connection)) this.#drained(connection, socket);
  }

  /** Octets that the runtime has in hand are sent, and who does not take them is left. */
  async sent(): Promise<void> {
    clearTimeout(this.#timer);
    const busy = [...this.sockets.values()].filter(({ writableLength }) => writableLength > 0);
    if (busy.length === 0) return;
    const late = setTimeout(() => {
      for (const socket of busy) socket.destroy();
    }, SENDING_MS);
    const none = new Uint8Array(0);
    await Promise.all(busy.map((it) => new Promise((resolve) => void it.write(none, resolve))));
    clearTimeout(late);
  }
}
