/**
 * Messages that a client got, and how two lists of them differ.
 *
 * @module
 */
import { HEADER_LENGTH, lengthAt, messageAt, TYPE } from "../../src/xenstore/mod.ts";
import { quoted } from "./step_text.ts";

export interface Heard {
  readonly type: number;
  readonly reqId: number;
  readonly txId: number;
  /** One character an octet. */
  readonly body: string;
}

/** Cuts whole messages. */
export function cutHeard(octets: Uint8Array): Heard[] {
  const heard: Heard[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = lengthAt(octets, at);
    const { type, reqId, txId, body } = messageAt(octets, at, length);
    heard.push({ type, reqId, txId, body: Buffer.from(body).toString("latin1") });
    at += HEADER_LENGTH + length;
  }
  return heard;
}

export function isAnswer({ type }: Heard): boolean {
  return type !== TYPE.WATCH_EVENT;
}

/** Index of the first message that is not the same in both, or -1. */
export function firstUnlike(ours: readonly Heard[], theirs: readonly Heard[]): number {
  const length = Math.max(ours.length, theirs.length);
  for (let index = 0; index < length; index++) {
    if (!isSame(ours[index], theirs[index])) return index;
  }
  return -1;
}

function isSame(a: Heard | undefined, b: Heard | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.type === b.type && a.reqId === b.reqId && a.txId === b.txId && a.body === b.body;
}

/** A message for people; `request` numbers are those of the sequence. */
export function textOfHeard(heard: Heard | undefined): string {
  if (heard === undefined) return "nothing";
  const { type, txId, body } = heard;
  return `${nameOfType(type)}${txId === 0 ? "" : ` @${txId}`} ${quoted(body)}`;
}

export function nameOfType(type: number): string {
  return Object.entries(TYPE).find(([, number]) => number === type)?.[0] ?? `type-${type}`;
}
