/**
 * A command line that nobody listens to, for tests that look at files and exit codes.
 *
 * @module
 */
import type { Shell } from "./shell.ts";

/** A shell for tests: nothing goes in or out. */
export const silentShell: Shell = {
  colour: false,
  progress: false,
  write: async () => {},
  tell: () => {},
  input: () => {
    throw new Error("Cannot read input as a silent shell has none");
  },
  onInterrupt: () => ({ [Symbol.dispose]: () => {} }),
};
