/**
 * What in a stream is not as the specification has it, as a list with a limit.
 *
 * @module
 */
import type { RuleCode } from "./rules.ts";

export interface Violation {
  /** Which rule it breaks; see `rules.ts`. */
  readonly code: RuleCode;
  /** First octet of the field at fault. */
  readonly offset: number;
  /** Section of the specification, docs/designs/xenstore-migration.md, or of the draft. */
  readonly section: string;
  readonly text: string;
}

/** Violations that are listed; whoever has more is not helped by them. */
export const VIOLATIONS_MAX = 10_000;

export class Violations {
  readonly list: Violation[] = [];
  /** How many there are, listed or not. */
  count = 0;

  add(code: RuleCode, offset: number, section: string, text: string): void {
    this.count++;
    if (this.list.length < VIOLATIONS_MAX) this.list.push({ code, offset, section, text });
  }

  /** In order of their places. */
  sorted(): readonly Violation[] {
    return this.list.toSorted((a, b) => a.offset - b.offset);
  }
}
