/**
 * What the command line asks of messages of saved states by themselves.
 *
 * @module
 */
import type { Json } from "./json.ts";

/** An answer for machines and for people. */
export interface Told {
  readonly json: Json;
  readonly lines: readonly string[];
}

/** The messages of all releases, without a run. */
export interface Schemas {
  readonly releases: readonly string[];
  readonly messages: readonly string[];
  /** What breaks when `to` reads what `from` wrote, and the other way round. */
  diff(from: string, to: string): Told;
  /** The history of a message and its fields. */
  explain(message: string): Told;
}
