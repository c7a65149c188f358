/**
 * Requests without HTTP: sixteen decimal digits of length, and as many octets of JSON; answers
 * likewise.
 *
 * Source: xen-api, `json_binary_rpc` of `xcp_client.ml`.
 *
 * @module
 */
import { BODY_BYTES_MAX, HttpError } from "./http_request.ts";

const DIGITS = 16;

/** What is left of a stream, and where its next request is. */
export class FramedReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #size: number | undefined;

  push(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#length += chunk.length;
  }

  /** The next whole request; throws `HttpError`. */
  next(): Uint8Array | undefined {
    if (this.#size === undefined) {
      if (this.#length < DIGITS) return undefined;
      this.#size = sizeOf(this.#all().toString("latin1", 0, DIGITS));
    }
    const end = DIGITS + this.#size;
    if (this.#length < end) return undefined;
    const all = this.#all();
    this.#chunks = end < all.length ? [all.subarray(end)] : [];
    this.#length = all.length - end;
    this.#size = undefined;
    return all.subarray(DIGITS, end);
  }

  #all(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

export function framed(body: string): string {
  return `${String(Buffer.byteLength(body)).padStart(DIGITS, "0")}${body}`;
}

function sizeOf(digits: string): number {
  const size = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (size <= BODY_BYTES_MAX) return size;
  throw new HttpError(400, `a length of at most ${BODY_BYTES_MAX}`, JSON.stringify(digits));
}
