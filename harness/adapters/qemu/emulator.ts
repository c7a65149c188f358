/**
 * A running QEMU whose guest stands still: started deterministically, ruled through its monitor,
 * ended by a signal to it alone.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Program } from "./installation.ts";
import { type Answer, connectMonitor, type Monitor } from "./monitor.ts";

/** Arguments of every machine: no device that nobody asked for, a clock that says the same. */
export const BASE_ARGS = [
  "-nodefaults",
  "-no-user-config",
  ...["-display", "none", "-serial", "none", "-monitor", "none"],
  ...["-accel", "tcg", "-rtc", "base=2020-01-01T00:00:00,clock=vm"],
] as const;

/** How long a QEMU may take to open its monitor; it takes 20 to 70 ms. */
const START_MS = 20_000;
const POLL_MS = 5;
/** Characters of its standard error that are kept. */
const STDERR_MAX = 64 * 1024;

/** A QEMU that did not come up, with what it said. */
export class StartError extends Error {
  override readonly name = "StartError";
}

export class Emulator implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #stderr = "";
  #monitor: Monitor | undefined;
  #greeting: Answer = {};
  /** Where its sockets are; gone when it is disposed of. */
  readonly folder: string;

  /** Starts `program` with the arguments of a machine. */
  static async start(program: Program, args: readonly string[]): Promise<Emulator> {
    const emulator = new Emulator(program, args);
    try {
      await emulator.#connect();
      return emulator;
    } catch (error) {
      await emulator[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(program: Program, args: readonly string[]) {
    this.folder = mkdtempSync(join(tmpdir(), "freezethaw-qemu-"));
    const monitor = ["-qmp", `unix:${this.#socket},server=on,wait=off`];
    this.#child = spawn(program.command, [...program.args, ...BASE_ARGS, ...monitor, ...args], {
      env: { ...process.env, ...program.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#stderr += error.message;
        resolve();
      });
      this.#child.once("close", () => resolve());
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_MAX);
    });
  }

  /** Its monitor, which listens as long as it runs. */
  get monitor(): Monitor {
    return this.#monitor as Monitor;
  }

  /** The package that it says it is of, such as `Debian 1:10.0.13+ds-0+deb13u1`. */
  get package(): string {
    const { package: name = "" } = (this.#greeting.version ?? {}) as Answer;
    return String(name);
  }

  /** What it said on standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  get #socket(): string {
    return join(this.folder, "monitor");
  }

  async #connect(): Promise<void> {
    let hasExited = false;
    void this.#exited.then(() => {
      hasExited = true;
    });
    for (let waited = 0; this.#monitor === undefined; waited += POLL_MS) {
      if (hasExited) throw new StartError(`QEMU ended before it began: ${this.#said()}`);
      if (waited > START_MS) throw new StartError(`QEMU opens no monitor: ${this.#said()}`);
      await sleep(POLL_MS);
      // Until it listens, nobody is there.
      this.#monitor = await connectMonitor(this.#socket).catch(() => undefined);
    }
    this.#greeting = await this.#monitor.greeting();
    await this.#monitor.execute("qmp_capabilities");
  }

  #said(): string {
    return this.#stderr.trim().split("\n").join("; ") || "it said nothing";
  }

  /** Ends it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#monitor?.close();
    this.#child.kill("SIGKILL");
    await this.#exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What `query-migrate` says when it is over, good or bad. */
export const OVER: ReadonlySet<unknown> = new Set(["completed", "failed", "cancelled"]);

/** The state of a migration. */
export async function migrationOf(monitor: Monitor): Promise<Answer> {
  return (await monitor.execute("query-migrate")) as Answer;
}
