/**
 * The package of post-copy: a command that says how many octets behind it must have come before
 * any of them is obeyed. What is in it are parts like all others.
 *
 * Source: QEMU, migration/savevm.c, qemu_savevm_send_packaged().
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { type Command, PACKAGED, type Stream } from "./stream.ts";

/** The package that is being read, if there is one. */
export class PackageReader {
  readonly #parts: Stream["parts"][number][];
  #open: { readonly at: number; readonly end: number } | undefined;

  /** `parts` are those of the stream, to which others add. */
  constructor(parts: Stream["parts"][number][]) {
    this.#parts = parts;
  }

  /** `command` was read, and is the last of the parts. */
  begin(cursor: Cursor, { command, octets }: Command): void {
    if (command !== PACKAGED) return;
    if (this.#open !== undefined) throw cursor.error("must not be in another", "package");
    const end = cursor.offset + new OctetView(octets, false).u32(0);
    this.#open = { at: this.#parts.length - 1, end };
  }

  /** Another part begins here, or the end of all. */
  pass(cursor: Cursor, isEnd: boolean): void {
    const { offset } = cursor;
    if (this.#open === undefined || (offset < this.#open.end && !isEnd)) return;
    const { at, end } = this.#open;
    if (offset !== end) throw cursor.error(`must end at offset ${end} with a part`, "package");
    const packaged = this.#parts.length - 1 - at;
    this.#parts[at] = { ...(this.#parts[at] as Command), packaged };
    this.#open = undefined;
  }
}

/** Says how long packages are, once what is in them was written. */
export class PackageWriter {
  readonly #sink: Sink;
  #at = 0;
  #left = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** `part` was written. */
  pass(part: Stream["parts"][number]): void {
    if (this.#left > 0 && --this.#left === 0) {
      this.#sink.view.putU32(this.#at - 4, this.#sink.length - this.#at);
    }
    if (part.kind !== "command" || part.packaged === undefined) return;
    this.#at = this.#sink.length;
    this.#left = part.packaged;
  }
}
