/**
 * The files of a database in a folder, by the names of objects.
 *
 * @module
 */
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileNameOf, nameOfFile } from "./file_name.ts";

/** Folder of what belongs to the host; no object has such a name. */
export const HOST = ".host";
const [DIRECTORY_MODE, FILE_MODE] = [0o755, 0o644];
/** A name that no reader takes. */
const HALF_WRITTEN = "~half-written";

/** Where the file of these names is. */
export function pathIn(folder: string, names: readonly string[]): string {
  return join(folder, ...names.flatMap(fileNameOf));
}

/** The names of every file below a folder; none if there is no folder. */
export function listFiles(folder: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  const walk = (at: string, path: readonly string[], begun: string) => {
    for (const entry of entriesOf(at)) {
      const read = entry.name === HOST && path.length === 0 ? undefined : nameOfFile(entry.name);
      if (read === undefined) continue;
      const name = begun + read.name;
      if (entry.isFile()) found.push([...path, name]);
      else if (read.more) walk(join(at, entry.name), path, name);
      else walk(join(at, entry.name), [...path, name], "");
    }
  };
  walk(folder, [], "");
  return found;
}

/** Puts the file in place at once, or not at all. Throws when there is no room, or for its name. */
export function writeFile(path: string, content: string | Uint8Array): void {
  const temporary = join(dirname(path), HALF_WRITTEN);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
    writeFileSync(temporary, content, { mode: FILE_MODE });
    renameSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`Cannot write a file of the database: the system says ${code}`);
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
