/**
 * A transaction of oxenstored: it works on a copy of the store. At its end the copy becomes the
 * store if nothing else has changed; or the part that it wrote is put into the store if that part
 * is as it was; or its requests are made once more, and must get the same answers.
 *
 * Source: xen, tools/ocaml/xenstored/transaction.ml, commit; process.ml, transaction_replay.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { fireOnChange } from "./ocaml_watches.ts";
import type { Change, Surroundings, Transactions } from "./request.ts";
import { refusal } from "./request_error.ts";
import type { Store } from "./store.ts";
import { find, parentOf, type StoreNode } from "./store_node.ts";
import type { Transaction } from "./transaction.ts";
import { type Message, TYPE } from "./wire.ts";

/** Requests that can be made once more; any other one makes a conflict final. */
const REPLAYED: readonly number[] = [
  TYPE.DIRECTORY,
  TYPE.READ,
  TYPE.GET_PERMS,
  TYPE.GET_DOMAIN_PATH,
  TYPE.WRITE,
  TYPE.MKDIR,
  TYPE.RM,
  TYPE.SET_PERMS,
  TYPE.WATCH_EVENT,
  TYPE.ERROR,
];

export class SnapshotTransaction implements Transaction {
  readonly tree: Store;
  /** The root of the store at the beginning. */
  readonly before: StoreNode;
  readonly changes: Change[] = [];
  readonly #daemon: Surroundings;
  readonly #owner: Connection;
  readonly #operations: { readonly message: Message; readonly answer: Uint8Array | string }[] = [];
  #doomed = false;
  #readLowest: string | undefined;
  #writtenLowest: string | undefined;

  constructor(daemon: Surroundings, connection: Connection) {
    this.#daemon = daemon;
    this.before = daemon.store.root;
    this.tree = daemon.store.fork();
    this.#owner = connection;
  }

  /** A request was answered; guests may make so many. */
  remember(message: Message, answer: Uint8Array | string, max: number): void {
    // What oxenstored does not expect is no part of the transaction.
    if (answer === "EIO") return;
    if (this.#operations.length >= max) throw refusal("EQUOTA");
    this.#operations.push({ message, answer });
  }

  hasRead(path: string): void {
    this.#readLowest = commonFront(path, this.#readLowest);
  }

  hasWritten(path: string): void {
    this.#writtenLowest = commonFront(path, this.#writtenLowest);
  }

  commit(): void {
    if (this.#doomed) throw refusal("EAGAIN");
    if (this.changes.length === 0) return;
    const daemon = this.#daemon;
    if (daemon.store.root === this.before) daemon.store.adopt(this.tree);
    else if (!this.#coalesce(daemon.store)) this.#replay(daemon);
    for (const change of this.changes) fireOnChange(daemon, change, this.before, this.tree.root);
  }

  doom(): void {
    this.#doomed = true;
  }

  end(): void {}

  /** Puts the part that was written into `store`, if it and what was read are as they were. */
  #coalesce(store: Store): boolean {
    if (!this.#isUntouched(store, this.#readLowest)) return false;
    if (!this.#isUntouched(store, this.#writtenLowest)) return false;
    const path = this.#writtenLowest;
    const node = path === undefined ? undefined : this.tree.read(path);
    if (path !== undefined && node !== undefined) store.graft(path, node, this.tree);
    return true;
  }

  #isUntouched(store: Store, path: string | undefined): boolean {
    if (path === undefined) return true;
    const [old, current] = [find(this.before, path), find(store.root, path)];
    if (old === undefined && current === undefined) {
      return find(store.root, parentOf(path)) !== undefined;
    }
    if (old !== current) return false;
    for (let at = path; at !== "/"; at = parentOf(at)) {
      if (find(this.before, at)?.perms !== find(store.root, at)?.perms) return false;
    }
    return this.before.perms === store.root.perms;
  }

  #replay(daemon: Surroundings): void {
    const again = new SnapshotTransaction(daemon, this.#owner);
    this.#owner.nextTransaction++;
    for (const { message, answer } of this.#operations) {
      if (!REPLAYED.includes(message.type)) throw refusal("EAGAIN");
      if (!isSame(daemon.replay(this.#owner, message, again), answer)) throw refusal("EAGAIN");
    }
    daemon.store.adopt(again.tree);
  }
}

export const SNAPSHOTS: Transactions = {
  start: (daemon, connection) => new SnapshotTransaction(daemon, connection),
};

/** The path that both are at or below. */
function commonFront(path: string, other: string | undefined): string {
  if (other === undefined) return path;
  const [one, two] = [path.split("/"), other.split("/")];
  let same = 0;
  while (same < one.length && same < two.length && one[same] === two[same]) same++;
  return one.slice(0, same).join("/") || "/";
}

function isSame(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
