/**
 * An adapter as a child process: messages on its standard input and output, its log on standard
 * error. It is the leader of a group of processes, which is ended as a whole.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Channel, Listener, Loss } from "./channel.ts";
import { FramingError, MESSAGE_BYTES_MAX, MessageReader } from "./framing.ts";

/** How a child begins. */
export interface Child {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly messageBytesMax?: number;
}

/** Time that a child has to end by itself when its standard input ends. */
const LEAVE_MS = 1_000;
/** Time in which what an ended child has written still comes. */
const LINGER_MS = 200;

export class ChildChannel implements Channel {
  readonly canFrame = true;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #reader: MessageReader;
  readonly #listener: Listener;
  #lost = false;
  #ended = false;
  readonly #closed: Promise<void>;

  constructor({ command, cwd, env = {}, messageBytesMax }: Child, listener: Listener) {
    const [program = "", ...args] = command;
    this.#listener = listener;
    this.#reader = new MessageReader(listener.hear, messageBytesMax ?? MESSAGE_BYTES_MAX);
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on("error", () => {});
    stdout.on("error", () => {});
    stderr.on("error", () => {});
    stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    stderr.on("data", (chunk: Buffer) => listener.log(chunk.toString("utf8")));
    this.#closed = this.#watch();
  }

  /** Number of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(text: string, octets?: Uint8Array): void {
    const { stdin } = this.#child;
    if (octets === undefined) {
      stdin.write(`${text}\n`);
      return;
    }
    stdin.write(`${text}\n`);
    stdin.write(octets);
  }

  agreeOnFrames(): void {
    this.#reader.frames = true;
  }

  end(): void {
    this.#lost = true;
    this.#kill();
  }

  async close(): Promise<void> {
    this.#lost = true;
    if (this.#ended) return;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#kill(), LEAVE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  /** Settles when the child has ended and what it wrote has come. */
  #watch(): Promise<void> {
    const { stdout, stderr } = this.#child;
    return new Promise((resolve) => {
      this.#child.on("error", (error) => {
        this.#lose({ kind: "ended", reason: `cannot be started: ${error.message}` });
        this.#ended = true;
        resolve();
      });
      this.#child.on("exit", (code, signal) => {
        this.#ended = true;
        const how = signal === null ? `exit code ${code}` : String(signal);
        // Who is left of its group may hold the pipes open for ever; who has left it, too.
        this.#kill();
        const timer = setTimeout(() => {
          stdout.destroy();
          stderr.destroy();
        }, LINGER_MS);
        let open = 2;
        const done = () => {
          if (--open > 0) return;
          clearTimeout(timer);
          this.#lose({ kind: "ended", reason: `the adapter ended: ${how}` });
          resolve();
        };
        for (const stream of [stdout, stderr]) {
          if (stream.destroyed || stream.readableEnded) done();
          else stream.once("close", done);
        }
      });
    });
  }

  #take(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#lose({ kind: "broke", reason: `the adapter wrote ${error.message}` });
      this.#kill();
    }
  }

  #lose(loss: Loss): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#listener.lose(loss);
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Nobody is left.
    }
  }
}
