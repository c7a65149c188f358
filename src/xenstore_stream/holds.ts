/**
 * How much is in a stream.
 *
 * @module
 */
import { readDump } from "./dump_reader.ts";
import type { StreamRecord } from "./record.ts";

export interface Holds {
  readonly connections: number;
  readonly watches: number;
  readonly nodes: number;
}

export function recordsHold(records: readonly StreamRecord[]): Holds {
  return counted(records.map(({ kind }) => kind));
}

/** What is in a text dump. */
export function dumpHolds(octets: Uint8Array): Holds {
  return counted(readDump(octets).lines.map(({ kind }) => kind));
}

function counted(kinds: readonly string[]): Holds {
  const count = (...counted: readonly string[]) =>
    kinds.reduce((sum, kind) => (counted.includes(kind) ? sum + 1 : sum), 0);
  return {
    connections: count("CONNECTION_DATA", "dom", "socket"),
    watches: count("WATCH_DATA", "WATCH_DATA_EXTENDED", "watch"),
    nodes: count("NODE_DATA", "store"),
  };
}
