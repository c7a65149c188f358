/**
 * Changes of a saved state between the old daemon and the new one: what a disk, another program or
 * a release to come may have made of it. Each is a function of the octets alone.
 *
 * @module
 */
import {
  ACCESS_WRITTEN,
  aligned,
  bodySize,
  type NodeData,
  RECORD_HEADER_SIZE,
  readStream,
  type Stream,
  type StreamRecord,
  writeStream,
} from "../../../src/xenstore_stream/mod.ts";
import type { Dialect } from "./releases.ts";

/** Types of records end far below. */
const UNKNOWN_TYPE = 0x99;
/** What nobody writes where there should be zeros, or nothing. */
const ODD = 0xa5;

const BINARY: Readonly<Record<string, (stream: Stream) => Uint8Array>> = {
  "cut-half": (stream) => firstOf(stream, stream.records.length / 2),
  "cut-record": (stream) => {
    const [before, until] = [firstOf(stream, -2), firstOf(stream, -1)];
    return until.subarray(0, (before.length + until.length) / 2);
  },
  "unknown-record": (stream) =>
    beforeEnd(stream, { kind: "UNKNOWN", type: UNKNOWN_TYPE, body: Buffer.from("whatever") }),
  "exact-length": (stream) => writeStream({ ...stream, lengths: "spec" }),
  "odd-padding": (stream) => {
    const octets = writeStream(stream);
    for (const record of stream.records) {
      const end = (record.offset ?? 0) + RECORD_HEADER_SIZE + bodySize(record, stream);
      octets.fill(ODD, end, aligned(end));
    }
    return octets;
  },
  "after-end": (stream) => writeStream({ ...stream, rest: new Uint8Array(24).fill(ODD) }),
  "pending-node": (stream) => {
    const connection = stream.records.find((record) => record.kind === "CONNECTION_DATA");
    const ids = { connId: connection?.connId ?? 0, txId: 1 };
    const pending = { ...nodeAt("/pending"), ...ids, access: ACCESS_WRITTEN };
    return beforeEnd(stream, { kind: "TRANSACTION_DATA", ...ids }, pending);
  },
  "no-end": (stream) => firstOf(stream, -1),
  // The flag alone: the records stay little-endian.
  "big-endian": (stream) => writeStream({ ...stream, flags: 1 }),
  "reserved-flag": (stream) => writeStream({ ...stream, flags: 2 }),
  "version-zero": (stream) => writeStream({ ...stream, version: 0 }),
  "version-three": (stream) => writeStream({ ...stream, version: 3 }),
  "end-only": (stream) => writeStream({ ...stream, records: stream.records.slice(-1) }),
  "no-global": (stream) => {
    const records = stream.records.filter(({ kind }) => kind !== "GLOBAL_DATA");
    return writeStream({ ...stream, records });
  },
  "no-parent": (stream) => beforeEnd(stream, nodeAt("/no/parent/here")),
  "watch-of-nobody": (stream) =>
    beforeEnd(stream, { kind: "WATCH_DATA", connId: 9999, path: "/w", token: "t" }),
};

const TEXT: Readonly<Record<string, (state: Buffer) => Uint8Array>> = {
  "cut-half": (state) => {
    const lines = state.toString("latin1").split("\n");
    return Buffer.from(`${lines.slice(0, lines.length / 2).join("\n")}\n`, "latin1");
  },
  "cut-record": (state) => state.subarray(0, state.length - 3),
  "unknown-record": (state) => Buffer.concat([state, Buffer.from("whatever,2f,6e30\n")]),
};

/** The faults there are, by what is saved. */
export const STREAM_FAULTS: Readonly<Record<Dialect, readonly string[]>> = {
  c: Object.keys(BINARY).map(faultName),
  ocaml: Object.keys(TEXT).map(faultName),
};

/** `state` as the fault leaves it. */
export function spoilt(fault: string, dialect: Dialect, state: Uint8Array): Uint8Array {
  const [, kind = ""] = fault.split(":");
  const changed =
    dialect === "c" ? BINARY[kind]?.(readStream(state)) : TEXT[kind]?.(Buffer.from(state));
  if (changed !== undefined) return changed;
  throw new RangeError(`Cannot spoil a state of ${dialect} by what it has not: ${fault}`);
}

function faultName(kind: string): string {
  return `stream:${kind}:restore`;
}

/** Some records from the front, counted as `slice` counts them, and nothing behind them. */
function firstOf(stream: Stream, count: number): Uint8Array {
  const records = stream.records.slice(0, count);
  return writeStream({ ...stream, records, rest: new Uint8Array() });
}

function beforeEnd(stream: Stream, ...added: readonly StreamRecord[]): Uint8Array {
  return writeStream({ ...stream, records: stream.records.toSpliced(-1, 0, ...added) });
}

/** A committed node of domain 0, to which nobody else has a right. */
function nodeAt(path: string): NodeData {
  const perms = [{ perm: "n", flags: 0, domid: 0 }];
  const value = Buffer.from("v");
  return { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value };
}
