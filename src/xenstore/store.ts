/**
 * The store: a tree of nodes. Every node knows its children, so that listing and removing look at
 * nothing else; paths are found part by part.
 *
 * A copy of the store costs nothing: nodes carry the mark of the store that may change them, and
 * who does not own a node makes a copy of it, and of nothing below it, before it writes.
 *
 * Source: xen, docs/misc/xenstore.txt; generations as tools/xenstored/transaction.c counts them.
 *
 * @module
 */
import type { Perms } from "./perms.ts";
import { find, nameOf, parentOf, StoreNode, type Tree } from "./store_node.ts";

export const NO_OCTETS: Uint8Array = new Uint8Array(0);

export class Store implements Tree {
  /** Counts changes. */
  generation = 0;
  /** What is left of the permissions of a node when it is written again. */
  settled: (node: StoreNode) => Perms = ({ perms }) => perms;
  #root: StoreNode;
  /** Parent of the nodes whose names begin with @; it may be the root. */
  #specialRoot: StoreNode | undefined;
  #mark = nextMark();
  /** Nodes by owner. */
  #owned = new Map<number, number>();
  /** The same when the store was forked off. */
  #ownedBefore: ReadonlyMap<number, number> = new Map();

  constructor(perms: Perms, specialsInTree: boolean) {
    this.#root = new StoreNode(NO_OCTETS, perms, ++this.generation, this.#mark);
    if (!specialsInTree) this.#specialRoot = new StoreNode(NO_OCTETS, perms, 0, this.#mark);
    this.count(perms, 1);
  }

  get root(): StoreNode {
    return this.#root;
  }

