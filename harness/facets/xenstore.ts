/**
 * A xenstore daemon as its clients see it. Paths, values and tokens are text with one character
 * for each octet.
 *
 * Source: Xen, docs/misc/xenstore.txt and xen/include/public/io/xs_wire.h.
 *
 * @module
 */
export interface Xenstore {
  /** What the state holds that was restored last; nothing before that. */
  readonly given: XenstoreContents;
  /** The client that asks for updates; what it has under way goes along with its request. */
  readonly control: XenstoreConnection;
  /** Paths of a program that an update can be asked into, and of one that no system can run. */
  readonly programs: { readonly fit: string; readonly unfit: string };
  /** The privileged client called `name` on the Unix socket. It stays over updates. */
  socket(name: string): XenstoreConnection;
  /** The domain `domid` on its shared ring; it is made and introduced when first asked for. */
  domain(domid: number): XenstoreConnection;
  /** Ends a domain and raises VIRQ_DOM_EXC, as Xen does. */
  destroyDomain(domid: number): void;
  /** Does `work` once, at a moment of the next update. */
  during(moment: UpdateMoment, work: () => void | Promise<void>): void;
}

/**
 * `asked`: an update is asked for and cannot begin, as something is in its way; `work` may not wait
 * for what comes behind it. `between`: the old program has gone, and the new one has not come.
 */
export type UpdateMoment = "asked" | "between";

/** What a state says is in the store. */
export interface XenstoreContents {
  readonly nodes: readonly {
    readonly path: string;
    readonly value: string;
    /** Permissions as clients see them, the owner first. */
    readonly list: readonly string[];
  }[];
  /** Domains with a ring. */
  readonly domids: readonly number[];
}

export interface XenstoreConnection {
  /** Asks, and waits for the answer. */
  ask(request: XenstoreRequest, txid?: number): Promise<XenstoreReply>;
  /** Asks, and leaves the answer to {@linkcode answer}. */
  post(request: XenstoreRequest, txid?: number): Promise<void>;
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
