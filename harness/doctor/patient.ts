/**
 * The process of an adapter: how it starts, what it says of its end, and what it leaves behind.
 *
 * Children that outlive it are found by a variable of the environment, which needs `/proc`.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { shown } from "./chart.ts";

/** How an adapter is started. */
export interface Command {
  readonly words: readonly string[];
  /** The working folder. */
  readonly folder: string;
  /** What its environment has besides that of the doctor. */
  readonly env?: Readonly<Record<string, string>>;
}

const MARK = "FREEZETHAW_DOCTOR";
/** Characters of standard error that are kept. */
const WORDS_MAX = 4000;
/** Between two looks at what is left of a process. */
const LOOK_MS = 20;
let started = 0;

/** Whether what a process leaves behind can be seen here. */
export const SEES_CHILDREN = existsSync("/proc/self/environ");

export class Patient {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #mark = `${MARK}=${process.pid}-${++started}`;
  readonly #exited: Promise<void>;
  readonly #closed: Promise<void>;
  #words = "";
  isKilled = false;
  /** How it ended; undefined while it runs. */
  ending: { readonly text: string; readonly code: number | null } | undefined;

  constructor({ words, folder, env = {} }: Command, hear: (chunk: Buffer) => void) {
    const [name = "", value] = this.#mark.split("=");
    const [program = "", ...args] = words;
    this.#child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...env, [name]: value },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdout.on("data", hear);
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#words = `${this.#words}${chunk}`.slice(-WORDS_MAX);
    });
    // Whoever has ended reads nothing.
    for (const { stream } of this.#streams()) stream.on("error", () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.on("error", (error: NodeJS.ErrnoException) => {
        this.ending ??= {
          text: `it cannot be started: ${error.code ?? error.message}`,
          code: null,
        };
        resolve();
      });
      this.#child.on("exit", (code, signal) => {
        this.ending ??= { text: signal === null ? `exit code ${code}` : signal, code };
        resolve();
      });
    });
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", () => resolve());
      this.#child.on("error", () => resolve());
    });
  }

  /** Settles when all its output has come, also that of its children. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Settles when it has ended. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  write(octets: string | Uint8Array): void {
    this.#child.stdin.write(octets);
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  kill(): void {
    this.isKilled = true;
    this.#child.kill("SIGKILL");
    for (const pid of this.#left()) kill(pid);
    for (const { stream } of this.#streams()) stream.destroy();
  }

  /** The last thing on standard error, as the end of a sentence; empty when there is none. */
  get lastWords(): string {
    const lines = this.#words.trimEnd().split("\n");
    // Runtimes tell of an error first, and then of much else.
    const line = lines.findLast((one) => /^\S*(?:Error|panic)/.test(one)) ?? lines.at(-1) ?? "";
    return line === "" ? "" : `, after it said ${shown(line)}`;
  }

  /** Processes that it has left, once they have had `graceMs` to end; they are ended then. */
  async children(graceMs: number): Promise<number> {
    let left = this.#left();
    for (let waitedMs = 0; left.length > 0 && waitedMs < graceMs; waitedMs += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      left = this.#left();
    }
    for (const pid of left) kill(pid);
    return left.length;
  }

  #left(): number[] {
    if (!SEES_CHILDREN) return [];
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => pid !== this.#child.pid && bears(pid, this.#mark));
  }

  #streams() {
    const { stdin, stdout, stderr } = this.#child;
    return [{ stream: stdin }, { stream: stdout }, { stream: stderr }];
  }
}

function bears(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark);
  } catch {
    // It has ended, or is somebody else's.
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
