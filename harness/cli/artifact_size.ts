/**
 * A limit for what a run leaves behind: files that people need least go first, and it is said what
 * is gone. The report itself goes last, as everything is made from it.
 *
 * @module
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "./exit.ts";
import { RUN_FILE } from "./output_files.ts";

/** Patterns of files by how soon they go. */
const ORDER = [/\.log$/, /\.tap$/, /^loads\.ndjson$/, /\.html$/, /^times\.ndjson$/];

const SIZE = /^(\d{1,9})([kMG]?)$/;
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** Reads `500k`, `50M` or a number of octets. */
export function sizeOf(text: string): number {
  const [, number, unit = ""] = SIZE.exec(text) ?? [];
  const size = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (size > 0) return size;
  throw new UsageError(
    `Cannot run as --max-artifact-size must be a size such as 50M: current value is ${text}`,
  );
}

/** Removes files of `directory` until it has at most `sizeMax` octets; says what it removed. */
export function* cutTo(directory: string, sizeMax: number): Generator<string> {
  const files = filesOf(directory);
  let size = files.reduce((sum, file) => sum + file.size, 0);
  const rank = ({ path }: File) => {
    const name = basename(path);
    if (name === RUN_FILE) return ORDER.length + 1;
    const at = ORDER.findIndex((pattern) => pattern.test(name));
    return at === -1 ? ORDER.length : at;
  };
  for (const file of files.sort((a, b) => rank(a) - rank(b) || b.size - a.size)) {
    if (size <= sizeMax) return;
    rmSync(file.path);
    size -= file.size;
    yield `Left out: ${file.path} (${megabytes(file.size)}), as ${directory} may have ` +
      `${megabytes(sizeMax)}`;
  }
}

interface File {
  readonly path: string;
  readonly size: number;
}

function filesOf(directory: string): File[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, size: statSync(path).size }));
}

function megabytes(octets: number): string {
  return `${(octets / 1e6).toFixed(3)} MB`;
}
