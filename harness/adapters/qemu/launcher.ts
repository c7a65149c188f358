/**
 * Starts programs for a process that has grown large: Node makes a child by copying the tables of
 * all its memory, and does nothing else meanwhile, for longer than a QEMU takes to start. So a
 * shell, which has next to no memory, starts them, one after the other; of programs that run at
 * once each has a shell of its own.
 *
 * Each shell is the head of a group of its own, so that an interrupt from a terminal does not reach
 * what is under way; and the group goes when this process does, however it ends.
 *
 * What it does not do: other runtimes and systems, which copy nothing.
 *
 * @module
 */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { type Ending, type Launched, type Launching, STDERR_MAX } from "./launched.ts";

/**
 * Takes a program a line, tells its identifier, and how it ended. On its own standard error, which
 * nobody reads, the shell remarks on signals; what the program says goes elsewhere. Another one
 * waits for the end of a pipe that nobody writes to, which comes with the end of this process.
 */
const SCRIPT = `(
  exec <&4 >/dev/null 3>&- 4<&-
  read -r never
  kill -KILL 0
) &
exec 4<&-
while IFS= read -r line; do
  (
    read -r pid rest </proc/self/stat
    echo "$pid"
    exec </dev/null >/dev/null 2>&3 3>&-
    eval "$line"
  )
  echo "ended $?"
  printf '\\0ended\\0' >&3
done`;
const ENDED = "ended ";
/** Behind all that a program has said. */
const END = "\0ended\0";
/** A status above it is the number of a signal. */
const SIGNALS_FROM = 128;

const isNode = process.versions.deno === undefined && process.versions.bun === undefined;
/** Shells that wait for nothing. */
const idle: Launcher[] = [];

/** Whether a shell is of any use, and can be told of these words. */
export function canLaunch({ command, args, isBrought = false }: Launching): boolean {
  const isPlain = ![command, ...args].some((word) => word.includes("\n"));
  return isNode && process.platform === "linux" && isPlain && !isBrought;
}

export function launchByShell({ command, args, env }: Launching): Launched {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}; `);
  const words = [command, ...args].map(quoted).join(" ");
  return (idle.pop() ?? new Launcher()).launch(`${exports.join("")}exec ${words}\n`);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

class Launcher {
  readonly #shell = spawn("/bin/sh", ["-c", SCRIPT], {
    stdio: ["pipe", "pipe", "ignore", "pipe", "pipe"],
    detached: true,
  });
  readonly #streams = [0, 1, 3].map((at) => this.#shell.stdio[at] as Socket);
  #program = new ByShell();
  /** The beginning of a line. */
  #line = "";

  constructor() {
    const [input, said, stderr] = this.#streams as [Socket, Socket, Socket];
    said.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#line + text).split("\n");
      this.#line = lines.pop() ?? "";
      for (const line of lines) this.#hear(line);
    });
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#program.say(text);
      this.#rest();
    });
    // A shell that is gone says nothing more of its program.
    const lost = () => {
      const at = idle.indexOf(this);
      if (at >= 0) idle.splice(at, 1);
      this.#program.end({ code: null, signal: null });
    };
    input.on("error", lost);
    const alive = this.#shell.stdio[4] as Socket;
    alive.on("error", lost).unref();
    this.#shell.once("error", lost).once("close", lost);
  }

  launch(line: string): Launched {
    const program = new ByShell();
    this.#program = program;
    this.#shell.ref();
    for (const stream of this.#streams) stream.ref();
    this.#streams[0]?.write(line);
    return program;
  }

  #hear(line: string): void {
    if (!line.startsWith(ENDED)) {
      this.#program.is(Number(line));
      return;
    }
    this.#program.status = Number(line.slice(ENDED.length));
    this.#rest();
  }

  /** Once the program has ended, and what it said is here, the next one may come. */
  #rest(): void {
    const { status, isSilent } = this.#program;
    if (status === undefined || !isSilent) return;
    // Nobody has to wait for a shell without a program.
    this.#shell.unref();
    for (const stream of this.#streams) stream.unref();
    idle.push(this);
    this.#program.end(endingOf(status));
  }
}

function endingOf(status: number): Ending {
  const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const signal = signals.find(([, number]) => number === status - SIGNALS_FROM)?.[0] ?? null;
  return { code: signal === null ? status : null, signal };
}

class ByShell implements Launched {
  readonly #ended = Promise.withResolvers<Ending>();
  readonly exited = this.#ended.promise;
  #pid: number | undefined;
  #stderr = "";
  #isUnwanted = false;
  status: number | undefined;
  /** It has ended and will say nothing more. */
  isSilent = false;

  is(pid: number): void {
    this.#pid = pid;
    if (this.#isUnwanted) this.kill();
  }

  say(text: string): void {
    const words = this.#stderr + text;
    this.isSilent = words.endsWith(END);
    this.#stderr = words.slice(0, this.isSilent ? -END.length : undefined).slice(-STDERR_MAX);
  }

  stderr(): string {
    return this.#stderr;
  }

  end(ending: Ending): void {
    this.status ??= -1;
    this.#ended.resolve(ending);
  }

  kill(): void {
    this.#isUnwanted = true;
    if (this.#pid === undefined || this.status !== undefined) return;
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch (error) {
      // It has ended, and its shell is about to say so.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
