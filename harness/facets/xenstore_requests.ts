/**
 * Requests of the xenstore protocol, composed.
 *
 * Source: Xen, docs/misc/xenstore.txt, Store primitives.
 *
 * @module
 */
import type { RequestKind, XenstoreRequest } from "./xenstore.ts";

/** A request whose parts each end in a NUL. */
export function request(kind: RequestKind, ...parts: readonly string[]): XenstoreRequest {
  return { kind, body: parts.map((part) => `${part}\0`).join("") };
}

/** A value runs to the end of its message and has no NUL of its own. */
export function write(path: string, value: string): XenstoreRequest {
  return { kind: "WRITE", body: `${path}\0${value}` };
}

export function read(path: string): XenstoreRequest {
  return request("READ", path);
}

export function watch(path: string, token: string): XenstoreRequest {
  return request("WATCH", path, token);
}

const READ = 2;

/** A READ as its octets: type, identifiers of request and transaction, length; then the path. */
export function readOctets(path: string): string {
  const words = [READ, 7, 0, path.length + 1];
  const header = words.map((word) => String.fromCharCode(word & 0xff, word >> 8, 0, 0)).join("");
  return `${header}${path}\0`;
}
