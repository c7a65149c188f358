/**
 * The command line as tests call it: with its input given and its output caught.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommandLine } from "./command_line.ts";
import { counterProduct } from "./counter_product.ts";
import { OutputClosed } from "./exit.ts";
import type { Product } from "./product.ts";
import type { Shell } from "./shell.ts";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Outside {
  readonly product?: Product;
  readonly input?: string | readonly Uint8Array[];
  /** Interrupts the run as soon as somebody listens. */
  readonly interrupt?: boolean;
  /** Nobody reads standard output. */
  readonly closed?: boolean;
}

export async function call(args: readonly string[], outside: Outside = {}): Promise<Answer> {
  const { product = counterProduct(), input = "", interrupt = false, closed = false } = outside;
  let out = "";
  let err = "";
  const shell: Shell = {
    colour: false,
    progress: false,
    write(piece) {
      if (closed) return Promise.reject(new OutputClosed("EPIPE"));
      out += typeof piece === "string" ? piece : Buffer.from(piece).toString("latin1");
      return Promise.resolve();
    },
    tell(text) {
      err += text;
    },
    async *input(path) {
      if (path !== undefined) yield readFileSync(path);
      else if (typeof input === "string") yield Buffer.from(input);
      else yield* input;
    },
    onInterrupt(listener) {
      if (interrupt) listener();
      return { [Symbol.dispose]() {} };
    },
  };
  const code = await runCommandLine(args, product, shell);
  return { code, out, err };
}

/** A directory that is gone after `body`. */
export async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    await body(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
