/**
 * Transactions: what a client does in one is seen by others at its end, or never.
 *
 * @module
 */
import type { Tree } from "./store_node.ts";

export interface Transaction {
  readonly tree: Tree;
  /** Ends it well, or throws; watches are told before the answer. */
  commit(): void;
  /** It cannot end well: what was done in it is lost. */
  doom(): void;
  /** Lets go of what it holds. */
  end(): void;
}
