/**
 * The Unix socket of a daemon as a carrier. A connection is made when it is first used, and read
 * from while somebody waits for an answer: what nobody waits for stays with the daemon.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { Carrier } from "./connection.ts";
import { Inbox } from "./inbox.ts";

export class SocketCarrier implements Carrier {
  readonly inbox = new Inbox();
  readonly #path: string;
  #socket: Socket | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  send(octets: Uint8Array): Promise<void> {
    this.#socket ??= this.#connect();
    if (!this.inbox.closed) this.#socket.write(octets);
    return Promise.resolve();
  }

  /** Settles when the system has the octets, whatever becomes of them. */
  async sent(octets: Uint8Array): Promise<void> {
    this.#socket ??= this.#connect();
    const socket = this.#socket;
    if (!this.inbox.closed) await new Promise<void>((done) => socket.write(octets, () => done()));
  }

  listen(): void {
    this.#socket?.resume();
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy();
    this.inbox.close();
  }

  #connect(): Socket {
    const socket = connect(this.#path);
    socket.on("data", (chunk: Buffer) => {
      this.inbox.push(chunk);
      if (!this.inbox.awaited) socket.pause();
    });
    socket.pause();
    // Whatever the reason, the daemon can be asked nothing more.
    socket.on("error", () => this.inbox.close());
    socket.on("close", () => this.inbox.close());
    return socket;
  }
}
