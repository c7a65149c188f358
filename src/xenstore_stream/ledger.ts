/**
 * What was done to a stream to repair it, record by record, as a list with a limit.
 *
 * @module
 */

/** One thing that was done. */
export interface Change {
  /** Place in the stream that was read: of the record, or where something was missing. */
  readonly offset: number;
  /** Section of the specification, docs/designs/xenstore-migration.md; `lines` for a text dump. */
  readonly section: string;
  readonly action: "changed" | "added" | "dropped" | "moved";
  /** What was done and why. */
  readonly text: string;
  /** What somebody does not get back by it. */
  readonly lost?: string;
}

/** Changes that are listed; counted are all. */
export const CHANGES_MAX = 10_000;

export class Ledger {
  readonly list: Change[] = [];
  /** How many there are, listed or not. */
  count = 0;
  /** How many of them lose something. */
  lossCount = 0;

  add(change: Change): void {
    this.count++;
    if (change.lost !== undefined) this.lossCount++;
    if (this.list.length < CHANGES_MAX) this.list.push(change);
  }

  /** In order of their places. */
  sorted(): readonly Change[] {
    return this.list.toSorted((a, b) => a.offset - b.offset);
  }
}
