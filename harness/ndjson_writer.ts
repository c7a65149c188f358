/**
 * Writes a report as NDJSON: one `run` line, one line per condition, one `end` line. Lines are
 * collected and written in large pieces; what was flushed survives an interrupt.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from "node:fs";
import type { ConditionResult, RunEnd, RunHeader, ShardEvidence } from "./report.ts";
import { ReportError } from "./report_file.ts";

/** Text collected before it is written, in UTF-16 units; larger gains no speed. */
const PIECE_LENGTH = 512 * 1024;

/** Text of cells that conditions share. */
const textsOfCells = new WeakMap<ConditionResult["cells"], string>();

type ReportLine = RunHeader | ConditionResult | ShardEvidence | RunEnd;

/** One line of a report, its newline included. */
export function lineOf(line: ReportLine): string {
  if (line.type !== "condition") return `${jsonOf(line)}\n`;
  const { cells, adapterFault, ...own } = line;
  const fault = adapterFault === undefined ? "" : `,"adapterFault":${jsonOf(adapterFault)}`;
  return `${jsonOf(own).slice(0, -1)},"cells":${textOfCells(cells)}${fault}}\n`;
}

/** Characters that JSON may hold as they are and that a terminal would obey. */
const HOSTILE =
  /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;

function jsonOf(value: unknown): string {
  return JSON.stringify(value).replace(HOSTILE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function textOfCells(cells: ConditionResult["cells"]): string {
  const text = textsOfCells.get(cells) ?? jsonOf(cells);
  textsOfCells.set(cells, text);
  return text;
}

export class NdjsonWriter implements Disposable {
  readonly #file: number;
  readonly #path: string;
  #lines: string[] = [];
  #length = 0;

  /** Opens `path`, empty or to append. Throws when it cannot be written. */
  constructor(path: string, mode: "replace" | "append" = "replace") {
    this.#path = path;
    this.#file = openSync(path, mode === "append" ? "a" : "w");
  }

  write(line: ReportLine): void {
    this.writeText(lineOf(line));
  }

  /** Writes whole lines that {@linkcode lineOf} made. */
  writeText(text: string): void {
    this.#lines.push(text);
    this.#length += text.length;
    if (this.#length >= PIECE_LENGTH) this.flush();
  }

  /** Puts everything that was written so far on disk. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const octets = Buffer.from(this.#lines.join(""));
    // What cannot be written now is not tried again when the writer is disposed of.
    this.#lines = [];
    this.#length = 0;
    try {
      for (let at = 0; at < octets.length; ) at += writeSync(this.#file, octets, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const reason = `Cannot write ${this.#path}: ${code ?? String(error)}`;
      throw new ReportError(reason, code);
    }
  }

  [Symbol.dispose](): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }
}
