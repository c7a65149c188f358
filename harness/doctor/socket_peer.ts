/**
 * An adapter that somebody else has started, at a Unix socket.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { Peer } from "./peer.ts";

export class SocketPeer implements Peer {
  readonly #socket: Socket;
  readonly exited: Promise<void>;
  readonly lastWords = "";
  ending: Peer["ending"];
  isKilled = false;

  constructor(path: string, hear: (chunk: Buffer) => void) {
    // It may still answer when nothing more is asked.
    this.#socket = connect({ path, allowHalfOpen: true });
    this.#socket.on("data", hear);
    this.#socket.on("end", () => this.#socket.end());
    this.#socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      this.ending ??= { text: `its socket failed: ${code}`, code: null };
    });
    this.exited = new Promise((resolve) => {
      this.#socket.on("close", () => {
        this.ending ??= { text: "it closed its socket", code: 0 };
        resolve();
      });
    });
  }

  get closed(): Promise<void> {
    return this.exited;
  }

  write(octets: string | Uint8Array): void {
    this.#socket.write(octets);
  }

  closeInput(): void {
    this.#socket.end();
  }

  kill(): void {
    this.isKilled = true;
    this.#socket.destroy();
  }

  children(): Promise<number> {
    return Promise.resolve(0);
  }
}
