/**
 * Layouts of which there is no capture: octets written by hand from the diagrams of the
 * specification, one comment per field, in both byte orders.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { readStream, type Shape, StreamError, type StreamRecord, writeStream } from "./mod.ts";

const LITTLE = "78656e73746f7265 00000001 00000000"; // ident, version 1, flags
const BIG = "78656e73746f7265 00000001 00000001";
const LITTLE_2 = "78656e73746f7265 00000002 00000000";
const END = "00000000 00000000";

function octets(...pieces: string[]): Uint8Array {
  return fromHex(pieces.join("").replaceAll(/\s/g, ""));
}

/** Reads the one record before END, and demands that it is written again as it was. */
function only(bytes: Uint8Array, shape: Partial<Shape> = {}): StreamRecord {
  const stream = readStream(bytes, shape);
  assert.equal(toHex(writeStream(stream)), toHex(bytes));
  assert.equal(stream.records.length, 2);
  return stream.records[0] as StreamRecord;
}

/** The fields of a record that was read, without what is remembered of its frame. */
function fields(record: StreamRecord): Record<string, unknown> {
  if (record.kind === "NODE_DATA") {
    const { connId, txId, access, perms, path, value } = record;
    const held = perms.map(({ perm, flags, domid }) => [perm, flags, domid]);
    return { connId, txId, access, perms: held, path, value: toHex(value) };
  }
  const { offset: _, kind: __, ...rest } = record;
  return rest;
}

const DRAFT_NODE_BIG = [
  "00000005 00000022", // NODE_DATA, len 34: 12 + 2 permissions + 4 + 5 + 5
  "00000003", // conn-id
  "00000007", // tx-id
  "0002", // access: written
  "0002", // perm-count
  "6e 00 0005", // n, pad, domain 5
  "72 00 0000", // r, pad, domain 0
  "0005", // path-len
  "0005", // value-len
  "2f612f6200", // path /a/b
  "0001020304", // value
  "000000000000", // padding
];

test("a node of the draft has its permissions before its lengths", () => {
  const record = only(octets(BIG, ...DRAFT_NODE_BIG, END), { layout: "draft" });
  assert.deepEqual(fields(record), {
    connId: 3,
    txId: 7,
    access: 2,
    perms: [
      ["n", 0, 5],
      ["r", 0, 0],
    ],
    path: "/a/b",
    value: "0001020304",
  });
});

test("a ring of the draft has its flags in the hole, a page, and one length of data", () => {
  const ring = octets(
    LITTLE,
    "02000000 1f000000", // CONNECTION_DATA, len 31
    "01000000", // conn-id
    "0000", // conn-type: shared ring
    "0000", // flags
    "0500", // domid
    "f47f", // tdomid: DOMID_INVALID
    "0c000000", // evtchn 12
    "efcdab8967452301", // mfn
    "03000000", // data-len
    "4f4b00", // data
    "00", // padding
    END,
  );
  const { spec, outData, inData, connId } = fields(only(ring, { layout: "draft" }));
  const mfn = 0x0123456789abcdefn;
  assert.deepEqual(spec, { type: "ring", domid: 5, tdomid: 0x7ff4, evtchn: 12, mfn });
  assert.deepEqual([connId, outData, inData], [1, octets("4f4b00"), new Uint8Array()]);
});

test("a socket of the draft may be for reading only", () => {
  const socket = octets(
    BIG,
    "00000002 0000001c", // CONNECTION_DATA, len 28
    "00000009", // conn-id
    "0001", // conn-type: socket
    "0001", // flags: read-only
    "ffffffff 00000000 0000000000000000", // socket-fd, pad, pad
    "00000000", // data-len
    "00000000", // padding
    END,
  );
  const { spec, fields: flags } = fields(only(socket, { layout: "draft" }));
  assert.deepEqual([spec, flags], [{ type: "socket", fd: -1 }, 1]);
});

