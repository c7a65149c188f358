/**
 * Text of a value in a failure: keys in order, nothing cut off.
 *
 * @module
 */
import { inspect } from "node:util";

/** One value, on one line when it is short. */
export function format(value: unknown): string {
  return inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: Number.POSITIVE_INFINITY,
    maxStringLength: Number.POSITIVE_INFINITY,
    sorted: true,
  });
}
