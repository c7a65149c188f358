/**
 * A value that is not of the type which the interface gives it.
 *
 * @module
 */
import { writeJson } from "./json_writer.ts";
import { SHOWN_LENGTH_MAX } from "./limits.ts";
import type { RpcValue } from "./rpc.ts";

/** One line with place, reason and what was found. */
export class RpcDecodeError extends Error {
  /** Names and positions from the outside down to the value at fault. */
  readonly path: readonly (string | number)[];
  readonly requirement: string;
  /** What was found; shortened. */
  readonly shown: string;

  constructor(requirement: string, shown: string, path: readonly (string | number)[] = []) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const place = path.length === 0 ? "a value" : path.join(".");
    super(`Cannot decode ${place} as ${requirement}: current value is ${shown}`);
    Error.stackTraceLimit = limit;
    this.path = path;
    this.requirement = requirement;
    this.shown = shown;
  }
}

/** The error of a value that should be `requirement`. */
export function mismatch(requirement: string, value: RpcValue | undefined): RpcDecodeError {
  if (value === undefined) return new RpcDecodeError(requirement, "absent");
  return new RpcDecodeError(requirement, shown(value));
}

/** Runs `decode`; what fails in it is told to be at `place`. */
export function at<T>(place: string | number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RpcDecodeError)) throw error;
    throw new RpcDecodeError(error.requirement, error.shown, [place, ...error.path]);
  }
}

function shown(value: RpcValue): string {
  const isLarge = typeof value === "object" && value !== null;
  const text = isLarge ? kindOf(value) : writeJson(value);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}

/** Large values are told by what they are: writing all of one would cost more than reading it. */
function kindOf(value: object): string {
  return Array.isArray(value) ? `a list of ${value.length}` : "a dict";
}
