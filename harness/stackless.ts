/**
 * Errors that are results and no defects: what a machine or a scenario says when it declines. The
 * message says it all; a stack that nobody reads would cost more than the error.
 *
 * @module
 */

/** The error that `make` makes, without a stack. */
export function stackless<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
