/**
 * Somebody who sees what goes between two hosts while a VM migrates, and may change it.
 *
 * @module
 */
import type { Channel, Message } from "./channel.ts";
import type { Cookies } from "./peer.ts";

export interface Passing {
  /** Of the request whose stream it is. */
  readonly path: string;
  readonly cookies: Cookies;
  readonly from: "sender" | "receiver";
  readonly message: Message;
}

/** Answers the octets that arrive. */
export type Tap = (passing: Passing) => Uint8Array;

export function tapStream(
  tap: Tap,
  path: string,
  cookies: Cookies,
  ends: Readonly<Record<Passing["from"], Channel>>,
): void {
  for (const from of ["sender", "receiver"] as const) {
    ends[from].onSend = (message) => {
      return { ...message, octets: tap({ path, cookies, from, message }) };
    };
  }
}
