/**
 * An adapter as a child process: messages on its standard input and output, its log on standard
 * error. It is the leader of a group of processes, which is ended as a whole.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Limits } from "../../configuration.ts";
import type { Channel, Listener, Loss } from "./channel.ts";
import { confined, NOT_STARTED } from "./confined.ts";
import { FramingError, MESSAGE_BYTES_MAX, MessageReader, type Packed } from "./framing.ts";
import { OwnFolder } from "./own_folder.ts";
import { newMark, ProcessGroup } from "./process_group.ts";

/** How a child begins. */
export interface Child {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  /** Folder where its temporary folder stays, if it does. */
  readonly keep?: string | undefined;
}

const GIB = 1024 * 1024 * 1024;
/** What a child may take when nobody says otherwise. */
const USUAL = {
  memoryBytes: 2 * GIB,
  messageBytes: MESSAGE_BYTES_MAX,
  fileBytes: 4 * GIB,
  processes: 256,
};
/** How often it is looked at what it holds. */
const LOOK_MS = 100;
/** Its files are looked at once in so many looks. */
const LOOKS_PER_FILES = 5;
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
  readonly #folder: OwnFolder;
  readonly #limits: typeof USUAL;
  #looks = 0;
  /** Something has come on its standard output. */
  #spoke = false;
  /** Lines that are not written yet. */
  #unsent = "";
  #words = "";
  #lost = false;
  #ended = false;
  readonly #closed: Promise<void>;

  constructor({ command, cwd, env = {}, limits = {}, keep }: Child, listener: Listener) {
    this.#limits = { ...USUAL, ...limits };
    const [program = "", ...args] = confined(command, this.#limits);
    this.#listener = listener;
    this.#reader = new MessageReader(listener.hear, this.#limits.messageBytes);
    this.#folder = new OwnFolder(keep);
    const mark = newMark();
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...this.#folder.env, ...env, [mark]: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { pid, stdin, stdout, stderr } = this.#child;
    const atEnd = () => this.#folder.end();
    this.#group = pid === undefined ? undefined : new ProcessGroup(pid, mark, atEnd);
    for (const stream of [stdin, stdout, stderr]) stream.on("error", () => {});
    stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    stderr.on("data", (chunk: Buffer) => this.#keep(chunk.toString("utf8")));
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#looking.unref?.();
    this.#closed = this.#watch();
  }

  /** Number of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What is said in one go is written at once, as each write wakes the child. */
  send({ text, octets }: Packed): void {
    if (this.#unsent === "") process.nextTick(() => this.#flush());
    this.#unsent += `${text}\n`;
    if (octets === undefined) return;
    this.#flush();
    this.#child.stdin.write(octets);
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
    this.#flush();
    if (!this.#ended) this.#child.stdin.end();
    const timer = setTimeout(() => this.#group?.end(), LEAVE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  #flush(): void {
    if (this.#unsent !== "") this.#child.stdin.write(this.#unsent);
    this.#unsent = "";
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
        this.#folder.end();
        finish(`the adapter cannot be started: ${code ?? message}`);
      });
      stdout.on("end", () => {
        // Who has only closed its output is of no more use.
        setTimeout(() => this.#group?.end(), LINGER_MS).unref?.();
      });
      this.#child.on("exit", (code, signal) => {
        this.#ended = true;
        // Who is left of its group may hold the pipes open for ever; who has left it, too.
        this.#group?.bury();
        const timer = setTimeout(() => {
          stdout.destroy();
          stderr.destroy();
        }, LINGER_MS);
        let open = 2;
        const done = () => {
          if (--open > 0) return;
          clearTimeout(timer);
          finish(this.#ending(code, signal));
        };
        for (const stream of [stdout, stderr]) {
          if (stream.destroyed || stream.closed) done();
          else stream.once("close", done);
        }
      });
    });
  }

  #ending(code: number | null, signal: NodeJS.Signals | null): string {
    const missing = this.#spoke ? undefined : NOT_STARTED[code ?? 0];
    if (missing !== undefined) return `the adapter cannot be started: ${missing}`;
    return `the adapter ended: ${signal ?? `exit code ${code}`}${this.#lastWords()}`;
  }

  #take(chunk: Buffer): void {
    this.#spoke = true;
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

  /** The last line that it wrote for its user; runtimes say more behind that of an error. */
  #lastWords(): string {
    const lines = this.#words.split("\n").map((line) => line.trim());
    const error = lines.findLast((line) => /^\S*(?:Error|Exception|panic|E[A-Z]+:)/.test(line));
    const last = error ?? lines.findLast((line) => line !== "");
    return last === undefined ? "" : `, after "${printable(last).slice(0, WORDS_MAX)}"`;
  }

  #look(): void {
    if (this.#lost) return;
    const { memoryBytes, processes } = this.#group?.holdings ?? { memoryBytes: 0, processes: 0 };
    const isForFiles = ++this.#looks % LOOKS_PER_FILES === 0;
    const fileBytes = isForFiles ? this.#folder.bytes : 0;
    const { memoryBytes: memoryMax, processes: processesMax, fileBytes: filesMax } = this.#limits;
    if (memoryBytes > memoryMax) this.#exceed(`holds more than ${memoryMax} octets`);
    else if (processes > processesMax) this.#exceed(`has more than ${processesMax} processes`);
    else if (fileBytes > filesMax) this.#exceed(`has files of more than ${filesMax} octets`);
  }

  #exceed(what: string): void {
    this.#lose({ kind: "ended", reason: `the adapter ${what}` });
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
