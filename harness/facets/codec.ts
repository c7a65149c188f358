/**
 * Saved states as values: what an implementation can say of them without a machine.
 *
 * @module
 */
import type { Seen } from "./observe.ts";

export interface Codec {
  /** The state that the machine was restored from; undefined before the first restore. */
  readonly given: Uint8Array | undefined;
  decode(state: Uint8Array): Promise<Seen>;
  encode(value: Seen): Promise<Uint8Array>;
}

/** What an embedded implementation says of states; throws `RefusedError` for what is none. */
export interface Contents {
  decode(state: Uint8Array): Seen;
  encode(value: Seen): Uint8Array;
}
