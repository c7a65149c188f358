/**
 * A process that serves, from its first word on standard error to its end.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";

export class ServedProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess, ended: Promise<void>) {
    this.#child = child;
    this.#ended = ended;
  }

  /** Starts it, and waits until it says that it serves. */
  static async start([program = "", ...args]: readonly string[]): Promise<ServedProcess> {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise<void>((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => resolve());
    });
    let said = "";
    const { promise: serves, resolve } = Promise.withResolvers<boolean>();
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk;
      if (said.includes("Serving ")) resolve(true);
    });
    if (await Promise.race([serves, ended])) return new ServedProcess(child, ended);
    throw new Error(`Cannot serve: ${said.trim().split("\n").at(-1)}`);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
