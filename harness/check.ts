/**
 * Fails the scenario unless `holds`. `reason` is one line and the whole message:
 * `node:assert` appends lines of its own, and some of them differ by runtime.
 *
 * @module
 */

/** A claim that did not hold. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

export function check(holds: boolean, reason: string): asserts holds {
  if (!holds) throw failure(reason);
}

/** A claim that fails is a result and no defect: its reason says it all, a stack only costs. */
function failure(reason: string): CheckError {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = new CheckError(reason);
  Error.stackTraceLimit = limit;
  return error;
}
