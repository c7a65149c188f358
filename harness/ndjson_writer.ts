/**
 * Writes a report as NDJSON: one `run` line, one line per condition, one `end` line. Lines are
 * collected and written in large pieces; what was flushed survives an interrupt.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from "node:fs";
import type { ConditionResult, RunEnd, RunHeader } from "./report.ts";

/** Text collected before it is written, in UTF-16 units; larger gains no speed. */
const PIECE_LENGTH = 512 * 1024;

export class NdjsonWriter implements Disposable {
  readonly #file: number;
  #lines: string[] = [];
  #length = 0;

  /** Opens `path`, empty or to append. Throws when it cannot be written. */
  constructor(path: string, mode: "replace" | "append" = "replace") {
    this.#file = openSync(path, mode === "append" ? "a" : "w");
  }

  write(line: RunHeader | ConditionResult | RunEnd): void {
    const text = JSON.stringify(line);
    this.#lines.push(text, "\n");
    this.#length += text.length;
    if (this.#length >= PIECE_LENGTH) this.flush();
  }

  /** Puts everything that was written so far on disk. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const octets = Buffer.from(this.#lines.join(""));
    for (let at = 0; at < octets.length; ) at += writeSync(this.#file, octets, at);
    this.#lines = [];
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    this.flush();
    closeSync(this.#file);
  }
}
