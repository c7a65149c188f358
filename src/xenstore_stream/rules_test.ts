/**
 * Each rule of the specification has a stream that breaks it, and that alone; and none is broken by
 * a stream that breaks another one.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OctetView } from "../bytes/octet_view.ts";
import { fixture } from "./fixture.ts";
import {
  type Forced,
  inspect,
  type NodeData,
  RULES,
  type RuleCode,
  readStream,
  type Stream,
  type StreamRecord,
  writeStream,
} from "./mod.ts";

const NOTHING = new Uint8Array();
const VALUE = new Uint8Array([0x76]);
const END: StreamRecord = { kind: "END" };
const GLOBAL: StreamRecord = { kind: "GLOBAL_DATA", rwSocketFd: 3, evtchnFd: 4, roSocketFd: -1 };
const DATA = { inData: NOTHING, outRespLen: 0, outData: NOTHING };
const RING = { type: "ring", domid: 5, tdomid: 0x7ff4, evtchn: 9 } as const;

function connection(changes: object = {}): StreamRecord {
  const usual = { kind: "CONNECTION_DATA", connId: 1, fields: 0, spec: RING, ...DATA };
  return { ...usual, ...changes } as StreamRecord;
}

function watch(changes: object = {}): StreamRecord {
  return { kind: "WATCH_DATA", connId: 1, path: "/a", token: "t", ...changes } as StreamRecord;
}

function extended(changes: object = {}): StreamRecord {
  return { ...watch(), kind: "WATCH_DATA_EXTENDED", depth: 1, ...changes } as StreamRecord;
}

function node(path: string, changes: Partial<NodeData> = {}): StreamRecord {
  const perms = [{ perm: "n", flags: 0, domid: 0 }];
  const ids = { connId: 0, txId: 0, access: 0 };
  return { kind: "NODE_DATA", ...ids, perms, path, value: VALUE, ...changes };
}

function pending(changes: Partial<NodeData> = {}): StreamRecord {
  return node("/", { connId: 1, txId: 7, access: 2, ...changes });
}

const TRANSACTION: StreamRecord = { kind: "TRANSACTION_DATA", connId: 1, txId: 7 };

function stream(records: readonly StreamRecord[], rest: Partial<Stream> = {}): Uint8Array {
  return writeStream({ layout: "2", ...rest, records: [GLOBAL, ...records, END] });
}

/** Changes 32 bits at a place, in big-endian order. */
function patched(octets: Uint8Array, at: number, value: number): Uint8Array {
  new OctetView(octets, false).putU32(at, value);
  return octets;
}

function text(...lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(["$xenstored-dump-format", ...lines].join("\n"));
}

const QUOTAS: StreamRecord = { kind: "GLOBAL_QUOTA_DATA", domainQuotas: [], globalQuotas: [] };
const DOMAIN = { kind: "DOMAIN_DATA", domid: 5, features: 1, quotas: [] } as const;

