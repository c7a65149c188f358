/**
 * A side of a comparison: most of them are a fresh process for each run, which prints what it
 * measures.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Metric, readMetrics, SideError, type SideName } from "../bench/mod.ts";
import { UsageError } from "./exit.ts";

/** Octets that a side may print, and characters of its messages that are kept. */
const OUTPUT_MAX = 16 * 2 ** 20;
const MESSAGES_MAX = 4_000;

/** A run of a side: who wants it, and how many there were before. */
export type SideRun = readonly [SideName, number];

export interface Side {
  /** Throws a {@linkcode SideError} when it does not end well, or in time. */
  each(run: SideRun, timeoutMs: number, signal: AbortSignal): Promise<readonly Metric[]>;
  /** What is measured once, as it is exact; throws likewise. */
  once(run: SideRun, timeoutMs: number, signal: AbortSignal): Promise<readonly Metric[]>;
}

/** What of this program measures. */
export interface Measure {
  /** Words of the command line. */
  readonly words: readonly string[];
  /**
   * Without compilers that optimise. What runs a few times is just when they come to it: that is
   * luck of a build, and was up to 17 % between two packings of the same commit.
   */
  readonly plain?: true;
}

export interface Measures {
  /** In each run. */
  readonly each: readonly Measure[];
  /** Once, as it is exact. */
  readonly once: readonly Measure[];
}

/** A side as it is started. */
export interface Startings {
  readonly each: readonly Starting[];
  readonly once: readonly Starting[];
}

/** What starts a process that measures, and what it has in its environment beside our own. */
export interface Starting {
  /** Words of the run with this number of its side. */
  readonly command: (run: number) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Makes one file of a program; undefined where that cannot be done. */
export type Pack = (source: string) => Promise<string | undefined>;

/**
 * Compilers and collectors of the runtime on the thread of the program: when they get a turn of
 * their own is luck, of which a short process has too little. Where its tables and its code lie is
 * luck of a build that no repetition shows, as long as it is the same in each run. So runs have
 * other seeds, and the same run of both sides has the same ones. Nothing that is compiled is kept
 * from run to run: what is in such a cache is luck of the run that wrote it.
 */
function steadyFlags(run: number, isPlain: boolean): string[] {
  const steady = ["--single-threaded", `--hash-seed=${run + 1}`, `--random-seed=${run + 1}`];
  return isPlain ? [...steady, ...PLAIN] : steady;
}

/** All functions are compiled as they are, and at once. */
const PLAIN = ["--always-sparkplug", "--no-maglev", "--no-turbofan"];
const PLAIN_BUN = { BUN_JSC_useDFGJIT: "0", BUN_JSC_useFTLJIT: "0" };

/** What starts a side: a command for the shell, or a folder's build of this program, packed. */
export async function startings(
  side: string,
  { each, once }: Measures,
  pack: Pack = () => Promise.resolve(undefined),
): Promise<Startings> {
  if (!existsSync(side) || !statSync(side).isDirectory()) {
    return { each: [{ command: () => ["/bin/sh", "-c", side], env: {} }], once: [] };
  }
  const source = resolve(join(side, "harness", "main.ts"));
  if (!existsSync(source)) {
    throw new UsageError(`Cannot compare as the folder ${side} must have a build: no ${source}`);
  }
  const main = (await pack(source)) ?? source;
  const started = ({ words, plain }: Measure) => steady([main, ...words], plain === true);
  return { each: each.map(started), once: once.map(started) };
}

function steady(words: readonly string[], isPlain: boolean): Starting {
  const { versions, execPath } = process;
  if (versions.bun !== undefined) {
    const one = { BUN_JSC_useConcurrentJIT: "0", BUN_JSC_useConcurrentGC: "0" };
    const env = isPlain ? { ...one, ...PLAIN_BUN } : one;
    return { command: () => [execPath, ...words], env };
  }
  const flags = (run: number) => {
    const those = steadyFlags(run, isPlain);
    if (versions.deno === undefined) return those;
    return ["run", "-A", "--no-code-cache", `--v8-flags=${those.join()}`];
  };
  const env = { NODE_DISABLE_COMPILE_CACHE: "1" };
  return { command: (run) => [execPath, ...flags(run), ...words], env };
}

/** The side that processes make up. */
export function processSide({ each, once }: Startings): Side {
  return {
    each: (run, ...limits) => runSide(each, run, ...limits),
    once: (run, ...limits) => runSide(once, run, ...limits),
  };
}

async function runSide(
  startings: readonly Starting[],
  [side, run]: SideRun,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly Metric[]> {
  if (startings.length === 0) return [];
  let output = "";
  for (const { command, env } of startings) {
    output += `${await outputOf({ words: command(run), env }, side, timeoutMs, signal)}\n`;
  }
  try {
    return readMetrics(output);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SideError(`${error.message} (side ${side})`);
    throw error;
  }
}

function outputOf(
  { words: [program = "", ...args], env }: { words: readonly string[]; env: Starting["env"] },
  side: SideName,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, ...env },
    });
    const pieces: Buffer[] = [];
    let length = 0;
    let messages = "";
    let reason: string | undefined;
    const end = (why: string) => {
      reason ??= why;
      endGroup(child.pid);
    };
    const timer = setTimeout(() => end(`does not end within ${timeoutMs / 1000} s`), timeoutMs);
    const interrupt = () => end("was interrupted");
    signal.addEventListener("abort", interrupt, { once: true });
    child.stdout.on("data", (piece: Buffer) => {
      length += piece.length;
      if (length > OUTPUT_MAX) end(`prints more than ${OUTPUT_MAX} octets`);
      else pieces.push(piece);
    });
    child.stderr.on("data", (piece: Buffer) => {
      messages = (messages + piece.toString("utf8")).slice(-MESSAGES_MAX);
    });
    child.on("error", (error) => end(`cannot be started: ${error.message}`));
    child.on("close", (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", interrupt);
      if (code !== 0) reason ??= `ends with ${by ?? code}${lastLine(messages)}`;
      if (reason === undefined) resolve(Buffer.concat(pieces).toString("utf8"));
      else reject(new SideError(`Cannot compare as side ${side} ${reason}`));
    });
    if (signal.aborted) interrupt();
  });
}

function lastLine(messages: string): string {
  const line = messages.trimEnd().split("\n").at(-1) ?? "";
  return line === "" ? "" : `: ${line}`;
}

/** Ends a process and all that it has started. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
