/**
 * The process of a daemon, which stays the same while one program after the other runs in it.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { Herald } from "./herald.ts";
import type { Host } from "./host.ts";
import type { Program } from "./installation.ts";
import { programPath, RELEASES, type Release } from "./releases.ts";
import type { RunDirectory } from "./run_directory.ts";

/** Descriptor of the daemon on which it and the script between two programs are heard. */
const ANNOUNCE = 3;
/** Characters of a daemon's messages that are kept. */
const WORDS_MAX = 10_000;

/** What every daemon is updated into; see park.sh. */
export const PARK = fileURLToPath(new URL("./park.sh", import.meta.url));

/** How a process begins. */
export interface Beginning {
  readonly program: Program;
  readonly args: readonly string[];
  /** Descriptors of this process that it gets by the same numbers. */
  readonly descriptors: readonly number[];
}

export class Daemon implements Host {
  readonly herald = new Herald();
  readonly secondMs = 1000;
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #words = "";
  readonly #closed: Promise<void>;

  constructor({ program, args, descriptors }: Beginning, { path, environment }: RunDirectory) {
    const { loader, libraries } = program;
    const stdio: ("ignore" | "pipe" | number)[] = ["ignore", "ignore", "pipe", "pipe"];
    for (let fd = stdio.length; fd <= Math.max(...descriptors); fd++) {
      stdio.push(descriptors.includes(fd) ? fd : "ignore");
    }
    this.#child = spawn(loader, ["--library-path", libraries, program.path, ...args], {
      cwd: path,
      env: { ...environment, XSHIM_ANNOUNCE: String(ANNOUNCE) },
      stdio,
    });
    this.#channel = this.#child.stdio[ANNOUNCE] as Duplex;
    this.#channel.on("data", (chunk: Buffer) => this.herald.hear(String(chunk)));
    this.#channel.on("error", () => {});
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#keep(String(chunk)));
    this.#child.on("error", (error) => this.herald.end(error.message));
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        this.herald.end(signal === null ? `exit code ${code}` : signal);
        resolve();
      });
    });
  }

  /** Number of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The last thing that it wrote for its user. */
  get lastWords(): string {
    const line =
      this.#words
        .split("\n")
        .find((text) => /fatal|unknown option|unrecognized|^Cannot /i.test(text)) ?? "";
    // Where a program lies is a matter of this machine.
    return line.replace(/^\/\S*\//, "");
  }

  /** The release whose program the process runs, as the kernel says. */
  get release(): string {
    const words = commandOf(this.#child.pid ?? 0);
    return RELEASES.find((one) => runs(words, one))?.name ?? words.join(" ");
  }

  /** Settles when the process has ended. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Tells the script that waits with which words to go on; see park.sh. */
  resume(words: readonly string[]): void {
    this.#channel.write(`${words.join("\t")}\n`);
  }

  async kill(): Promise<void> {
    if (this.herald.ending === undefined) {
      // A successor of the model is a child of its process, and need not end with it.
      for (const pid of successorsOf(this.#child.pid ?? 0)) process.kill(pid, "SIGKILL");
      this.#child.kill("SIGKILL");
    }
    // The script ends when nobody is there any more.
    this.#channel.destroy();
    await this.#closed;
  }

  #keep(text: string): void {
    this.#words = `${this.#words}${text}`.slice(-WORDS_MAX);
  }
}

/** The words of what runs: of the last successor, where a process only waits for one. */
function commandOf(pid: number): string[] {
  const last = successorsOf(pid).at(-1) ?? pid;
  return readFileSync(`/proc/${last}/cmdline`, "utf8").split("\0").slice(0, -1);
}

/** Processes that were started as successors, one by the other. */
function successorsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const [successor = ""] = children.split(" ");
    if (successor !== "") return [Number(successor), ...successorsOf(Number(successor))];
  } catch {
    // It has ended.
  }
  return [];
}

function runs(words: readonly string[], release: Release): boolean {
  if (release.kind === "model") return words[words.indexOf("--profile") + 1] === release.profile;
  const [, , , path = ""] = words;
  return path.endsWith(programPath(release)) && path.includes(`/${release.suite}/`);
}
