/**
 * The files that a run or `report` writes, opened before anything else happens so that a
 * directory that cannot be written is said at once.
 *
 * @module
 */
import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { DiskFull, isDiskFull } from "../disk_full.ts";
import type { Report, Reporter } from "../report.ts";
import { UsageError } from "./exit.ts";
import type { Shell } from "./shell.ts";

/** Name of the NDJSON file of a run. */
export const RUN_FILE = "run.ndjson";

/** Files of the reporters that write one; the others print. */
const FILES: Readonly<Record<string, string>> = {
  ndjson: RUN_FILE,
  junit: "junit.xml",
  markdown: "report.md",
  html: "report.html",
  loads: "loads.ndjson",
  defects: "defects.md",
  statement: "statement.md",
  "statement-json": "statement.json",
  badge: "badge.svg",
  change: "change.md",
  tap: "run.tap",
  sarif: "run.sarif",
  "github-summary": "github-summary.md",
  gitlab: "gl-code-quality-report.json",
};

/** Text collected before it is written, in UTF-16 units. */
const PIECE_LENGTH = 256 * 1024;

/** Path of the file that reporter `name` writes in `directory`; undefined when it prints. */
export function outputPath(directory: string, name: string): string | undefined {
  const file = FILES[name];
  return file === undefined ? undefined : join(directory, file);
}

/** Makes `directory` and proves that `paths` can be written. */
export function demandWritable(directory: string, paths: readonly string[]): void {
  try {
    makeDirectory(directory);
    for (const path of paths) closeSync(openSync(path, "a"));
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot write reports to ${path ?? directory}: ${code ?? String(error)}`);
  }
}

/** Makes `path` and what is missing above it; Node's own way never comes back from /proc. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || path === "" || dirname(path) === path) throw error;
    makeDirectory(dirname(path));
    mkdirSync(path);
  }
}

/** Renders `report` into the file `path`. */
export function writeRendered(path: string, reporter: Reporter, report: Report): void {
  writePieces(path, gathered(reporter(report)));
}

/** Writes `pieces` into the file `path`. */
export function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, "w");
  try {
    for (const piece of pieces) writeFully(file, path, Buffer.from(piece));
  } finally {
    closeSync(file);
  }
}

function writeFully(file: number, path: string, octets: Buffer): void {
  try {
    for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = `Cannot write ${path}: ${code ?? String(error)}`;
    throw isDiskFull(error) ? new DiskFull(reason) : new UsageError(reason);
  }
}

/** Renders `report` to standard output. */
export async function printRendered(
  shell: Shell,
  reporter: Reporter,
  report: Report,
): Promise<void> {
  for (const piece of gathered(reporter(report))) await shell.write(piece);
}

/** Small pieces joined to large ones. */
function* gathered(pieces: Iterable<string>): Generator<string> {
  let lines: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    lines.push(piece);
    length += piece.length;
    if (length < PIECE_LENGTH) continue;
    yield lines.join("");
    lines = [];
    length = 0;
  }
  if (length > 0) yield lines.join("");
}
