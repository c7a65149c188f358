/**
 * Input of a command: a file or standard input, as a whole or by lines, never without a limit.
 *
 * @module
 */
import { UsageError } from "./exit.ts";
import type { Shell } from "./shell.ts";

/**
 * Largest input of a command that reads it as a whole, and longest line of one that streams. A
 * decoded value takes up to a hundred times the memory of its octets.
 */
export const INPUT_SIZE_MAX = 16 * 1024 * 1024;

/** Reads all of the file `path`, or of standard input. */
export async function readAll(
  shell: Shell,
  path: string | undefined,
  sizeMax = INPUT_SIZE_MAX,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of opened(shell, path)) {
    size += chunk.length;
    demandSize(size, path, sizeMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Reads lines in batches as they arrive, without their ends; empty lines are left out. */
export async function* readLines(
  shell: Shell,
  path: string | undefined,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let size = 0;
  for await (const chunk of opened(shell, path)) {
    const text = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      pieces.push(text.slice(0, end));
      const lines = pieces.join("").split("\n").filter(isSaying);
      for (const line of lines) demandSize(line.length, path);
      yield lines;
      pieces = [];
      size = 0;
    }
    pieces.push(text.slice(end));
    size += text.length - end;
    demandSize(size, path);
  }
  const rest = pieces.join("") + decoder.decode();
  if (isSaying(rest)) yield [rest];
}

/** Reads the file `path`, or standard input, as it comes. */
export async function* opened(shell: Shell, path: string | undefined): AsyncGenerator<Uint8Array> {
  try {
    yield* shell.input(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`Cannot read ${nameOf(path)}: ${code}`);
  }
}

function demandSize(size: number, path: string | undefined, sizeMax = INPUT_SIZE_MAX): void {
  if (size <= sizeMax) return;
  throw new UsageError(
    `Cannot read ${nameOf(path)} as it must be at most ${sizeMax} octets: it is larger`,
  );
}

function nameOf(path: string | undefined): string {
  return path ?? "standard input";
}

function isSaying(line: string): boolean {
  return line.trim() !== "";
}
