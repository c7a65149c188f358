/**
 * The database of a served xenopsd in a folder: a file for each object, written at once or not at
 * all. Beside it, in `.host`, is what a real host would have: domains, what they hold of disks, and
 * suspend images. So a process that is killed leaves all of it to the next one.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_utils.ml. Nothing is flushed to the disk: files outlive
 * the process and not the host, as those of the known implementation, which are in memory.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Codec, INT, readJson, writeJson } from "../../../src/xenops_interface/mod.ts";
import { type Observer, World } from "../../../src/xenopsd/mod.ts";
import { HOST, listFiles, pathIn, writeFile } from "./database_files.ts";
import {
  DOM_RECORD,
  recordOfDom,
  restoreDom,
  restoreStorage,
  STORAGE_RECORD,
} from "./dom_record.ts";

export class Database {
  readonly #folder: string;
  readonly world: World;

  /** Reads what is in the folder; throws, in one line, when it cannot be read. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.world = new World();
    for (const path of listFiles(folder)) {
      // What is no UTF-8 is no JSON either: whoever reads it sees that.
      this.world.fs.writeText(path, readFileSync(pathIn(folder, path), "utf8"));
    }
    this.#readHost();
  }

  /** Writes what changes from now on. */
  get observer(): Observer {
    const { fs, hv } = this.world;
    return {
      onFs: (path) => {
        const text = fs.text(path);
        if (text === undefined) this.#remove(pathIn(this.#folder, path));
        else writeFile(pathIn(this.#folder, path), text);
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
        else writeFile(this.#hostPath("image", name), octets);
      },
    };
  }

  #hostPath(kind: string, key: string): string {
    return pathIn(join(this.#folder, HOST), [kind, key]);
  }

  #writeHost<T>(kind: string, key: string, codec: Codec<T>, value: T): void {
    writeFile(this.#hostPath(kind, key), writeJson(codec.encode(value)));
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

  #readHost(): void {
    const { hv } = this.world;
    for (const dom of this.#hostRecords("dom", DOM_RECORD)) restoreDom(hv, dom);
    for (const it of this.#hostRecords("storage", STORAGE_RECORD)) restoreStorage(hv, it);
    for (const domid of this.#hostRecords("next", INT)) hv.nextDomid = domid;
    for (const name of this.#hostNames("image")) {
      hv.images.set(name, Uint8Array.from(readFileSync(this.#hostPath("image", name))));
    }
  }

  #hostNames(kind: string): readonly string[] {
    return listFiles(join(this.#folder, HOST, kind)).map(([name = ""]) => name);
  }

  #hostRecords<T>(kind: string, codec: Codec<T>): T[] {
    return this.#hostNames(kind).map((name) => {
      const path = this.#hostPath(kind, name);
      try {
        return codec.decode(readJson(readFileSync(path, "utf8")));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new RangeError(`Cannot read the database as of its host, in ${path}: ${reason}`);
      }
    });
  }
}
