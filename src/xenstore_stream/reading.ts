/**
 * A stream that was read as far as there are records, and what is known of it since: whoever
 * looks at it next need not do that again.
 *
 * @module
 */
import type { StreamError } from "./error.ts";
import type { Shape, Stream } from "./layout.ts";
import { readStream } from "./reader.ts";

export interface Reading {
  readonly stream: Stream;
  /** What could not be read, in order. */
  readonly faults: readonly StreamError[];
  /** Whether all paths and tokens have been looked at and are good. */
  readonly isConsistent: boolean;
}

/** Reads `octets` to the end, whatever is in them. */
export function readThrough(
  octets: Uint8Array,
  shape: Partial<Shape> & Pick<Shape, "layout">,
): Reading {
  const faults: StreamError[] = [];
  const stream = readStream(octets, { ...shape, onFault: (fault) => faults.push(fault) });
  return { stream, faults, isConsistent: false };
}
