/**
 * What the handler of a request gets and gives, what it may know and do of the daemon that it is
 * part of, and what tells one implementation from another: limits, answers, and the two ways to
 * do transactions and to look at permissions.
 *
 * Source of the differences: the answers of real daemons to the probes in
 * `fixtures/xenstore/wire-diff.txt`.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { Domains } from "./domains.ts";
import type { Limits } from "./limits.ts";
import type { Perms } from "./perms.ts";
import type { ErrorName } from "./request_error.ts";
import type { Store } from "./store.ts";
import type { StoreNode, Tree } from "./store_node.ts";
import type { Transaction } from "./transaction.ts";
import type { WatchIndex } from "./watch_index.ts";
import type { Message } from "./wire.ts";

export interface Request {
  readonly daemon: Surroundings;
  readonly connection: Connection;
  readonly message: Message;
  /** The transaction that the request is part of. */
  readonly transaction: Transaction | undefined;
  /** Nodes as the request sees them. */
  readonly tree: Tree;
  /** What is done when the answer is queued. */
  readonly afterwards: (() => void)[];
}

/** A payload, or `LATER` when the answer is for another moment. */
export type Answer = Uint8Array | string;
export const LATER = Symbol("later");
export type Handler = (request: Request) => Answer | typeof LATER;
export type Handlers = Readonly<Record<number, Handler>>;

export const OK = "OK\0";

/** What happened to a node, as far as watches are concerned. */
export type Change =
  | { readonly kind: "written" | "made"; readonly path: string }
  | { readonly kind: "perms"; readonly path: string; readonly before: Perms }
  | { readonly kind: "removed"; readonly path: string; readonly node: StoreNode };

export interface Surroundings {
  readonly profile: Profile;
  readonly store: Store;
  readonly domains: Domains;
  readonly watches: WatchIndex;
  readonly update: Updating;
  /** Seconds of the virtual clock. */
  readonly now: number;
  /** All connections, in the order of their making. */
  connections(): Iterable<Connection>;
  connectRing(domid: number): Connection;
  disconnect(connection: Connection): void;
  quota(name: QuotaName, domid?: number): number;
  /** What was set of them. */
  readonly limits: Limits;
  /** The permissions of `node`, those of dead domains marked. */
  permsOf(node: StoreNode): Perms;
  /** Tells watches of @introduceDomain or @releaseDomain. */
  announce(special: string): void;
  /** Runs a request inside `transaction` again; for conflicts that are settled by replay. */
  replay(connection: Connection, message: Message, transaction: Transaction): Uint8Array | string;
  /** Answers requests that waited for the end of a live update. */
  resume(): void;
  /** Ends all transactions of `connection`, none of them well. */
  dropTransactions(connection: Connection): void;
}

/** Live update as requests see it. */
export interface Updating {
  /** One was asked for, and is not over. */
  readonly pending: boolean;
  /** Who has no transaction may not start one. */
  readonly holdsUp: boolean;
  control(request: Request, args: readonly string[]): Answer | typeof LATER;
}

/** Limits for unprivileged domains; the most that is possible. */
export interface Quotas {
  readonly nodes: number;
  readonly watches: number;
  readonly transactions: number;
  /** Nodes looked at or changed, or requests, in one transaction. */
  readonly transactionNodes: number;
  readonly perms: number;
  readonly nodeOctets: number;
  /** Answers and events that were not fetched yet. */
  readonly outstanding: number;
}
export type QuotaName = keyof Quotas;

export interface Profile {
  readonly name: string;
  readonly quotas: Quotas;
  /** Octets of a path behind `/local/domain/N/`. */
  readonly pathMax: { readonly privileged: number; readonly guest: number };
  readonly handlers: Handlers;
  readonly transactions: Transactions;
  readonly watchRules: WatchRules;
  readonly errors: Errors;
  /** The nodes @introduceDomain and @releaseDomain are children of the root. */
  readonly specialsInTree: boolean;
  /** Those nodes exist from the beginning, and GET_PERMS tells of them. */
  readonly specialPerms: string | undefined;
  readonly tool: string;
  /** What is done with a payload longer than {@linkcode PAYLOAD_MAX}. */
  readonly oversize: "ignore" | "close" | "cut";
  /** WATCH has a third argument, and GET_FEATURE answers with this number. */
  readonly features: number | undefined;
  /** An event that waits for its client already is not queued again (XSA-326). */
  readonly dropsDuplicates: boolean;
  readonly hasLiveUpdate: boolean;
  /** Other names of quotas, and those that there are not. */
  readonly quotaNames: Readonly<Record<string, string>>;
  /** What a domain leaves behind when it is gone. */
  removeDomain(daemon: Surroundings, tree: Store, domid: number): void;
  /** Requests that are refused to guests before they are looked at; else handlers do that. */
  readonly privilegedTypes: readonly number[] | undefined;
  /** Octets of a node without contents, and whether one of exactly the limit is too large. */
  readonly nodeRoom: { readonly head: number; readonly exclusive: boolean };
  /** What is left for a successor: records, or lines of text. */
  readonly state: "stream" | "text";
  /** Version of the stream that is written unasked. */
  readonly streamVersion: 1 | 2;
  /** Highest version of a stream that is read. */
  readonly readsVersion: 1 | 2;
}

/** Answers that differ. */
export interface Errors {
  readonly noTerminator: ErrorName;
  readonly unknownTransaction: ErrorName;
  readonly unknownDomain: ErrorName;
  readonly watchQuota: ErrorName;
  readonly transactionQuota: ErrorName;
  readonly chown: ErrorName;
}

/** How transactions are done: by generations of nodes, or by a copy of the store and replay. */
export interface Transactions {
  start(daemon: Surroundings, connection: Connection): Transaction;
}

export interface WatchRules {
  /**
   * Tells of a change at `path`, where `node` is now (or was, if it was removed). `exact`: only
   * watches of this very path. `before`: the permissions that it had.
   */
  fire(
    daemon: Surroundings,
    path: string,
    node: StoreNode | undefined,
    exact: boolean,
    before: Perms | undefined,
  ): void;
  announce(daemon: Surroundings, special: string): void;
}
