/**
 * A transaction of the C daemon: whatever it looks at is kept as it was then, and must have the
 * same generation at the end.
 *
 * Source: xen, tools/xenstored/transaction.c, "Some notes regarding detection and handling of
 * transaction conflicts", access_node() and finalize_transaction().
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { Perms } from "./perms.ts";
import type { Surroundings, Transactions } from "./request.ts";
import { refusal } from "./request_error.ts";
import { nameOf, parentOf, type Store, StoreNode, type Tree } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** Generation of a node that does not exist. */
const NO_GENERATION = -1;
/** Nodes that nobody but their transaction has. */
const PRIVATE_MARK = 0;

interface Access {
  /** The node as it was found, held until the end. */
  readonly found: StoreNode | undefined;
  readonly generation: number;
  /** As the transaction sees it. */
  node: StoreNode | undefined;
  modified: boolean;
  /** Watches to tell: those of this very node, or also those above it. */
  event: "exact" | "tree" | undefined;
}

export class GenerationTransaction implements Transaction, Tree {
  readonly #daemon: Surroundings;
  readonly #connection: Connection;
  readonly #accessed = new Map<string, Access>();
  readonly #changes: ((store: Store) => void)[] = [];
  /** Nodes of the connection's domain that it makes, less those that it removes. */
  made = 0;
  #failed = false;
  #doomed = false;

  constructor(daemon: Surroundings, connection: Connection) {
    this.#daemon = daemon;
    this.#connection = connection;
    daemon.store.generation++;
  }

  get tree(): Tree {
    return this;
  }

  doom(): void {
    this.#doomed = true;
  }

  /** It went wrong, and the client has been told so. */
  fail(): void {
    this.#failed = true;
  }

  read(path: string): StoreNode | undefined {
    return this.#access(path).node;
  }

  setValue(path: string, value: Uint8Array): void {
    this.#own(path).value = value;
    this.#changes.push((store) => store.setValue(path, value));
  }

  setPerms(path: string, perms: Perms): void {
    this.#own(path).perms = perms;
    this.#changes.push((store) => store.setPerms(path, perms));
  }

  create(path: string, value: Uint8Array, perms: Perms, madeParent = false): void {
    const access = this.#access(path);
    access.node = new StoreNode(value, perms, ++this.#daemon.store.generation, PRIVATE_MARK);
    access.modified = true;
    const parent = this.#own(parentOf(path));
    if (madeParent) this.#daemon.store.generation--;
    parent.children ??= new Map();
    parent.children.set(nameOf(path), access.node);
    this.made++;
    this.#changes.push((store) => store.create(path, value, perms, madeParent));
  }

  remove(path: string, leave?: (path: string, node: StoreNode) => void): void {
    const parent = this.#access(parentOf(path)).node;
    if (parent === undefined) throw refusal("EINVAL");
    // Seen without the child, which came later: the daemon takes that for a damaged store.
    if (!parent.children?.has(nameOf(path))) throw refusal("EIO");
    this.#leave(path, leave);
    this.#own(parentOf(path)).children?.delete(nameOf(path));
    this.#changes.push((store) => store.remove(path));
  }

  #leave(path: string, leave: ((path: string, node: StoreNode) => void) | undefined): void {
    const access = this.#access(path);
    const { node } = access;
    if (node === undefined) return;
    for (const name of [...(node.children?.keys() ?? [])]) {
      const child = `${path}/${name}`;
      // Listed, and yet seen as missing before it was made: a damaged store to the daemon.
      if (this.#access(child).node === undefined) throw refusal("EIO");
      this.#leave(child, leave);
    }
    access.node = undefined;
    access.modified = true;
    this.#daemon.store.generation++;
    this.made--;
    leave?.(path, node);
  }

  /** Watches of `path` are told at the end; one for all below outweighs an exact one. */
  queueEvent(path: string, exact: boolean): void {
    const access = this.#access(path);
    if (access.event === undefined || !exact) access.event = exact ? "exact" : "tree";
  }

  #access(path: string): Access {
    const known = this.#accessed.get(path);
    if (known !== undefined) return known;
    if (!this.#connection.privileged) {
      const max = this.#daemon.quota("transactionNodes", this.#connection.domid);
      if (this.#accessed.size >= max) {
        this.#failed = true;
        throw refusal("ENOSPC");
      }
    }
    const found = this.#daemon.store.read(path);
    if (found !== undefined) found.watchers++;
    const generation = found?.generation ?? NO_GENERATION;
    const access: Access = { found, generation, node: found, modified: false, event: undefined };
    this.#accessed.set(path, access);
    return access;
  }

  #own(path: string): StoreNode {
    const access = this.#access(path);
    if (access.node === undefined) throw new RangeError(`Cannot change "${path}" as it must exist`);
    if (access.node === access.found) access.node = access.found.copy(PRIVATE_MARK);
    access.node.generation = ++this.#daemon.store.generation;
    access.modified = true;
    return access.node;
  }

  commit(): void {
    const daemon = this.#daemon;
    if (this.#doomed) throw refusal("EAGAIN");
    if (this.#failed) throw refusal("ENOMEM");
    const { store } = daemon;
    for (const [path, { generation }] of this.#accessed) {
      if ((store.read(path)?.generation ?? NO_GENERATION) !== generation) throw refusal("EAGAIN");
    }
    this.#release();
    const before = store.generation;
    for (const change of this.#changes) change(store);
    store.generation = before;
    for (const [path, { modified, event, found }] of this.#accessed) {
      if (!modified) continue;
      const node = store.read(path);
      if (node !== undefined) store.own(path).generation = ++store.generation;
      if (event === undefined) continue;
      daemon.profile.watchRules.fire(daemon, path, node, event === "exact", found?.perms);
    }
    this.#accessed.clear();
  }

  end(): void {
    this.#release();
    this.#accessed.clear();
  }

  #released = false;

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const { found } of this.#accessed.values()) if (found !== undefined) found.watchers--;
  }
}

export const GENERATIONS: Transactions = {
  start: (daemon, connection) => new GenerationTransaction(daemon, connection),
};
