/**
 * Committed nodes: each comes behind its parent, and has one.
 *
 * A parent that is not in the stream is made as xenstored makes those of a node that is written:
 * empty, with the permissions of its own parent. C xenstored exits over a node without a parent,
 * and takes a root that is not there for one of domain 0.
 *
 * @module
 */
import type { Change, Ledger } from "./ledger.ts";
import { permOf } from "./node.ts";
import { quoted } from "./quote.ts";
import type { NodeData, Perm, StreamRecord } from "./record.ts";
import { RepairError } from "./repair_error.ts";

/** Nodes that are added; a stream that lacks more is none that a daemon has written. */
export const ADDED_NODES_MAX = 2 ** 16;

const ROOT = "/";
const ROOT_PERMS: readonly Perm[] = [permOf(0x6e, 0, 0)];

export class NodeRelations {
  /** By path, all that the stream has, and others that are no nodes. */
  readonly #all: ReadonlyMap<string, StreamRecord>;
  readonly #ledger: Ledger;
  readonly #emit: (record: StreamRecord) => void;
  readonly #needsParents: boolean;
  readonly #placed = new Map<string, readonly Perm[]>();
  /** By the path of the parent that they wait for. */
  readonly #waiting = new Map<string, NodeData[]>();
  readonly #made = new Set<string>();

  constructor(
    all: ReadonlyMap<string, StreamRecord>,
    ledger: Ledger,
    emit: (record: StreamRecord) => void,
    needsParents: boolean,
  ) {
    this.#all = all;
    this.#ledger = ledger;
    this.#emit = emit;
    this.#needsParents = needsParents;
  }

  take(node: NodeData): void {
    const parent = parentOf(node.path);
    if (parent === undefined || !this.#needsParents || this.#placed.has(parent)) {
      this.#place(node);
      return;
    }
    const waiting = this.#waiting.get(parent);
    if (waiting !== undefined) {
      waiting.push(node);
      return;
    }
    this.#waiting.set(parent, [node]);
    if (!this.#all.has(parent) && !this.#made.has(parent)) this.#make(parent, node);
  }

  /** All nodes have come; none waits, as parents have come or were made. */
  end(): void {
    if (this.#waiting.size === 0) return;
    throw new Error(`Cannot relate nodes as ${this.#waiting.size} parents never came`);
  }

  /** Emits a node and all that has waited for it. */
  #place(first: NodeData): void {
    const stack = [first];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      this.#emit(node);
      this.#placed.set(node.path, node.perms);
      const waiting = this.#waiting.get(node.path) ?? [];
      this.#waiting.delete(node.path);
      for (const child of waiting.toReversed()) {
        if (this.#made.has(child.path)) stack.push({ ...child, perms: node.perms });
        else stack.push(child);
        if (this.#made.has(node.path) || this.#made.has(child.path)) continue;
        const text = `node ${quoted(child.path)} comes behind its parent`;
        this.#note({ offset: child.offset ?? 0, action: "moved", text });
      }
    }
  }

  #make(path: string, child: NodeData): void {
    if (this.#made.size >= ADDED_NODES_MAX) {
      const reason = `more than ${ADDED_NODES_MAX} parents of nodes are missing`;
      throw new RepairError(`Cannot repair the stream as ${reason}`);
    }
    this.#made.add(path);
    const parent = parentOf(path);
    const perms = (parent === undefined ? ROOT_PERMS : this.#placed.get(parent)) ?? ROOT_PERMS;
    const whose = parent === undefined ? "of domain 0" : `as ${quoted(parent)} has it`;
    const text = `node ${quoted(path)}, empty and ${whose}: ${quoted(child.path)} needs its parent`;
    this.#note({ offset: child.offset ?? 0, action: "added", text });
    const value = new Uint8Array();
    this.take({ kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value });
  }

  #note(change: Omit<Change, "section">): void {
    this.#ledger.add({ section: "NODE_DATA", ...change });
  }
}

/** The path above; the root and special nodes have none. */
function parentOf(path: string): string | undefined {
  if (path === ROOT || path[0] !== "/") return undefined;
  const at = path.lastIndexOf("/");
  return at === 0 ? ROOT : path.slice(0, at);
}
