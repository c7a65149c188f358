/**
 * The folder that one daemon runs in: its socket, its state, and what stands for domains.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pluginFolder, shimPath } from "./paths.ts";
import type { Dialect } from "./releases.ts";

const PAGE_LENGTH = 4096;
/** Event channel of domain 0; the program in OCaml of 4.14 dies of a line feed after it. */
const DOM0_PORT = "2";
/** File that holds the state between two daemons. */
const STATE_FILES: Readonly<Record<Dialect, string>> = { c: "state_dump", ocaml: "db" };

export class RunDirectory implements Disposable {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), "freezethaw-xs-"));
    this.makeDomain(0);
    writeFileSync(join(this.path, "xsd_port"), DOM0_PORT);
  }

  /** An executable file whose interpreter there is not; made when it is asked for. */
  get unfitProgram(): string {
    const path = join(this.path, "unfit");
    writeFileSync(path, "#!/no/such/interpreter\n", { mode: 0o700 });
    return path;
  }

  get socket(): string {
    return join(this.path, "socket");
  }

  /** What a daemon is told of this folder, with what stands in for the hypervisor before it. */
  get environment(): Record<string, string> {
    return {
      PATH: "/usr/bin:/bin",
      LD_PRELOAD: shimPath(),
      XSHIM_DIR: this.path,
      XSHIM_XENLIB: pluginFolder(),
      XENSTORED_RUNDIR: this.path,
      XENSTORED_ROOTDIR: this.path,
      XENSTORED_PATH: this.socket,
    };
  }

  get events(): string {
    return join(this.path, "evtchn");
  }

  page(domid: number): string {
    return join(this.path, `dom${domid}.ring`);
  }

  /** A domain is there as long as its page is. */
  makeDomain(domid: number): void {
    writeFileSync(this.page(domid), new Uint8Array(PAGE_LENGTH));
  }

  removeDomain(domid: number): void {
    unlinkSync(this.page(domid));
  }

  /** Name of the file with the state. */
  stateFile(dialect: Dialect): string {
    return STATE_FILES[dialect];
  }

  /** State that a daemon has left, or nothing when there is none. */
  readState(dialect: Dialect): Uint8Array {
    try {
      return new Uint8Array(readFileSync(join(this.path, STATE_FILES[dialect])));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Uint8Array();
      throw error;
    }
  }

  writeState(dialect: Dialect, bytes: Uint8Array): void {
    writeFileSync(join(this.path, STATE_FILES[dialect]), bytes, { mode: 0o600 });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
