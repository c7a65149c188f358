/**
 * The database of a served xenopsd in a folder: a file for each object, written at once or not at
 * all. Beside it, in `.host`, is what a real host would have: domains, what they hold of disks, and
 * suspend images. So a process that is killed leaves all of it to the next one.
 *
 * Source: facts of xenopsd, section 6. Nothing is flushed to the disk: files outlive the process
 * and not the host, as those of the known implementation, which are in memory.
 *
 * @module
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Codec, INT, readJson, writeJson } from "../../../src/xenops_interface/mod.ts";
import { type Observer, World } from "../../../src/xenopsd/mod.ts";
import {
  DOM_RECORD,
  recordOfDom,
  restoreDom,
  restoreStorage,
  STORAGE_RECORD,
} from "./dom_record.ts";
import { fileNameOf, nameOfFile } from "./file_name.ts";

/** Folder of what belongs to the host; no object has such a name. */
const HOST = ".host";
const [DIRECTORY_MODE, FILE_MODE] = [0o755, 0o644];

export class Database {
  readonly #folder: string;
  readonly world: World;

  /** Reads what is in the folder; throws, in one line, when it cannot be read. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, HOST), { recursive: true, mode: DIRECTORY_MODE });
    this.world = new World();
    this.#readFiles(folder, [], "");
    this.#readHost();
  }

  /** Writes what changes from now on. */
  get observer(): Observer {
    const { fs, hv } = this.world;
    return {
      onFs: (path) => {
        const text = fs.text(path);
        if (text === undefined) this.#remove(this.#pathOf(path));
        else write(this.#pathOf(path), text);
      },
      onDom: (dom, change) => {
        if (change === "destroyed") this.#remove(this.#hostPath("dom", `${dom.domid}`));
        else this.#writeHost("dom", `${dom.domid}`, DOM_RECORD, recordOfDom(dom));
        if (change === "created") this.#writeHost("next", "domid", INT, hv.nextDomid);
      },
      onStorage: (storage) => {
        const key = `${storage.vm}/${storage.dev}`;
        if (hv.storage.get(key) !== storage) this.#remove(this.#hostPath("storage", key));
        else this.#writeHost("storage", key, STORAGE_RECORD, storage);
      },
      onImage: (name) => {
        const octets = hv.images.get(name);
        if (octets === undefined) this.#remove(this.#hostPath("image", name));
        else write(this.#hostPath("image", name), octets);
      },
    };
  }

  #pathOf(path: readonly string[]): string {
    return join(this.#folder, ...path.flatMap(fileNameOf));
  }

  #hostPath(kind: string, key: string): string {
    return join(this.#folder, HOST, kind, ...fileNameOf(key));
  }

  #writeHost<T>(kind: string, key: string, codec: Codec<T>, value: T): void {
    write(this.#hostPath(kind, key), writeJson(codec.encode(value)));
  }

  /** Removes a file, and the folders that are empty without it. */
  #remove(path: string): void {
    try {
      unlinkSync(path);
      for (let above = dirname(path); above !== this.#folder; above = dirname(above)) {
        rmdirSync(above);
      }
    } catch {
      // It was not there, or something else is in the folder.
    }
  }

  #readFiles(folder: string, path: readonly string[], begun: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const read = entry.name === HOST && path.length === 0 ? undefined : nameOfFile(entry.name);
      if (read === undefined) continue;
      const name = begun + read.name;
      const at = join(folder, entry.name);
      if (entry.isFile()) this.world.fs.writeText([...path, name], readText(at));
      else if (!entry.isDirectory()) continue;
      else if (read.more) this.#readFiles(at, path, name);
      else this.#readFiles(at, [...path, name], "");
    }
  }

  #readHost(): void {
    const { hv } = this.world;
    for (const dom of this.#hostRecords("dom", DOM_RECORD)) restoreDom(hv, dom);
    for (const it of this.#hostRecords("storage", STORAGE_RECORD)) restoreStorage(hv, it);
    for (const domid of this.#hostRecords("next", INT)) hv.nextDomid = domid;
    for (const [name, octets] of this.#hostFiles("image")) {
      hv.images.set(name, Uint8Array.from(octets));
    }
  }

  #hostRecords<T>(kind: string, codec: Codec<T>): T[] {
    return this.#hostFiles(kind).map(([name, octets]) => {
      try {
        return codec.decode(readJson(octets.toString("utf8")));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const path = this.#hostPath(kind, name);
        throw new RangeError(`Cannot read the database as of its host, in ${path}: ${reason}`);
      }
    });
  }

  #hostFiles(kind: string): [name: string, octets: Buffer][] {
    const files: [string, Buffer][] = [];
    const walk = (folder: string, begun: string) => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const read = nameOfFile(entry.name);
        if (read === undefined) continue;
        const at = join(folder, entry.name);
        if (entry.isDirectory()) walk(at, begun + read.name);
        else files.push([begun + read.name, readFileSync(at)]);
      }
    };
    const folder = join(this.#folder, HOST, kind);
    mkdirSync(folder, { recursive: true, mode: DIRECTORY_MODE });
    walk(folder, "");
    return files;
  }
}

/** Puts the file in place at once. Half-written ones have a name that no reader takes. */
function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
  const temporary = join(dirname(path), "~half-written");
  writeFileSync(temporary, content, { mode: FILE_MODE });
  renameSync(temporary, path);
}

/** A file that is no UTF-8 is no JSON either: whoever reads it sees that. */
function readText(path: string): string {
  return readFileSync(path).toString("utf8");
}
