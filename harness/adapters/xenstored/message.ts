/**
 * Messages of the xenstore protocol: a header of four native words, and a body.
 *
 * Source: Xen, xen/include/public/io/xs_wire.h, struct xsd_sockmsg.
 *
 * @module
 */
import type { RequestKind } from "../../facets/xenstore.ts";

/** Octets of a header: type, req_id, tx_id and len, each u32. */
const HEADER_LENGTH = 16;

/** enum xsd_sockmsg_type; 16 is an error, 15 an event. */
const TYPES: Readonly<Record<RequestKind, number>> = {
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
  IS_DOMAIN_INTRODUCED: 17,
  SET_TARGET: 19,
  RESET_WATCHES: 21,
  DIRECTORY_PART: 22,
};

export const WATCH_EVENT = 15;
export const ERROR = 16;

export interface Message {
  readonly type: number;
  readonly reqId: number;
  readonly body: string;
}

/** A request as it is sent. */
export function encodeRequest(
  kind: RequestKind,
  reqId: number,
  txid: number,
  body: string,
): Buffer {
  const octets = Buffer.alloc(HEADER_LENGTH + body.length);
  octets.writeUInt32LE(TYPES[kind], 0);
  octets.writeUInt32LE(reqId, 4);
  octets.writeUInt32LE(txid, 8);
  octets.writeUInt32LE(body.length, 12);
  octets.write(body, HEADER_LENGTH, "latin1");
  return octets;
}

/** Cuts a stream of octets into messages. */
export class MessageCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole with `chunk`. */
  *cut(chunk: Uint8Array): Generator<Message> {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const octets = this.#rest;
      if (octets.length < HEADER_LENGTH) return;
      const end = HEADER_LENGTH + octets.readUInt32LE(12);
      if (octets.length < end) return;
      this.#rest = octets.subarray(end);
      yield {
        type: octets.readUInt32LE(0),
        reqId: octets.readUInt32LE(4),
        body: octets.toString("latin1", HEADER_LENGTH, end),
      };
    }
  }
}
