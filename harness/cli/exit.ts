/**
 * Exit codes, and the errors that lead to them.
 *
 * @module
 */

/** As expected. */
export const EXIT_OK = 0;
/** A finding: a surprise, a stale expectation, or input that cannot be read. */
export const EXIT_FINDING = 1;
/** Wrong use, or nothing selected. */
export const EXIT_USAGE = 2;
/** The harness itself broke. */
export const EXIT_HARNESS = 3;
/** An adapter broke. */
export const EXIT_ADAPTER = 4;
/** There is not enough evidence to say. */
export const EXIT_UNKNOWN = 5;
/** Ended by an interrupt: 128 and the number of SIGINT, as shells do. */
export const EXIT_INTERRUPTED = 130;

/** The command line asks for what is not there. One line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Whoever read standard output has seen enough, such as `head`; no failure. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}
