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
  /** It cannot end well: what was done in it is lost. */
  doom(): void;
  /** Lets go of what it holds. */
  end(): void;
}
