/**
 * A report on disk, read again whenever a reporter asks and never as a whole. A last line that
 * was torn by an interrupt is left out.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { REPORT_SCHEMA, type Report, type RunEnd, type RunHeader } from "./report.ts";
import { isHeader, type Line, LineCheck } from "./report_line.ts";
import { RowReader } from "./row_reader.ts";

/** Octets read at once. */
const CHUNK_SIZE = 1024 * 1024;
/** Longest line of a report, in octets; a longer one is no report of ours. */
const LINE_SIZE_MAX = 64 * 1024 * 1024;
const NEWLINE = 10;

/** A file that is no report, one of another version, or one that cannot be written. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  /** What the system says of it. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** A report and the size of its whole lines; what follows was torn off by an interrupt. */
export interface ReportFile extends Report {
  readonly wholeSize: number;
  /** Reads all lines behind the first again. */
  lines(): Iterable<Line>;
}

/** Opens the report at `path`. Throws {@linkcode ReportError} when it holds none. */
export function openReport(path: string): ReportFile {
  const header = readHeader(path);
  const { wholeSize, last } = readEnd(path);
  const rows = new RowReader();
  const check = new LineCheck();
  function* lines(): Generator<Line> {
    let number = 0;
    for (const line of linesOf(path)) {
      number++;
      if (number === 1) continue;
      const entry = parsed(() => rows.read(line), path, number);
      if (!check.isLine(entry)) throw damaged(path, number);
      yield entry;
    }
  }
  return {
    header,
    wholeSize,
    lines,
    conditions: () => lines().filter((entry) => entry.type === "condition"),
    ...(last?.type === "end" ? { end: last } : {}),
  };
}

function readHeader(path: string): RunHeader {
  const [first] = linesOf(path).take(1);
  const header = first === undefined ? undefined : jsonOf<Partial<RunHeader>>(first, path, 1);
  if (header?.type !== "run") {
    throw new ReportError(`Cannot read ${path} as a report must begin with a line of type "run"`);
  }
  const { schema } = header as { readonly schema?: unknown };
  if (schema !== REPORT_SCHEMA) {
    const newer = Number(schema) > REPORT_SCHEMA ? "; a newer freezethaw wrote it" : "";
    throw new ReportError(
      `Cannot read ${path} as the schema of the report must be ${REPORT_SCHEMA}: ` +
        `current value is ${JSON.stringify(schema)}${newer}`,
    );
  }
  if (!isHeader(header)) throw damaged(path, 1);
  return header;
}

function damaged(path: string, number: number): ReportError {
  return new ReportError(`Cannot read ${path} as line ${number} must be a line of a report`);
}

/** Finds the end of the last whole line, and the line when it is the end of a run. */
function readEnd(path: string): { readonly wholeSize: number; readonly last?: RunEnd } {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, CHUNK_SIZE));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const whole = tail.lastIndexOf(NEWLINE) + 1;
    const from = tail.subarray(0, Math.max(whole - 1, 0)).lastIndexOf(NEWLINE) + 1;
    const text = tail.subarray(from, whole);
    const wholeSize = size - tail.length + whole;
    if (text.indexOf('{"type":"end"') !== 0) return { wholeSize };
    return { wholeSize, last: jsonOf<RunEnd>(text, path, "last") };
  } finally {
    closeSync(file);
  }
}

/** The whole lines of a file; each is gone when the next is asked for. */
function* linesOf(path: string): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    let room = Buffer.alloc(CHUNK_SIZE);
    /** Octets of a line that is not whole yet, at the front of `room`. */
    let torn = 0;
    for (;;) {
      const read = readSync(file, room, torn, room.length - torn, null);
      if (read === 0) return;
      const octets = room.subarray(0, torn + read);
      let from = 0;
      for (let to = octets.indexOf(NEWLINE, torn); to !== -1; to = octets.indexOf(NEWLINE, from)) {
        yield octets.subarray(from, to);
        from = to + 1;
      }
      octets.copyWithin(0, from);
      torn = octets.length - from;
      if (torn > LINE_SIZE_MAX) {
        throw new ReportError(
          `Cannot read ${path} as a line must be at most ${LINE_SIZE_MAX} octets: it is longer`,
        );
      }
      if (torn === room.length) room = Buffer.concat([room], 2 * torn);
    }
  } finally {
    closeSync(file);
  }
}

function jsonOf<T>(line: Buffer, path: string, number: number | "last"): T {
  return parsed<T>(() => JSON.parse(line.toString()), path, number);
}

function parsed<T>(parse: () => T, path: string, number: number | "last"): T {
  try {
    return parse();
  } catch {
    throw new ReportError(`Cannot read ${path} as line ${number} must be JSON: it is not`);
  }
}
