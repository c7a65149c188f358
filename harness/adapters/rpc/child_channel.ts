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
import { ProcessGroup } from "./process_group.ts";

/** How a child begins. */
export interface Child {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly messageBytesMax?: number | undefined;
  readonly memoryBytesMax?: number | undefined;
}

/** Memory that a child may hold when nobody says otherwise. */
const MEMORY_BYTES_MAX = 2 * 1024 * 1024 * 1024;
/** How often its memory is looked at. */
const MEMORY_LOOK_MS = 100;
/** Time that a child has to end by itself when its standard input ends. */
const LEAVE_MS = 1_000;
/** Time in which what an ended child has written still comes. */
const LINGER_MS = 200;
/** Characters of its last line on standard error that are told. */
const WORDS_MAX = 120;

export class ChildChannel implements Channel {
  readonly canFrame = true;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #group: ProcessGroup | undefined;
  readonly #reader: MessageReader;
  readonly #listener: Listener;
  readonly #looking: ReturnType<typeof setInterval>;
  #words = "";
  #lost = false;
  #ended = false;
  readonly #closed: Promise<void>;

  constructor({ command, cwd, env = {}, ...limits }: Child, listener: Listener) {
    const { messageBytesMax = MESSAGE_BYTES_MAX, memoryBytesMax = MEMORY_BYTES_MAX } = limits;
    const [program = "", ...args] = command;
    this.#listener = listener;
    this.#reader = new MessageReader(listener.hear, messageBytesMax);
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { pid, stdin, stdout, stderr } = this.#child;
    this.#group = pid === undefined ? undefined : new ProcessGroup(pid);
    for (const stream of [stdin, stdout, stderr]) stream.on("error", () => {});
    stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    stderr.on("data", (chunk: Buffer) => this.#keep(chunk.toString("utf8")));
    this.#looking = setInterval(() => this.#look(memoryBytesMax), MEMORY_LOOK_MS);
    this.#looking.unref?.();
    this.#closed = this.#watch();
  }

  /** Number of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(text: string, octets?: Uint8Array): void {
    const { stdin } = this.#child;
    stdin.write(`${text}\n`);
    if (octets !== undefined) stdin.write(octets);
  }

  agreeOnFrames(): void {
    this.#reader.frames = true;
  }

  end(): void {
    this.#lost = true;
    this.#group?.end();
  }

  async close(): Promise<void> {
    this.#lost = true;
    if (!this.#ended) this.#child.stdin.end();
    const timer = setTimeout(() => this.#group?.end(), LEAVE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  /** Settles when the child has ended and what it wrote has come. */
  #watch(): Promise<void> {
    const { stdout, stderr } = this.#child;
    return new Promise((resolve) => {
      const finish = (reason: string) => {
        clearInterval(this.#looking);
        this.#lose({ kind: "ended", reason });
        resolve();
      };
      this.#child.on("error", ({ code, message }: NodeJS.ErrnoException) => {
        this.#ended = true;
        finish(`the adapter cannot be started: ${code ?? message}`);
      });
      stdout.on("end", () => {
        // Who has only closed its output is of no more use.
        setTimeout(() => this.#group?.end(), LINGER_MS).unref?.();
      });
      this.#child.on("exit", (code, signal) => {
        this.#ended = true;
        // Who is left of its group may hold the pipes open for ever; who has left it, too.
        this.#group?.end();
        this.#group?.forget();
        const timer = setTimeout(() => {
          stdout.destroy();
          stderr.destroy();
        }, LINGER_MS);
        let open = 2;
        const done = () => {
          if (--open > 0) return;
          clearTimeout(timer);
          finish(`the adapter ended: ${signal ?? `exit code ${code}`}${this.#lastWords()}`);
        };
        for (const stream of [stdout, stderr]) {
          if (stream.destroyed || stream.closed) done();
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
      this.#break(`the adapter wrote ${error.message}`);
    }
  }

  #keep(text: string): void {
    this.#words = `${this.#words}${text}`.slice(-1_000);
    this.#listener.log(text);
  }

  /** The last line that it wrote for its user. */
  #lastWords(): string {
    const lines = this.#words.split("\n").map((line) => line.trim());
    const last = lines.findLast((line) => line !== "");
    return last === undefined ? "" : `, after "${printable(last).slice(0, WORDS_MAX)}"`;
  }

  #look(bytesMax: number): void {
    if (this.#lost || (this.#group?.memoryBytes ?? 0) <= bytesMax) return;
    this.#lose({ kind: "ended", reason: `the adapter holds more than ${bytesMax} octets` });
    this.#group?.end();
  }

  #break(reason: string): void {
    this.#lose({ kind: "broke", reason });
    this.#group?.end();
  }

  #lose(loss: Loss): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#listener.lose(loss);
  }
}

function printable(text: string): string {
  return Array.from(text, (it) => (it < " " || it === "\u007f" ? "?" : it)).join("");
}
