/**
 * A side of a comparison: a fresh process for each run, which prints what it measures.
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

/** What starts a side: a command for the shell, or a folder with a build of this program. */
export function commandOf(side: string): readonly string[] {
  if (!existsSync(side) || !statSync(side).isDirectory()) return ["/bin/sh", "-c", side];
  const main = resolve(join(side, "harness", "main.ts"));
  if (!existsSync(main)) {
    throw new UsageError(`Cannot compare as the folder ${side} must have a build: no ${main}`);
  }
  const flags = "Deno" in globalThis ? ["run", "-A"] : process.execArgv;
  return [process.execPath, ...flags, main, "bench", "sample"];
}

/** Runs `command` once. Throws a {@linkcode SideError} when it does not end well, or in time. */
export async function runSide(
  command: readonly string[],
  side: SideName,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly Metric[]> {
  const output = await outputOf(command, side, timeoutMs, signal);
  try {
    return readMetrics(output);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SideError(`${error.message} (side ${side})`);
    throw error;
  }
}

function outputOf(
  [program = "", ...args]: readonly string[],
  side: SideName,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
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
