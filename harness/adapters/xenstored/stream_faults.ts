/**
 * Changes of a saved state between the old daemon and the new one: what a disk, another program or
 * a release to come may have made of it. Each is a function of the octets alone.
 *
 * @module
 */

import type { Dialect } from "./releases.ts";
import {
  CONNECTION_DATA,
  END,
  encodeRecord,
  exactLength,
  GLOBAL_DATA,
  HEADER_LENGTH,
  NODE_DATA,
  newRecord,
  recordsOf,
  type StreamRecord,
  TRANSACTION_DATA,
  WATCH_DATA,
} from "./stream_records.ts";

type Change = (state: Buffer) => Uint8Array;

/** Types of records end far below. */
const UNKNOWN_TYPE = 0x99;
/** Owner of a node that is added: domain 0, to whom all others have no right. */
const ONLY_DOM0: readonly number[] = ["n".charCodeAt(0), 0];

/** Places of the version and of the flags in the header, which is big-endian. */
const [VERSION_AT, FLAGS_AT] = [8, 12] as const;

const BINARY: Readonly<Record<string, Change>> = {
  "cut-half": (state) => {
    const records = recordsOf(state);
    return headAnd(
      state,
      records.slice(0, records.length / 2).map((one) => encodeRecord(one)),
    );
  },
  "cut-record": (state) => {
    const records = recordsOf(state)
      .slice(0, -1)
      .map((one) => encodeRecord(one));
    const last = records.pop() ?? Buffer.alloc(0);
    return headAnd(state, [...records, last.subarray(0, last.length / 2)]);
  },
  "unknown-record": (state) =>
    beforeEnd(state, { type: UNKNOWN_TYPE, body: Buffer.from("whatever") }),
  "exact-length": (state) =>
    rewritten(state, (record) => encodeRecord(record, exactLength(record))),
  "odd-padding": (state) =>
    rewritten(state, (record) => {
      const body = Buffer.from(record.body).fill(0xa5, exactLength(record));
      return encodeRecord({ ...record, body });
    }),
  "after-end": (state) => Buffer.concat([state, Buffer.alloc(24, 0xa5)]),
  "pending-node": (state) => {
    const connection = recordsOf(state).find(({ type }) => type === CONNECTION_DATA);
    const id = connection?.body.readUInt32LE(0) ?? 0;
    const transaction = newRecord(TRANSACTION_DATA, [id, 1], [], "");
    return beforeEnd(state, transaction, nodeRecord("/pending", id, 1));
  },
  "no-end": (state) => state.subarray(0, state.length - encodeRecord(endRecord()).length),
  "big-endian": (state) => headed(state, FLAGS_AT, 1),
  "reserved-flag": (state) => headed(state, FLAGS_AT, 2),
  "version-zero": (state) => headed(state, VERSION_AT, 0),
  "version-three": (state) => headed(state, VERSION_AT, 3),
  "end-only": (state) =>
    Buffer.concat([state.subarray(0, HEADER_LENGTH), encodeRecord(endRecord())]),
  "no-global": (state) =>
    rewritten(state, (record) =>
      record.type === GLOBAL_DATA ? Buffer.alloc(0) : encodeRecord(record),
    ),
  "no-parent": (state) => beforeEnd(state, nodeRecord("/no/parent/here", 0, 0)),
  "watch-of-nobody": (state) => beforeEnd(state, newRecord(WATCH_DATA, [9999], [3, 2], "/w\0t\0")),
};

const TEXT: Readonly<Record<string, Change>> = {
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
  const change = (dialect === "c" ? BINARY : TEXT)[kind];
  if (change === undefined) {
    throw new RangeError(`Cannot spoil a state of ${dialect} by what it has not: ${fault}`);
  }
  return change(Buffer.from(state));
}

function faultName(kind: string): string {
  return `stream:${kind}:restore`;
}

function headed(state: Buffer, at: number, value: number): Uint8Array {
  const changed = Buffer.from(state);
  changed.writeUInt32BE(value, at);
  return changed;
}

function rewritten(state: Buffer, encode: (record: StreamRecord) => Uint8Array): Uint8Array {
  return headAnd(state, recordsOf(state).map(encode));
}

function headAnd(state: Buffer, records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([state.subarray(0, HEADER_LENGTH), ...records]);
}

function beforeEnd(state: Buffer, ...added: readonly StreamRecord[]): Uint8Array {
  return rewritten(state, (record) =>
    record.type === END
      ? Buffer.concat([...added, record].map((one) => encodeRecord(one)))
      : encodeRecord(record),
  );
}

function endRecord(): StreamRecord {
  return { type: END, body: Buffer.alloc(0) };
}

/** A node that a transaction has written, or a committed one of connection 0. */
function nodeRecord(path: string, connection: number, transaction: number): StreamRecord {
  const written = connection === 0 ? 0 : 2;
  const lengths = [path.length + 1, 1, written, 1];
  return newRecord(NODE_DATA, [connection, transaction], [...lengths, ...ONLY_DOM0], `${path}\0v`);
}
