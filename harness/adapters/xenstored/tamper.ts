/**
 * What can be wrong with a daemon after an update, seen from outside of it.
 *
 * @module
 */
import type { WatchEvent, XenstoreReply } from "../../facets/xenstore.ts";

export interface Tamper {
  /** Kebab-case. */
  readonly name: string;
  /** What the new daemon reads in place of what the old one has saved. */
  readonly stream?: (bytes: Uint8Array) => Uint8Array;
  /** What a client of the new daemon is answered in place of what it says. */
  readonly answer?: (reply: XenstoreReply) => XenstoreReply;
  /** What a client of the new daemon hears in place of what has happened. */
  readonly events?: (events: readonly WatchEvent[]) => readonly WatchEvent[];
  /** Spoilt streams are taken as if they were in order. */
  readonly takesAnything?: true;
  /** No update waits for anything. */
  readonly neverWaits?: true;
  /** What a client is told of an update that comes to nothing. */
  readonly told?: string;
  /** Patterns of the scenarios that must notice. */
  readonly noticedBy: readonly string[];
}
