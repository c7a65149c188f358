/**
 * A GPADL as messages: a header with as much of the ranges as fits, and bodies with the rest.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs (`MAX_DATA_VALUES`), vmbus_client/src/lib.rs
 * (`handle_gpadl`).
 *
 * @module
 */
import { WORD_LENGTH } from "./gpa_ranges.ts";
import { MESSAGE } from "./messages.ts";
import { MESSAGE_LENGTH_MAX } from "./protocol.ts";

/** Octets of whole words that fit behind header and body. */
const HEADER_ROOM = roomBehind(MESSAGE.gpadlHeader.length);
const BODY_ROOM = roomBehind(MESSAGE.gpadlBody.length);

function roomBehind(length: number): number {
  const room = MESSAGE_LENGTH_MAX - length;
  return room - (room % WORD_LENGTH);
}

/** Ranges that a guest or a device describes to the other side. */
export interface GpadlRanges {
  /** Number of ranges in `octets`. */
  readonly count: number;
  readonly octets: Uint8Array;
}

/** The messages that create GPADL `gpadlId` of `channelId`, in their order. */
export function gpadlMessages(
  channelId: number,
  gpadlId: number,
  { count, octets }: GpadlRanges,
): Uint8Array[] {
  const { length } = octets;
  const header = { channelId, gpadlId, length, count };
  const messages = [MESSAGE.gpadlHeader.encode(header, octets.subarray(0, HEADER_ROOM))];
  for (let at = HEADER_ROOM; at < length; at += BODY_ROOM) {
    messages.push(MESSAGE.gpadlBody.encode({ gpadlId }, octets.subarray(at, at + BODY_ROOM)));
  }
  return messages;
}
