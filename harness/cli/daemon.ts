/**
 * Models that can be run as daemons, for the command `serve`.
 *
 * @module
 */

/** A daemon that serves. */
export interface Serving {
  /** Exit code of the program to which it has given its clients. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/** What a daemon is told of its beginning. */
export interface DaemonOptions {
  readonly socket: string;
  readonly profile: string;
  readonly state?: Uint8Array;
  /** Folder of what domains share with it. */
  readonly rings?: string;
  readonly inherit: boolean;
  /** Arguments of the program that succeeds; the usual ones when absent. */
  readonly successor?: readonly string[];
  /** Port at the loopback interface. */
  readonly port?: number;
  /** Socket of a message switch to serve behind. */
  readonly switch?: string;
  /** Folder of what outlives the process. */
  readonly database?: string;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970; absent where time is to stand still while nothing happens. */
  readonly wallMs?: () => number;
  /** Differs from process to process. */
  readonly instanceId: string;
}

/** Options of the command that not every daemon has. */
export type DaemonOption =
  | "rings"
  | "restore"
  | "inherit"
  | "port"
  | "switch"
  | "database"
  | "clock";

/** A model that can be run as a daemon. */
export interface Daemon {
  /** Names of implementations that it can behave like, the usual one first. */
  readonly profiles: readonly string[];
  readonly options: readonly DaemonOption[];
  /** Serves at a socket until the result is stopped. */
  serve(options: DaemonOptions): Promise<Serving>;
}

/** Daemons by name, each loaded when it is asked for. */
export type Daemons = Readonly<Record<string, () => Promise<Daemon>>>;