test("GLOBAL_DATA of the draft names the socket for reading where later there is evtchn-fd", () => {
  const global = octets(LITTLE, "01000000 08000000", "03000000", "ffffffff", END);
  const draft = fields(only(global, { layout: "draft" }));
  assert.deepEqual(draft, { rwSocketFd: 3, evtchnFd: -1, roSocketFd: -1 });
  const implemented = fields(only(global));
  assert.deepEqual(implemented, { rwSocketFd: 3, evtchnFd: -1, roSocketFd: -1 });
  const other = octets(LITTLE, "01000000 08000000", "03000000", "06000000", END);
  assert.deepEqual(fields(only(other, { layout: "draft" })).roSocketFd, 6);
  assert.deepEqual(fields(only(other)).evtchnFd, 6);
});

test("a connection has a unique id behind its padded data, when a bit of fields says so", () => {
  const ring = octets(
    LITTLE_2,
    "02000000 28000000", // CONNECTION_DATA, len 40
    "01000000", // conn-id
    "0000", // conn-type: shared ring
    "0100", // fields: unique-id
    "0500 f47f ed030000", // domid, tdomid, evtchn
    "0200", // in-data-len
    "0100", // out-resp-len
    "03000000", // out-data-len
    "1020 304050", // data: in, out
    "000000", // to a multiple of 8
    "0807060504030201", // unique-id
    END,
  );
  const record = fields(only(ring));
  assert.equal(record.uniqueId, 0x0102030405060708n);
  assert.deepEqual([record.inData, record.outData], [octets("1020"), octets("304050")]);
  assert.equal(record.outRespLen, 1);
});

test("quotas are values, then names; what C leaves in the padding is kept", () => {
  const quotas = octets(
    LITTLE_2,
    "06000000 18000000", // GLOBAL_QUOTA_DATA, len 24
    "0100 0100", // n-dom, n-glob
    "e8030000 00000000", // 1000, unlimited
    "6e6f64657300", // nodes
    "6100", // a
    "1b1c1d1e", // padding that nobody zeroed
    END,
  );
  const { domainQuotas, globalQuotas, kept } = fields(only(quotas));
  assert.deepEqual(domainQuotas, [{ name: "nodes", value: 1000 }]);
  assert.deepEqual(globalQuotas, [{ name: "a", value: 0 }]);
  assert.deepEqual(kept, [{ at: 20, octets: octets("1b1c1d1e") }]);
  const domain = octets(
    LITTLE_2,
    "07000000 10000000", // DOMAIN_DATA, len 16
    "0500 0100", // domid, n-quota
    "04000000", // features
    "14000000", // 20
    "78007a7a", // x, rest
    END,
  );
  const read = fields(only(domain));
  assert.deepEqual([read.domid, read.features], [5, 4]);
  assert.deepEqual(read.quotas, [{ name: "x", value: 20 }]);
});

test("an extended watch has a head of 12 octets, or 8 as 4.22 writes, or 10 as it reads", () => {
  const head = "02000000 0300 0400"; // conn-id, wpath-len, token-len
  const strings = "2f6100 746f6b00"; // /a, tok
  const spec = octets(LITTLE_2, "08000000 18000000", head, "0100 0000", strings, "0000000000", END);
  const extended = { connId: 2, path: "/a", token: "tok" };
  assert.deepEqual(fields(only(spec)), { ...extended, depth: 1 });
  // The `len` is that of 12 and 7 octets, and only 8 and 7 are there, to a multiple of 8.
  const written = octets(LITTLE_2, "08000000 18000000", head, strings, "00", END);
  const short = fields(only(written, { watchHead: 8 }));
  assert.deepEqual(short, { ...extended, depth: undefined });
  const readable = octets(
    LITTLE_2,
    "08000000 18000000",
    head,
    "0100",
    strings,
    "00".repeat(7),
    END,
  );
  assert.deepEqual(fields(only(readable, { watchHead: 10 })), { ...extended, depth: 1 });
});

