/**
 * A node of the store, how requests see nodes by path, and how paths lead to them.
 *
 * @module
 */
import type { Perms } from "./perms.ts";

export class StoreNode {
  value: Uint8Array;
  perms: Perms;
  /** Of the last change of value, permissions or list of children. */
  generation: number;
  children: Map<string, StoreNode> | undefined = undefined;
  /** Mark of the store that may change this object. */
  mark: number;
  /** Transactions that look at this object and must not see it change. */
  watchers = 0;

  constructor(value: Uint8Array, perms: Perms, generation: number, mark: number) {
    this.value = value;
    this.perms = perms;
    this.generation = generation;
    this.mark = mark;
  }

  copy(mark: number): StoreNode {
    const copy = new StoreNode(this.value, this.perms, this.generation, mark);
    if (this.children !== undefined) copy.children = new Map(this.children);
    return copy;
  }
}

/** Nodes by path, as a request sees them: the store itself, or a transaction. */
export interface Tree {
  read(path: string): StoreNode | undefined;
  setValue(path: string, value: Uint8Array): void;
  setPerms(path: string, perms: Perms): void;
  /** Adds a node below one that exists. */
  create(path: string, value: Uint8Array, perms: Perms): void;
  /** Adds nodes, the deepest first, and their list to the parent of the last one. */
  createAll(paths: readonly string[], value: Uint8Array, perms: Perms): void;
  /** Removes a node and all below it; `leave` is called for each, children before parents. */
  remove(path: string, leave?: (path: string, node: StoreNode) => void): void;
}

/** The node at `path` below `top`. */
export function find(top: StoreNode, path: string): StoreNode | undefined {
  if (path[0] === "@") return top.children?.get(path);
  let node: StoreNode | undefined = top;
  for (let at = 1; at < path.length && node !== undefined; ) {
    const slash = path.indexOf("/", at);
    const end = slash < 0 ? path.length : slash;
    node = node.children?.get(path.slice(at, end));
    at = end + 1;
  }
  return node;
}

/** The path one step up; that of `/` is `/`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path[0] === "@" ? path : path.slice(path.lastIndexOf("/") + 1);
}
