/**
 * What commands may do to the outside: read input, write output, hear an interrupt.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { OutputClosed, UsageError } from "./exit.ts";

export interface Shell {
  /** Standard output shows colours. */
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
  // Who closes standard error wants no messages.
  stderr.on("error", () => {});
  return {
    colour: wantsColour(process.env, stdout.isTTY === true),
    progress: stderr.isTTY === true,
    write: writerTo(stdout),
    tell: (text) => void stderr.write(text),
    input: (path) => (path === undefined ? stdin : createReadStream(path)),
    onInterrupt(listener) {
      for (const signal of SIGNALS) process.once(signal, listener);
      return {
        [Symbol.dispose]() {
          for (const signal of SIGNALS) process.removeListener(signal, listener);
        },
      };
    },
  };
}

/** See no-color.org and force-color.org; who asks for none gets none. */
export function wantsColour(
  { NO_COLOR = "", FORCE_COLOR = "" }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  return NO_COLOR === "" && (isTerminal || !["", "0", "false"].includes(FORCE_COLOR));
}

/** Ways to ask a process to come to an end. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Writes to `stream`; a failure may be thrown, handed to a callback or emitted as an event. */
function writerTo(stream: NodeJS.WriteStream): Shell["write"] {
  let fail = (_error: unknown) => {};
  stream.on("error", (error) => fail(error));
  return (piece) =>
    new Promise((resolve, reject) => {
      fail = (error) => reject(outputError(error as NodeJS.ErrnoException));
      try {
        stream.write(piece, (error) => (error ? fail(error) : resolve()));
      } catch (error) {
        fail(error);
      }
    });
}

function outputError({ code, message }: NodeJS.ErrnoException): Error {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return new OutputClosed(message);
  return new UsageError(`Cannot write to standard output: ${code ?? message}`);
}
