/**
 * Programs of the system that fetching needs: run to their end, their output as text. A program
 * that is missing or fails is a `FetchError`, which says what went wrong in one line.
 *
 * @module
 */
import { spawn } from "node:child_process";

/** Something that could not be fetched or built. */
export class FetchError extends Error {
  override readonly name = "FetchError";
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Lines of output that its error shows. */
  readonly linesMax?: number;
}

/** Runs `program` and answers its standard output. */
export function command(
  program: string,
  args: readonly string[],
  { cwd, linesMax = 4 }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data;
    });
    child.stderr.on("data", (data: Buffer) => {
      errors += data;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "is not installed" : `cannot run: ${error.message}`;
      reject(new FetchError(`${program} ${reason}`));
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(new FetchError(`${program} ended with ${signal ?? code}: ${end(errors, linesMax)}`));
    });
  });
}

/** The last lines of `text` in one. */
function end(text: string, linesMax: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-linesMax).join("; ") || "it said nothing";
}
