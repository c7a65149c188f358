/**
 * A xenstore daemon as its clients see it. Paths, values and tokens are text with one character
 * for each octet.
 *
 * Source: Xen, docs/misc/xenstore.txt and xen/include/public/io/xs_wire.h.
 *
 * @module
 */
export interface Xenstore {
  /** The privileged client called `name` on the Unix socket. It stays over updates. */
  socket(name: string): XenstoreConnection;
  /** The domain `domid` on its shared ring; it is made and introduced when first asked for. */
  domain(domid: number): XenstoreConnection;
  /** Ends a domain and raises VIRQ_DOM_EXC, as Xen does. */
  destroyDomain(domid: number): void;
}

export interface XenstoreConnection {
  /** Asks, and waits for the answer. */
  ask(request: XenstoreRequest, txid?: number): Promise<XenstoreReply>;
  /** Sends octets that need not be whole messages. */
  send(octets: string): Promise<void>;
  /** The next answer to what was sent. */
  answer(): Promise<XenstoreReply>;
  /** Watch events since the last call, oldest first. What was caused before has arrived. */
  events(): Promise<readonly WatchEvent[]>;
}

/** A request without the header's other fields. */
export interface XenstoreRequest {
  readonly kind: RequestKind;
  readonly body: string;
}

export interface XenstoreReply {
  /** Name of the error, such as `ENOENT`; `closed` when the connection has ended; else null. */
  readonly error: string | null;
  /** Empty with an error. */
  readonly body: string;
  /** Identifier of the request that is answered. */
  readonly reqId: number;
}

export interface WatchEvent {
  readonly path: string;
  readonly token: string;
}

/** Requests by the names of xs_wire.h, without `XS_`. */
export type RequestKind =
  | "CONTROL"
  | "DIRECTORY"
  | "READ"
  | "GET_PERMS"
  | "WATCH"
  | "UNWATCH"
  | "TRANSACTION_START"
  | "TRANSACTION_END"
  | "INTRODUCE"
  | "RELEASE"
  | "GET_DOMAIN_PATH"
  | "WRITE"
  | "MKDIR"
  | "RM"
  | "SET_PERMS"
  | "IS_DOMAIN_INTRODUCED"
  | "SET_TARGET"
  | "RESET_WATCHES"
  | "DIRECTORY_PART";
