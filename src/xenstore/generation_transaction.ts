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
import { NO_OCTETS, type Store } from "./store.ts";
import { nameOf, parentOf, StoreNode, type Tree } from "./store_node.ts";
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
  /** Nodes that it makes less those that it removes, by owner, in order of their first change. */
  readonly made = new Map<number, number>();
  /** It made a node, or tried to. */
  hasCreated = false;
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
    const node = this.#own(path);
    this.#count(node.perms, -1);
    this.#count(perms, 1);
    node.perms = perms;
    this.#changes.push((store) => store.setPerms(path, perms));
  }

  create(path: string, value: Uint8Array, perms: Perms): void {
    this.createAll([path], value, perms);
  }

  createAll(paths: readonly string[], value: Uint8Array, perms: Perms): void {
    for (let index = paths.length - 1; index >= 0; index--) {
      const path = paths[index] as string;
      const access = this.#access(path);
      const octets = index === 0 ? value : NO_OCTETS;
      access.node = new StoreNode(octets, perms, this.#daemon.store.generation, PRIVATE_MARK);
      access.modified = true;
      const parent = this.#modifiable(parentOf(path));
      parent.children ??= new Map();
      parent.children.set(nameOf(path), access.node);
      this.#count(perms, 1);
    }
    for (const path of [...paths, parentOf(paths.at(-1) as string)]) this.#own(path);
    this.#changes.push((store) => store.createAll(paths, value, perms));
  }

  #count(perms: Perms, nodes: number): void {
    const domid = perms[0]?.domid ?? 0;
    this.made.set(domid, (this.made.get(domid) ?? 0) + nodes);
  }

  remove(path: string, leave?: (path: string, node: StoreNode) => void): void {
    const parent = this.#access(parentOf(path)).node;
    if (parent === undefined) throw refusal("EINVAL");
    this.#leave(path, leave);
    // Seen without the child, which came later: the daemon takes that for a damaged store.
    if (!parent.children?.has(nameOf(path))) throw refusal("EIO");
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
      if (!this.#mayAccess(child) || this.#access(child).node === undefined) throw refusal("EIO");
      this.#leave(child, leave);
      // The list of children is written anew for each of them.
      this.#daemon.store.generation++;
    }
    access.modified = true;
    this.#daemon.store.generation++;
    const { domains, profile } = this.#daemon;
    // Since 4.18 a node cannot be taken from an owner that is gone.
    const isOrphan = !domains.isKnown(node.perms[0]?.domid ?? 0);
    if (isOrphan && profile.specialPerms !== undefined) throw refusal("EIO");
    access.node = undefined;
    this.#count(node.perms, -1);
    leave?.(path, node);
  }

  /** Watches of `path` are told at the end; one for all below outweighs an exact one. */
  queueEvent(path: string, exact: boolean): void {
    const access = this.#access(path);
    if (access.event === undefined || !exact) access.event = exact ? "exact" : "tree";
  }

  /** A guest's transaction has a limit of nodes, and fails beyond it. */
  #mayAccess(path: string): boolean {
    if (this.#connection.privileged || this.#accessed.has(path)) return true;
    const max = this.#daemon.quota("transactionNodes", this.#connection.domid);
    if (this.#accessed.size < max) return true;
    this.#failed = true;
    return false;
  }

  #access(path: string): Access {
    const known = this.#accessed.get(path);
    if (known !== undefined) return known;
    if (!this.#mayAccess(path)) throw refusal("ENOSPC");
    const found = this.#daemon.store.read(path);
    if (found !== undefined) found.watchers++;
    const generation = found?.generation ?? NO_GENERATION;
    const access: Access = { found, generation, node: found, modified: false, event: undefined };
    this.#accessed.set(path, access);
    return access;
  }

  /** The node at `path`, written once more. */
  #own(path: string): StoreNode {
    const node = this.#modifiable(path);
    node.perms = this.#daemon.permsOf(node);
    node.generation = ++this.#daemon.store.generation;
    return node;
  }

  #modifiable(path: string): StoreNode {
    const access = this.#access(path);
    if (access.node === undefined) throw new RangeError(`Cannot change "${path}" as it must exist`);
    if (access.node === access.found) access.node = access.found.copy(PRIVATE_MARK);
    access.modified = true;
    return access.node;
  }

  commit(): void {
    const daemon = this.#daemon;
    if (this.#doomed) throw refusal("EAGAIN");
    if (this.#failed) throw refusal("ENOMEM");
    this.#demandNodes();
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

  /** Owners must have room for what they get. */
  #demandNodes(): void {
    const { store, domains, profile } = this.#daemon;
    const isLimited = this.hasCreated && !this.#connection.privileged;
    for (const [domid, made] of this.made) {
      if (!domains.refer(domid, store.generation)) throw refusal("ENOMEM");
      const nodes = domid === 0 ? 0 : store.owned(domid) + made;
      if (isLimited && nodes >= this.#daemon.quota("nodes", domid)) throw refusal("ENOSPC");
      // Until 4.17 nobody looks whether some have gone meanwhile.
      if (nodes < 0 && profile.specialPerms !== undefined) throw refusal("ENOMEM");
    }
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
