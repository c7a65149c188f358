/**
 * Transactions: what a client does in one is seen by others at its end, or never.
 *
 * @module
 */
import type { Tree } from "./store.ts";

export interface Transaction {
  readonly tree: Tree;
  /** Ends it well, or throws; `afterwards` gets what is to be done when the answer is queued. */
  commit(afterwards: (() => void)[]): void;
  /** Lets go of what it holds. */
  end(): void;
}
