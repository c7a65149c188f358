/**
 * The other end of a talk: the process of an adapter, or a socket that one listens on.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import { type Command, Patient } from "./patient.ts";

/** Where an adapter is. */
export type Place = Command | { readonly socket: string };

export interface Peer {
  /** How it ended; undefined while it is there. */
  readonly ending: { readonly text: string; readonly code: number | null } | undefined;
  readonly isKilled: boolean;
  /** Settles when it has ended. */
  readonly exited: Promise<void>;
  /** Settles when all that it said has come. */
  readonly closed: Promise<void>;
  /** The last thing that it said beside its answers, as the end of a sentence. */
  readonly lastWords: string;
  write(octets: string | Uint8Array): void;
  closeInput(): void;
  kill(): void;
  /** How many processes it has left behind. */
  children(graceMs: number): Promise<number>;
}

export function reach(place: Place, hear: (chunk: Buffer) => void): Peer {
  return "socket" in place ? new Listening(place.socket, hear) : new Patient(place, hear);
}

/** An adapter that somebody else has started. */
class Listening implements Peer {
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
