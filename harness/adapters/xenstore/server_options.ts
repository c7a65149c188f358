/**
 * How the model is served.
 *
 * @module
 */
import type { Profile } from "../../../src/xenstore/mod.ts";
import type { Succession } from "./succession.ts";

export interface ServerOptions {
  readonly profile: Profile;
  readonly path: string;
  /** Folder of the shared rings, and of the events that belong to them. */
  readonly rings?: string;
  /** State of a predecessor. */
  readonly state?: Uint8Array;
  /** Its descriptors are ours: the process is the same. */
  readonly inherit?: boolean;
  /** Seconds. */
  readonly now: () => number;
  /** How often the clock is looked at while a live update waits for clients. */
  readonly pollMs?: number;
  /** Says why a program cannot succeed, when it cannot. */
  readonly mayFollow?: (path: string) => string | undefined;
  /** The program is the one that runs, so that nobody else need succeed. */
  readonly isItself?: (path: string) => boolean;
  /** Another program is to go on with the clients. */
  readonly succeed?: (succession: Succession) => void;
}
