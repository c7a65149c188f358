/**
 * The other end of a talk: the process of an adapter, a socket that one listens on, or a server.
 *
 * @module
 */
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
