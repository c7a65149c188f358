/**
 * The temporary folder of one process of an adapter, so that what it leaves there is nobody else's
 * and does not stay.
 *
 * @module
 */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Octets of a block, as systems count them. */
const BLOCK_BYTES = 512;
/** Files that are looked at; who has more is asked for those only. */
const FILES_MAX = 10_000;

export class OwnFolder {
  readonly path: string;
  readonly #keeps: boolean;

  /** Within `keep`, where it stays, if that is given. */
  constructor(keep?: string) {
    this.#keeps = keep !== undefined;
    if (keep !== undefined) mkdirSync(keep, { recursive: true });
    this.path = mkdtempSync(
      join(keep ?? tmpdir(), keep === undefined ? "freezethaw-" : "process-"),
    );
  }

  /** What a process has to know of it. */
  get env(): Readonly<Record<string, string>> {
    return { TMPDIR: this.path, TMP: this.path, TEMP: this.path };
  }

  /** Octets that its files take of the disk. */
  get bytes(): number {
    return bytesBelow(this.path, { files: FILES_MAX });
  }

  /** Removes it, but for one that is kept and has something in it. */
  end(): void {
    try {
      if (this.#keeps) rmdirSync(this.path);
      else rmSync(this.path, { recursive: true, force: true });
    } catch {
      // It is kept, or somebody has made it what nobody can remove.
    }
  }
}

function bytesBelow(folder: string, left: { files: number }): number {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder)) {
      if (left.files-- <= 0) break;
      const path = join(folder, name);
      const stat = lstatSync(path);
      bytes += stat.isDirectory() ? bytesBelow(path, left) : (stat.blocks ?? 0) * BLOCK_BYTES;
    }
  } catch {
    // It has been removed meanwhile.
  }
  return bytes;
}
