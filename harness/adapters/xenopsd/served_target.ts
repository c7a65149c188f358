/**
 * A served xenopsd as a target of cases: a process of its own with a folder for its database, asked
 * by HTTP like any other server.
 *
 * What is written into the database by somebody else is seen by the next process; so there is a
 * next one before the next call.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { XenopsBench, XenopsFiles } from "../../facets/xenopsd.ts";
import { listFiles, pathIn, writeFile } from "./database_files.ts";
import { ServedProcess } from "./served_process.ts";
import { WIRE_CAPABILITIES, WireTarget } from "./wire_target.ts";

/** Command that serves in a process of its own; its options follow. */
const COMMAND = [
  process.execPath,
  ...(process.versions.deno === undefined ? [] : ["run", "-A"]),
  fileURLToPath(new URL("../../main.ts", import.meta.url)),
  "serve",
  "xenopsd",
];

/** `options` say whom to behave like; `command` is what they and others follow. */
export function servedBench(
  options: readonly string[] = [],
  command: readonly string[] = COMMAND,
): XenopsBench {
  return {
    name: "served",
    capabilities: new Set([
      ...WIRE_CAPABILITIES,
      "db-access",
      "fresh",
      "host-reboot",
      "pools",
      "restart",
    ] as const),
    async open({ poolSize } = {}) {
      const folder = mkdtempSync(join(tmpdir(), "freezethaw-cases-"));
      const target = new Served([...command, ...options], folder, poolSize);
      await target.restart();
      return target;
    },
  };
}

class Served extends WireTarget {
  readonly #folder: string;
  readonly #database: string;
  readonly #words: readonly string[];
  readonly #poolSize: number | undefined;
  #process: ServedProcess | undefined;
  /** Somebody else has written into the database. */
  #isStale = false;

  constructor(command: readonly string[], folder: string, poolSize: number | undefined) {
    const socket = join(folder, "socket");
    super({ path: socket });
    this.#folder = folder;
    this.#database = join(folder, "database");
    const places = ["--socket", socket, "--database", this.#database];
    this.#words = [...command, ...places];
    this.#poolSize = poolSize;
  }

  override async wire(text: string): Promise<string> {
    if (this.#isStale) await this.restart();
    return await super.wire(text);
  }

  async restart(what: "process" | "host" = "process"): Promise<void> {
    await this.#process?.kill();
    if (what === "host") rmSync(this.#database, { recursive: true, force: true });
    this.#process = await ServedProcess.start(this.#words);
    this.#isStale = false;
    const pool_size = this.#poolSize;
    if (pool_size !== undefined) await this.call("HOST.set_worker_pool_size", { pool_size });
  }

  get files(): XenopsFiles {
    return {
      list: () => listFiles(this.#database),
      read: (path) => {
        try {
          return readFileSync(pathIn(this.#database, path), "utf8");
        } catch {
          return undefined;
        }
      },
      write: (path, text) => {
        writeFile(pathIn(this.#database, path), text);
        this.#isStale = true;
      },
    };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
