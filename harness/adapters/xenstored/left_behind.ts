/**
 * What a captured state says of sockets: nobody here holds their other ends, so that they are
 * judged by nothing but what is said here; see foreign_state.ts.
 *
 * @module
 */
import {
  isDump,
  isStream,
  readDump,
  readStream,
  StreamError,
} from "../../../src/xenstore_stream/mod.ts";

/** In words; undefined when there are none, or the state cannot be read. */
export function leavesBehind(state: Uint8Array): string | undefined {
  try {
    if (isStream(state)) return wordsOf(ofStream(state));
    return isDump(state) ? wordsOf(ofDump(state)) : undefined;
  } catch (error) {
    if (error instanceof StreamError) return undefined;
    throw error;
  }
}

interface Counts {
  readonly sockets: number;
  readonly watches: number;
  /** Octets that wait to be read, and to be sent. */
  readonly input: number;
  readonly output: number;
  readonly transactions: number;
}

function ofStream(state: Uint8Array): Counts {
  const { records } = readStream(state);
  const sockets = records.flatMap((one) =>
    one.kind === "CONNECTION_DATA" && one.spec.type === "socket" ? [one] : [],
  );
  const gone = new Set(sockets.map(({ connId }) => connId));
  const count = (...kinds: readonly string[]) =>
    records.filter((one) => kinds.includes(one.kind) && "connId" in one && gone.has(one.connId))
      .length;
  return {
    sockets: sockets.length,
    watches: count("WATCH_DATA", "WATCH_DATA_EXTENDED"),
    input: sockets.reduce((sum, { inData }) => sum + inData.length, 0),
    output: sockets.reduce((sum, { outData }) => sum + outData.length, 0),
    transactions: count("TRANSACTION_DATA"),
  };
}

function ofDump(state: Uint8Array): Counts {
  const { lines } = readDump(state);
  const sockets = lines.filter(({ kind }) => kind === "socket").length;
  const watches = lines.filter((line) => line.kind === "watch" && line.owner < 0).length;
  return { sockets, watches, input: 0, output: 0, transactions: 0 };
}

function wordsOf(counts: Counts): string | undefined {
  const { sockets, watches, input, output, transactions } = counts;
  if (sockets === 0) return undefined;
  const parts = [
    [watches, "watches"],
    [transactions, "transactions"],
    [input, "octets of input"],
    [output, "octets of output"],
  ] as const;
  const theirs = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${what}: ${count}`]));
  const more = theirs.length === 0 ? "" : ` (${theirs.join(", ")})`;
  return `sockets: ${sockets}${more}; nobody here has their other ends`;
}
