/**
 * What commands may do to the outside: read input, write output, hear an interrupt.
 *
 * @module
 */
import { createReadStream } from "node:fs";

export interface Shell {
  /** Standard output is a terminal that shows colours. */
  readonly colour: boolean;
  /** Standard error is a terminal, so that a line of progress is welcome. */
  readonly progress: boolean;
  /** Writes to standard output; wait for it before writing more. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Writes to standard error. */
  tell(text: string): void;
  /** Octets of the file `path`, or of standard input when there is none. */
  input(path: string | undefined): AsyncIterable<Uint8Array>;
  /** Calls `listener` at the first interrupt; disposing of the result stops that. */
  onInterrupt(listener: () => void): Disposable;
}

/** The process that runs the command line. */
export function processShell(): Shell {
  const { stdout, stderr, stdin } = process;
  // A reader that has seen enough, such as `head`, is no failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const plain = (process.env.NO_COLOR ?? "") !== "";
  return {
    colour: stdout.isTTY === true && !plain,
    progress: stderr.isTTY === true,
    write: (piece) =>
      new Promise((resolve, reject) => {
        stdout.write(piece, (error) => (error ? reject(error) : resolve()));
      }),
    tell: (text) => void stderr.write(text),
    input: (path) => (path === undefined ? stdin : createReadStream(path)),
    onInterrupt(listener) {
      process.once("SIGINT", listener);
      return { [Symbol.dispose]: () => void process.removeListener("SIGINT", listener) };
    },
  };
}