/** A stream that breaks the rule, and how it is to be read when it does not tell. */
const BROKEN: Readonly<Record<RuleCode, readonly [Uint8Array, Forced?]>> = {
  "header-version": [stream([node("/")], { version: 3 })],
  "header-flags": [stream([node("/")], { flags: 0x80000000 })],
  "header-order": [stream([node("/")], { order: "big", flags: 0 })],
  "record-whole": [stream([node("/")]).subarray(0, 60)],
  "record-length": [stream([{ ...TRANSACTION, length: 16 }, connection(), node("/")].toReversed())],
  "record-padded": [stream([node("/"), node("/a")], { lengths: "packed" })],
  "record-padding": [stream([{ ...node("/"), kept: [{ at: 23, octets: VALUE }] } as StreamRecord])],
  "record-type": [stream([{ kind: "UNKNOWN", type: 9, body: NOTHING }])],
  "records-max": [NOTHING],
  "end-there": [stream([node("/")]).subarray(0, -8)],
  "end-last": [stream([node("/")], { rest: VALUE })],
  "end-empty": [writeStream({ layout: "2", records: [GLOBAL, { ...END, length: 8 }] })],
  "global-once": [stream([GLOBAL])],
  "global-fd": [
    writeStream({ layout: "2", records: [{ ...GLOBAL, rwSocketFd: -2 } as StreamRecord, END] }),
    { layout: "2" },
  ],
  "connection-id": [stream([connection({ connId: 0 })])],
  "connection-once": [stream([connection(), connection({ connId: 2 })])],
  "connection-type": [
    stream([connection({ spec: { type: "reserved", connType: 2, octets: new Uint8Array(8) } })]),
  ],
  "connection-fields": [stream([connection({ fields: 2 })])],
  "connection-domid": [stream([connection({ spec: { ...RING, domid: 0x7ff4 } })])],
  "connection-socket": [stream([connection({ spec: { type: "socket", fd: -1 } })])],
  "connection-out-resp-len": [stream([connection({ outRespLen: 1 })])],
  "watch-connection": [stream([watch()])],
  "watch-path": [stream([connection(), watch({ path: "/a/" })])],
  "watch-token": [stream([connection(), watch({ token: "a\0b" })])],
  "watch-once": [stream([connection(), watch(), extended()])],
  "watch-extended-version": [stream([connection(), extended()], { layout: "1" })],
  "watch-extended-head": [stream([connection(), extended()], { watchHead: 8 })],
  "transaction-connection": [stream([TRANSACTION])],
  "transaction-id": [stream([connection(), TRANSACTION, TRANSACTION])],
  "node-path": [stream([node("/"), node("a")])],
  "node-once": [stream([node("/"), node("/")])],
  "node-parent": [stream([node("/"), node("/a/b")])],
  "node-transaction": [stream([connection(), pending()])],
  "node-access": [stream([connection(), TRANSACTION, pending({ access: 4 })])],
  "node-deleted": [stream([connection(), TRANSACTION, pending({ access: 0, perms: [] })])],
  "node-perms": [stream([node("/", { perms: [] })])],
  "node-perm": [stream([node("/", { perms: [{ perm: "x", flags: 0, domid: 0 }] })])],
  "node-perm-flags": [stream([node("/", { perms: [{ perm: "n", flags: 2, domid: 0 }] })])],
  "quota-once": [stream([QUOTAS, QUOTAS])],
  "quota-name": [stream([{ ...DOMAIN, quotas: [{ name: "", value: 1 }] }])],
  "domain-domid": [stream([{ ...DOMAIN, domid: 0x7ff4 }])],
  "domain-once": [stream([DOMAIN, DOMAIN])],
  "domain-features": [stream([DOMAIN], { layout: "1" }), { layout: "1" }],
  "dump-line": [text("global,3", "nonsense", "")],
  "dump-watch": [text("global,3", "watch,5,2f,74", "")],
  "dump-whole": [text("global,3")],
};

for (const [code, [octets, forced]] of Object.entries(BROKEN)) {
  // So many records take too long to be gone through; limits_test.ts sees them refused.
  if (code === "records-max") continue;
  test(`${code} is what is said of a stream that breaks it`, () => {
    const { violations } = inspect(octets, forced);
    const found = violations.map((violation) => violation.code);
    assert.deepEqual([...new Set(found)], [code]);
    const { sections } = RULES[code as RuleCode];
    for (const { section } of violations) {
      const isOwn = (sections as readonly string[]).includes(section);
      // A record that cannot be read is told of by its own section.
      assert.ok(isOwn || code.startsWith("record-"), `${section} of ${code}`);
    }
  });
}

test("a version in the wrong byte order is no version", () => {
  const octets = patched(stream([node("/")]), 8, 0x02000000);
  assert.deepEqual(
    inspect(octets).violations.map(({ code, offset }) => [code, offset]),
    [["header-version", 8]],
  );
});

test("a record that ends early is told by the rule of its field", () => {
  const base = readStream(fixture("streams/4.20.watches.bin"));
  for (const record of base.records) {
    if (record.kind === "END") continue;
    const octets = writeStream(base);
    const at = record.offset ?? 0;
    new OctetView(octets, true).putU32(at + 4, 4);
    const codes = inspect(octets).violations.map(({ code }) => code);
    assert.ok(codes.includes("record-length"), `${record.kind}: ${codes}`);
  }
});