test("len may count padding or not, and a packed stream has none", () => {
  const transaction = "02000000 09000000"; // conn-id, tx-id
  const watch = "02000000 0300 0100 2f6100 00"; // conn-id, lengths, /a, an empty token
  const spec = octets(LITTLE, "03000000 0c000000", watch, "00000000", END);
  assert.equal(readStream(spec).lengths, "spec");
  assert.deepEqual(fields(only(spec)), { connId: 2, path: "/a", token: "" });
  const padded = octets(LITTLE, "03000000 10000000", watch, "00000000", END);
  assert.equal(readStream(padded).lengths, "padded");
  assert.deepEqual(fields(only(padded)), { connId: 2, path: "/a", token: "" });
  const packed = octets(LITTLE, "03000000 0c000000", watch, END);
  assert.deepEqual(fields(only(packed, { lengths: "packed" })), {
    connId: 2,
    path: "/a",
    token: "",
  });
  const exact = octets(LITTLE, "04000000 08000000", transaction, END);
  assert.deepEqual(fields(only(exact)), { connId: 2, txId: 9 });
});

test("an unknown record, a reserved connection and longer records are kept", () => {
  const unknown = octets(LITTLE, "99000000 05000000", "0102030405", "0000ff", END);
  const record = only(unknown);
  assert.deepEqual([record.kind, fields(record).body], ["UNKNOWN", octets("0102030405")]);
  const reserved = octets(
    LITTLE,
    "02000000 18000000 01000000 0700 0200", // CONNECTION_DATA, conn-type 7, fields bit 1
    "0102030405060708 0000 0000 00000000",
    END,
  );
  const { spec } = fields(only(reserved));
  assert.deepEqual(spec, { type: "reserved", connType: 7, octets: octets("0102030405060708") });
  const longer = octets(LITTLE, "04000000 18000000 02000000 09000000", "00".repeat(15), "07", END);
  assert.equal(fields(only(longer)).length, 24);
});

test("readStream() says what is wrong and where", () => {
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [octets(), 'header.ident at offset 0: must be "xenstore"'],
    [octets("78656e73746f7265 0000"), "header at offset 10: must have 16 octets"],
    [octets("78656e73746f7265 00000003 00000000", END), "header.version at offset 8: must be 1"],
    [octets(LITTLE), "END at offset 16: must be there"],
    [octets(LITTLE, "0000"), "record header at offset 16: must have 8 octets"],
    [octets(LITTLE, "05000000 ffffffff"), "NODE_DATA.len at offset 20: must be at most 0"],
    [octets(LITTLE, "04000000 04000000 01000000 00000000", END), "TRANSACTION_DATA.tx_id at"],
    [
      octets(LITTLE, "03000000 10000000 01000000 0300 0300 2f612f 00 00000000", END),
      "WATCH_DATA.wpath at offset 34: must end in NUL",
    ],
    [
      octets(LITTLE, "02000000 18000000 01000000 0000 0000", "00".repeat(12), "ffffffff", END),
      "CONNECTION_DATA.data at offset 20: len must be at least 4294967319",
    ],
  ];
  for (const [bytes, expected] of cases) {
    assert.throws(
      () => readStream(bytes),
      (error) => {
        assert.ok(error instanceof StreamError);
        assert.ok(error.message.startsWith(`Cannot decode ${expected}`), error.message);
        return true;
      },
    );
  }
});

test("writeStream() refuses what the layout cannot hold", () => {
  const path = "/".padEnd(65_535, "x");
  const node = { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms: [], path } as const;
  const value = new Uint8Array();
  const write = (record: StreamRecord, layout: "draft" | "1") => () =>
    writeStream({ layout, records: [record, { kind: "END" }] });
  assert.throws(write({ ...node, value }, "1"), /Cannot write path_len .*: current value is 65536/);
  assert.ok(write({ ...node, path: path.slice(1), value }, "1")().length > 65_000);
  const big = new Uint8Array(65_536);
  assert.throws(write({ ...node, path: "/", value: big }, "1"), /Cannot write value_len/);
  const quotas = { kind: "DOMAIN_DATA", domid: 1, features: 0, quotas: [] } as const;
  assert.throws(write(quotas, "draft"), /Cannot write DOMAIN_DATA: the draft has no such record/);
});
