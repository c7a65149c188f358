/**
 * Messages as a client sends and gets them: bodies are text with one character for each octet.
 *
 * @module
 */
import {
  encodeMessage,
  HEADER_LENGTH,
  lengthAt,
  messageAt,
  TYPE,
} from "../../../src/xenstore/mod.ts";
import type { RequestKind } from "../../facets/xenstore.ts";

export interface Message {
  readonly type: number;
  readonly reqId: number;
  readonly txId: number;
  readonly body: string;
}

/** A request as it is sent; each kind must be the name of a type on the wire. */
export function encodeRequest(
  kind: RequestKind,
  reqId: number,
  txId: number,
  body: string,
): Uint8Array {
  return encodeMessage(TYPE[kind], { reqId, txId }, body);
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
      const length = lengthAt(octets, 0);
      const end = HEADER_LENGTH + length;
      if (octets.length < end) return;
      this.#rest = octets.subarray(end);
      const { type, reqId, txId, body } = messageAt(octets, 0, length);
      yield { type, reqId, txId, body: Buffer.from(body).toString("latin1") };
    }
  }
}