  /** A store with the same content; from now on neither sees what the other one changes. */
  fork(): Store {
    const fork = new Store(this.#root.perms, this.#specialRoot === undefined);
    fork.#owned = new Map(this.#owned);
    fork.#ownedBefore = new Map(this.#owned);
    this.#mark = nextMark();
    fork.#root = this.#root;
    fork.#specialRoot = this.#specialRoot;
    fork.generation = this.generation;
    fork.settled = this.settled;
    return fork;
  }

  /** Takes over the content of `other`, which must not be used any more. */
  adopt(other: Store): void {
    this.#root = other.#root;
    this.#specialRoot = other.#specialRoot;
    this.#owned = other.#owned;
    this.#mark = other.#mark;
    this.generation = Math.max(this.generation, other.generation);
  }

  /** Puts `node` of the fork `other` at `path`, whose parent exists. */
  graft(path: string, node: StoreNode, other: Store): void {
    const parent = this.own(parentOf(path));
    parent.children ??= new Map();
    parent.children.set(nameOf(path), node);
    for (const [domid, owned] of other.#owned) {
      const made = owned - (other.#ownedBefore.get(domid) ?? 0);
      if (made !== 0) this.#owned.set(domid, this.owned(domid) + made);
    }
  }

  /** Nodes that `domid` owns. */
  owned(domid: number): number {
    return this.#owned.get(domid) ?? 0;
  }

  /** Adds `nodes` to what the owner has. */
  count(perms: Perms, nodes: number): void {
    const domid = perms[0]?.domid ?? 0;
    this.#owned.set(domid, this.owned(domid) + nodes);
  }

  read(path: string): StoreNode | undefined {
    return find(path[0] === "@" ? this.#top() : this.#root, path);
  }

  setValue(path: string, value: Uint8Array): void {
    const node = this.own(path);
    node.value = value;
    this.#touch(node);
  }

  setPerms(path: string, perms: Perms): void {
    const node = this.own(path);
    this.count(node.perms, -1);
    this.count(perms, 1);
    node.perms = perms;
    node.generation = ++this.generation;
  }

  create(path: string, value: Uint8Array, perms: Perms): void {
    this.createAll([path], value, perms);
  }

  createAll(paths: readonly string[], value: Uint8Array, perms: Perms): void {
    for (let index = paths.length - 1; index >= 0; index--) {
      const path = paths[index] as string;
      const made = new StoreNode(index === 0 ? value : NO_OCTETS, perms, 0, this.#mark);
      const parent = path[0] === "@" ? this.#ownTop() : this.own(parentOf(path));
      parent.children ??= new Map();
      parent.children.set(nameOf(path), made);
      this.count(perms, 1);
    }
    // Each is written once, with its list of children.
    for (const path of paths) this.own(path).generation = ++this.generation;
    const last = paths.at(-1) as string;
    const isListed = last[0] !== "@" || this.#specialRoot === undefined;
    if (isListed) this.#touch(last[0] === "@" ? this.#ownTop() : this.own(parentOf(last)));
  }

  #touch(node: StoreNode): void {
    node.perms = this.settled(node);
    node.generation = ++this.generation;
  }

  /** Makes every node anew with the permissions that `permsOf` gives it, or removes it. */
  renew(permsOf: (node: StoreNode) => Perms | undefined): void {
    const renewed = (node: StoreNode): StoreNode | undefined => {
      const copy = node.copy(this.#mark);
      for (const [name, child] of node.children ?? []) {
        const made = renewed(child);
        if (made === undefined) copy.children?.delete(name);
        else copy.children?.set(name, made);
      }
      const perms = permsOf(node);
      if (perms !== undefined) copy.perms = perms;
      else this.count(node.perms, -1);
      return perms === undefined ? undefined : copy;
    };
    this.#root = renewed(this.#root) ?? this.#root;
  }

  remove(path: string, leave?: (path: string, node: StoreNode) => void): void {
    const parent = path[0] === "@" ? this.#ownTop() : this.own(parentOf(path));
    const node = parent.children?.get(nameOf(path));
    if (node === undefined) return;
    this.#leave(path, node, leave);
    parent.children?.delete(nameOf(path));
    if (path[0] !== "@") this.#touch(parent);
  }

  #leave(
    path: string,
    node: StoreNode,
    leave: ((path: string, node: StoreNode) => void) | undefined,
  ): void {
    for (const [name, child] of node.children ?? []) {
      this.#leave(`${path}/${name}`, child, leave);
      // The list of children is written anew for each of them.
      this.generation++;
    }
    this.generation++;
    this.count(node.perms, -1);
    leave?.(path, node);
  }

  /** The node at `path`, which exists, as an object that may be changed. */
  own(path: string): StoreNode {
    if (path[0] === "@") return this.#ownChild(this.#ownTop(), path);
    let node = this.#ownRoot();
    for (let at = 1; at < path.length; ) {
      const slash = path.indexOf("/", at);
      const end = slash < 0 ? path.length : slash;
      node = this.#ownChild(node, path.slice(at, end));
      at = end + 1;
    }
    return node;
  }

  #ownChild(parent: StoreNode, name: string): StoreNode {
    const node = parent.children?.get(name);
    if (node === undefined) throw new RangeError(`Cannot change node "${name}" as it must exist`);
    if (this.#mayChange(node)) return node;
    const copy = node.copy(this.#mark);
    parent.children?.set(name, copy);
    return copy;
  }

  #ownRoot(): StoreNode {
    if (!this.#mayChange(this.#root)) this.#root = this.#root.copy(this.#mark);
    return this.#root;
  }

  #top(): StoreNode {
    return this.#specialRoot ?? this.#root;
  }

  #ownTop(): StoreNode {
    const top = this.#top();
    if (top === this.#root) return this.#ownRoot();
    if (!this.#mayChange(top)) this.#specialRoot = top.copy(this.#mark);
    return this.#top();
  }

  #mayChange(node: StoreNode): boolean {
    return node.mark === this.#mark && node.watchers === 0;
  }
}

let marks = 0;

/** Marks are told apart, and nothing else. */
function nextMark(): number {
  return ++marks;
}
