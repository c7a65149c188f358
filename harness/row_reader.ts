/**
 * Reads the lines of conditions. Most conditions end like some other, with the same cells letter
 * by letter, and cells are nearly all of a line: each row of cells is parsed once, and conditions
 * share it.
 *
 * @module
 */
import type { ConditionResult } from "./report.ts";
import type { Line } from "./report_line.ts";

/** Where the cells of a line begin; what is left of it is the condition's own. */
const CELLS = Buffer.from(',"cells":[');
/** Octets of rows that are kept, which bounds the memory whatever a report holds. */
const KEPT_MAX = 4 * 1024 * 1024;

type Shared = Pick<ConditionResult, "cells" | "adapterFault">;

/** The end of a line, from its cells on, and what it says. */
interface Row {
  readonly octets: Buffer;
  readonly shared: Shared;
}

export class RowReader {
  /** Rows by the length of their octets; few are of one length. */
  readonly #rows = new Map<number, Row[]>();
  #kept = 0;

  /** What `line` says. Throws `SyntaxError` when it is not JSON. */
  read(line: Buffer): Line {
    const at = line.indexOf(CELLS);
    if (at === -1) return JSON.parse(line.toString());
    let own: Omit<ConditionResult, keyof Shared>;
    try {
      own = JSON.parse(`${line.toString("utf8", 0, at)}}`);
    } catch {
      // These are not the cells of the condition, or the line is broken.
      return JSON.parse(line.toString());
    }
    return { ...own, ...this.#sharedOf(line.subarray(at + 1)) };
  }

  #sharedOf(octets: Buffer): Shared {
    const rows = this.#rows.get(octets.length);
    const known = rows?.find((row) => row.octets.equals(octets));
    if (known !== undefined) return known.shared;
    const shared: Shared = JSON.parse(`{${octets.toString()}`);
    if (this.#kept + octets.length > KEPT_MAX) this.#forget();
    this.#kept += octets.length;
    const row = { octets: Buffer.from(octets), shared };
    const found = this.#rows.get(octets.length);
    if (found === undefined) this.#rows.set(octets.length, [row]);
    else found.push(row);
    return shared;
  }

  #forget(): void {
    this.#rows.clear();
    this.#kept = 0;
  }
}
