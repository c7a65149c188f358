/**
 * Requests of HTTP/1.1 as a service of xapi reads them: one head, one body whose length is told.
 * No chunks, no upgrade; what is unusual is refused. Bounded in head and body.
 *
 * @module
 */

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The connection is to stay open behind it. */
  readonly keepAlive: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

/** Octets that are no request; the connection ends with this status. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, requirement: string, current: string) {
    super(`Cannot read a request as ${requirement}: current value is ${current}`);
    this.status = status;
  }
}

const HEAD_BYTES_MAX = 16 * 1024;
export const BODY_BYTES_MAX = 16 * 1024 * 1024;
const HEAD_END = "\r\n\r\n";
const REQUEST_LINE = /^([A-Z]{1,16}) (\/[^ ]{0,4096}) HTTP\/1\.([01])$/;
const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*?)[ \t]*$/;
const LENGTH = /^\d{1,10}$/;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  411: "Length Required",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** What is left of a stream, and where its next request is. */
export class HttpReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #head:
    | (Omit<HttpRequest, "body"> & { readonly start: number; readonly size: number })
    | undefined;

  push(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#length += chunk.length;
  }

  /** The next whole request; throws `HttpError`. */
  next(): HttpRequest | undefined {
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (head === undefined || this.#length < head.start + head.size) return undefined;
    const all = this.#all();
    const end = head.start + head.size;
    const body = all.subarray(head.start, end);
    this.#chunks = end < all.length ? [all.subarray(end)] : [];
    this.#length = all.length - end;
    this.#head = undefined;
    const { start: _start, size: _size, ...rest } = head;
    return { ...rest, body };
  }

  #all(): Buffer {
    const [first = Buffer.alloc(0), second] = this.#chunks;
    if (second === undefined) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #readHead() {
    if (this.#length === 0) return undefined;
    const all = this.#all();
    const text = all.toString("latin1", 0, HEAD_BYTES_MAX);
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length < HEAD_BYTES_MAX) return undefined;
      throw new HttpError(431, `at most ${HEAD_BYTES_MAX} octets of headers`, "more");
    }
    return headOf(text.slice(0, end), end + HEAD_END.length);
  }
}

export function responseText(
  { status, body, contentType }: HttpResponse,
  keepAlive: boolean,
): string {
  const headers = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Unknown"}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `connection: ${keepAlive ? "keep-alive" : "close"}`,
    ...(contentType === undefined ? [] : [`content-type: ${contentType}`]),
  ];
  return `${headers.join("\r\n")}${HEAD_END}${body}`;
}

function headOf(text: string, start: number) {
  const [first = "", ...lines] = text.split("\r\n");
  const found = REQUEST_LINE.exec(first);
  if (found === null) {
    throw new HttpError(400, "HTTP/1.1", JSON.stringify(first.slice(0, 40)));
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = HEADER.exec(line) ?? [];
    if (name === "" || headers.has(name.toLowerCase())) {
      throw new HttpError(400, "headers, each once", JSON.stringify(line.slice(0, 40)));
    }
    headers.set(name.toLowerCase(), value);
  }
  const [, method = "", path = "", minor] = found;
  const connection = headers.get("connection")?.toLowerCase();
  const keepAlive = connection === "keep-alive" || (minor === "1" && connection !== "close");
  const contentType = headers.get("content-type") ?? "";
  return { method, path, contentType, keepAlive, start, size: sizeOf(method, headers) };
}

function sizeOf(method: string, headers: ReadonlyMap<string, string>): number {
  const length = headers.get("content-length");
  if (headers.has("transfer-encoding")) {
    throw new HttpError(411, "one with a content-length", "a transfer-encoding");
  }
  if (length === undefined) {
    if (method === "POST") throw new HttpError(411, "one with a content-length", "absent");
    return 0;
  }
  if (!LENGTH.test(length)) {
    throw new HttpError(400, "one with a content-length", JSON.stringify(length.slice(0, 40)));
  }
  const size = Number(length);
  if (size > BODY_BYTES_MAX) throw new HttpError(413, `at most ${BODY_BYTES_MAX} octets`, length);
  return size;
}
