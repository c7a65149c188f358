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

/** A model that can be run as a daemon. */
export interface Daemon {
  /** Names of implementations that it can behave like. */
  readonly profiles: readonly string[];
  /** Serves at a socket until the result is stopped. `now`: seconds. */
  serve(options: {
    readonly socket: string;
    readonly profile: string;
    readonly state?: Uint8Array;
    /** Folder of what domains share with it. */
    readonly rings?: string;
    readonly inherit: boolean;
    /** Arguments of the program that succeeds; the usual ones when absent. */
    readonly successor?: readonly string[];
    readonly now: () => number;
  }): Promise<Serving>;
}
