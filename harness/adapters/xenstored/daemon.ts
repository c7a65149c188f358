/**
 * The process of a daemon, which stays the same while one program after the other runs in it.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Program } from "./installation.ts";
import { pluginFolder, shimPath } from "./paths.ts";
import { programPath, RELEASES, type Release } from "./releases.ts";
import type { RunDirectory } from "./run_directory.ts";

/** Descriptor of the daemon on which it and the script between two programs are heard. */
const ANNOUNCE = 3;
/** Characters of a daemon's messages that are kept. */
const WORDS_MAX = 10_000;

/** What every daemon is updated into; see park.sh. */
export const PARK = fileURLToPath(new URL("./park.sh", import.meta.url));

/** How a process ended, in words. */
export type Ending = string;

export class Daemon {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #words = "";
  readonly #heard: string[] = [];
  readonly #listeners = new Set<() => void>();
  #ending: Ending | undefined;
  readonly #closed: Promise<void>;

  constructor({ dialect }: Release, program: Program, { path, socket }: RunDirectory) {
    const own = dialect === "c" ? ["-N"] : ["--no-fork", "--config-file", program.config];
    const args = ["--library-path", program.libraries, program.path, ...own];
    this.#child = spawn(program.loader, args, {
      cwd: path,
      env: {
        PATH: "/usr/bin:/bin",
        LD_PRELOAD: shimPath(),
        XSHIM_DIR: path,
        XSHIM_XENLIB: pluginFolder(),
        XSHIM_ANNOUNCE: String(ANNOUNCE),
        XENSTORED_RUNDIR: path,
        XENSTORED_ROOTDIR: path,
        XENSTORED_PATH: socket,
      },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    this.#channel = this.#child.stdio[ANNOUNCE] as Duplex;
    this.#channel.on("data", (chunk: Buffer) => this.#hear(String(chunk)));
    this.#channel.on("error", () => {});
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#keep(String(chunk)));
    this.#child.on("error", (error) => this.#end(error.message));
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        this.#end(signal === null ? `exit code ${code}` : signal);
        resolve();
      });
    });
  }

  /** Number of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How the process ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The last thing that it wrote for its user. */
  get lastWords(): string {
    const line =
      this.#words.split("\n").find((text) => /fatal|unknown option|unrecognized/i.test(text)) ?? "";
    // Where a program lies is a matter of this machine.
    return line.replace(/^\/\S*\//, "");
  }

  /** The release whose program the process runs, as the kernel says. */
  get release(): string {
    const [, , , path = ""] = readFileSync(`/proc/${this.#child.pid}/cmdline`, "utf8").split("\0");
    const found = RELEASES.find(
      (one) => path.endsWith(programPath(one)) && path.includes(`/${one.suite}/`),
    );
    return found?.name ?? path;
  }

  /**
   * Waits until `word` is announced. False when time is up, when the process has ended, or when
   * `instead` has settled.
   */
  announced(word: string, deadlineMs: number, instead?: Promise<unknown>): Promise<boolean> {
    const heard = () => {
      const at = this.#heard.indexOf(word);
      if (at >= 0) this.#heard.splice(0, at + 1);
      return at >= 0;
    };
    return this.#wait(heard, deadlineMs, instead);
  }

  /** Settles when the process has ended. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Waits for the process to end. False when it still runs when time is up. */
  async endsWithin(deadlineMs: number): Promise<boolean> {
    await this.#wait(() => false, deadlineMs);
    return this.#ending !== undefined;
  }

  /** Tells the script that waits to go on with a program. */
  resume({ loader, libraries, path }: Program): void {
    this.#channel.write(`${loader}\t${libraries}\t${path}\n`);
  }

  async kill(): Promise<void> {
    if (this.#ending === undefined) this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #wait(done: () => boolean, deadlineMs: number, instead?: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answer: boolean) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(answer);
      };
      const look = () => {
        if (done()) settle(true);
        else if (this.#ending !== undefined) settle(false);
      };
      const timer = setTimeout(settle, deadlineMs, false);
      this.#listeners.add(look);
      instead?.then(() => settle(false));
      look();
    });
  }

  #hear(text: string): void {
    this.#heard.push(...text.split("\n").filter((line) => line !== ""));
    this.#tell();
  }

  #keep(text: string): void {
    this.#words = `${this.#words}${text}`.slice(-WORDS_MAX);
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
