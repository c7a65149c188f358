/**
 * A program to start, and one that was started.
 *
 * @module
 */

export interface Launching {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables besides those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** It may be anything: a script that starts others, or one that says no end of things. */
  readonly isBrought?: boolean;
}

export interface Launched {
  /** How it ended, once it has and all that it said is there. */
  readonly exited: Promise<Ending>;
  /** What it said on standard error, or the end of that. */
  stderr(): string;
  /** Ends it at once. */
  kill(): void;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was ended as it said more than {@linkcode FLOOD_SIZE}. */
  readonly flooded?: true;
}

/** Characters of standard error that are kept, the last ones. */
export const STDERR_MAX = 64 * 1024;
/** Characters on standard error after which what was brought is ended; a QEMU says some hundred. */
export const FLOOD_SIZE = 16 * 1024 * 1024;
