/**
 * Content of a state that can be compared between releases.
 *
 * @module
 */
import { codecFor, type Value } from "../mesh/mod.ts";
import type { Message } from "../schema/message.ts";
import { perState } from "./blob.ts";

/** What every release keeps is what the oldest one keeps: the rest is not compared. */
export const COMMON_RELEASE = "2411";

/** The octets of a state, without what came after the oldest release. */
export function commonContent<M extends Message>(message: M): (state: Value<M>) => Uint8Array {
  return perState(newContent(message));
}

/** The same of states that are made anew for each look, and never come again. */
export function newContent<M extends Message>(message: M): (state: Value<M>) => Uint8Array {
  const codec = codecFor(message, COMMON_RELEASE);
  return (state) => codec.encode(state);
}
