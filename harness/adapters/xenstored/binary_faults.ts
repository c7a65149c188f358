/**
 * Changes of a binary stream; see stream_faults.ts.
 *
 * @module
 */
import {
  ACCESS_WRITTEN,
  aligned,
  bodySize,
  DOMID_INVALID,
  type NodeData,
  PERM_STALE,
  RECORD_HEADER_SIZE,
  type Stream,
  type StreamRecord,
  writeStream,
} from "../../../src/xenstore_stream/mod.ts";

/** Types of records end far below. */
const UNKNOWN_TYPE = 0x99;
/** What nobody writes where there should be zeros, or nothing. */
const ODD = 0xa5;
/** What a length of 16 bits, or of 32, says at most. */
const [U16_MAX, U32_MAX] = [0xffff, 0xffff_ffff] as const;
/** Records of a flood; a large store has as many nodes. */
const FLOOD = 20_000;
/** Domain and connection that there are not. */
const [NO_DOMID, NO_CONNECTION] = [9, 9999] as const;
/** A node that suites have. */
const DELETED = "/stream/nnn3";
/** Place of the length in the header of a record. */
const LENGTH_AT = 4;
/** Places of the length of the path and of the count of permissions in the body of a node. */
const [PATH_LEN_AT, PERM_COUNT_AT] = [8, 14] as const;

export const BINARY: Readonly<Record<string, (stream: Stream) => Uint8Array>> = {
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
    beforeEnd(stream, { kind: "WATCH_DATA", connId: NO_CONNECTION, path: "/w", token: "t" }),
  "pending-delete": (stream) => {
    const ids = { connId: connectionOf(stream), txId: 1 };
    const deleted = { ...nodeAt(DELETED), ...ids, perms: [], value: new Uint8Array() };
    return beforeEnd(stream, { kind: "TRANSACTION_DATA", ...ids }, deleted);
  },
  "version-two": (stream) => writeStream({ ...stream, version: 2 }),
  "watch-extended": (stream) => {
    const watch = { path: "/stream", token: "deep", depth: 1 };
    const record = { kind: "WATCH_DATA_EXTENDED", connId: connectionOf(stream), ...watch } as const;
    return beforeEnd({ ...stream, layout: "2", version: 2 }, record);
  },
  "no-root": (stream) => {
    const isRoot = (record: StreamRecord) => record.kind === "NODE_DATA" && record.path === "/";
    return writeStream({ ...stream, records: stream.records.filter((one) => !isRoot(one)) });
  },
  "node-twice": (stream) => {
    const nodes = stream.records.filter((record) => record.kind === "NODE_DATA");
    const node = nodes.find(({ path }) => path === DELETED) ?? nodes.at(-1);
    return beforeEnd(stream, ...(node === undefined ? [] : [node]));
  },
  "no-permissions": (stream) => beforeEnd(stream, { ...nodeAt("/bare"), perms: [] }),
  "odd-permission": (stream) => {
    const perms = [{ perm: "x", flags: 0, domid: 0 }];
    return beforeEnd(stream, { ...nodeAt("/odd"), perms });
  },
  "stale-permission": (stream) => {
    const stale = { perm: "r", flags: PERM_STALE, domid: NO_DOMID };
    const node = nodeAt("/stale");
    return beforeEnd(stream, { ...node, perms: [...node.perms, stale] });
  },
  "ring-of-nobody": (stream) =>
    beforeEnd(stream, {
      kind: "CONNECTION_DATA",
      connId: NO_CONNECTION,
      fields: 0,
      spec: { type: "ring", domid: NO_DOMID, tdomid: DOMID_INVALID, evtchn: 1000 + NO_DOMID },
      inData: new Uint8Array(),
      outRespLen: 0,
      outData: new Uint8Array(),
    }),
  "value-max": (stream) =>
    beforeEnd(stream, { ...nodeAt("/large"), value: new Uint8Array(U16_MAX).fill(ODD) }),
  "nodes-first": (stream) => {
    const { records } = stream;
    const nodes = records.filter(({ kind }) => kind === "NODE_DATA");
    const others = records.filter(({ kind }) => kind !== "NODE_DATA" && kind !== "GLOBAL_DATA");
    const [first] = records.filter(({ kind }) => kind === "GLOBAL_DATA");
    const moved = [...(first === undefined ? [] : [first]), ...nodes, ...others];
    return writeStream({ ...stream, records: moved });
  },
  flood: (stream) => {
    const record = { kind: "UNKNOWN", type: UNKNOWN_TYPE, body: Buffer.from("whatever") } as const;
    return beforeEnd(stream, ...new Array<StreamRecord>(FLOOD).fill(record));
  },
  "path-not-text": (stream) => beforeEnd(stream, nodeAt("/\xff\n\x01")),
  "path-empty": (stream) => beforeEnd(stream, nodeAt("")),
  "length-max": (stream) => {
    const [octets, at] = lastNode(stream);
    octets.writeUInt32LE(U32_MAX, at + LENGTH_AT);
    return octets;
  },
  "path-beyond": (stream) => {
    const [octets, at] = lastNode(stream);
    octets.writeUInt16LE(U16_MAX, at + RECORD_HEADER_SIZE + PATH_LEN_AT);
    return octets;
  },
  "permissions-beyond": (stream) => {
    const [octets, at] = lastNode(stream);
    octets.writeUInt16LE(U16_MAX, at + RECORD_HEADER_SIZE + PERM_COUNT_AT);
    return octets;
  },
  "cut-header": (stream) => writeStream(stream).subarray(0, 12),
  empty: () => new Uint8Array(),
};

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

function connectionOf(stream: Stream): number {
  const found = stream.records.find((record) => record.kind === "CONNECTION_DATA");
  return found?.connId ?? 0;
}

/** The stream with a node more, and where that begins. */
function lastNode(stream: Stream): readonly [octets: Buffer, at: number] {
  const at = writeStream({ ...stream, records: stream.records.slice(0, -1) }).length;
  return [Buffer.from(beforeEnd(stream, nodeAt("/last"))), at];
}
