/**
 * The messages of the XenStore protocol: a header of four words and a payload.
 *
 * Source: xen, xen/include/public/io/xs_wire.h and docs/misc/xenstore.txt. Words are little-endian
 * here, as on every x86 host; paths and tokens are octets and become text one character an octet.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import { putText } from "./text.ts";

/** Octets of a header: type, request id, transaction id, length of the payload. */
export const HEADER_LENGTH = 16;
/** Most octets in a payload, XENSTORE_PAYLOAD_MAX. */
export const PAYLOAD_MAX = 4096;

/** Message types, xsd_sockmsg_type. */
export const TYPE = {
  CONTROL: 0,
  DIRECTORY: 1,
  READ: 2,
  GET_PERMS: 3,
  WATCH: 4,
  UNWATCH: 5,
  TRANSACTION_START: 6,
  TRANSACTION_END: 7,
  INTRODUCE: 8,
  RELEASE: 9,
  GET_DOMAIN_PATH: 10,
  WRITE: 11,
  MKDIR: 12,
  RM: 13,
  SET_PERMS: 14,
  WATCH_EVENT: 15,
  ERROR: 16,
  IS_DOMAIN_INTRODUCED: 17,
  RESUME: 18,
  SET_TARGET: 19,
  RESET_WATCHES: 21,
  DIRECTORY_PART: 22,
  GET_FEATURE: 23,
  SET_FEATURE: 24,
  GET_QUOTA: 25,
  SET_QUOTA: 26,
} as const;
export type TypeName = keyof typeof TYPE;

export interface Header {
  readonly type: number;
  readonly reqId: number;
  readonly txId: number;
}

export interface Message extends Header {
  readonly body: Uint8Array;
}

/** The whole message that begins at `at`; the caller has its header and its payload. */
export function messageAt(octets: Uint8Array, at: number, length: number): Message {
  return {
    type: u32At(octets, at),
    reqId: u32At(octets, at + 4),
    txId: u32At(octets, at + 8),
    body: octets.slice(at + HEADER_LENGTH, at + HEADER_LENGTH + length),
  };
}

export function lengthAt(octets: Uint8Array, at: number): number {
  return u32At(octets, at + 12);
}

export function encodeMessage(
  type: number,
  { reqId, txId }: Pick<Header, "reqId" | "txId">,
  body: Uint8Array | string,
): Uint8Array {
  const octets = new Uint8Array(HEADER_LENGTH + body.length);
  putU32(octets, 0, type);
  putU32(octets, 4, reqId);
  putU32(octets, 8, txId);
  putU32(octets, 12, body.length);
  if (typeof body === "string") putText(octets, HEADER_LENGTH, body);
  else octets.set(body, HEADER_LENGTH);
  return octets;
}
