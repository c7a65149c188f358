/**
 * Each limit, just below and just above: counts and lengths, the size of a stream, how much is
 * listed. What is beyond a limit is refused, or counted without being listed, and costs no more.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { OctetView } from "../bytes/octet_view.ts";
import { fixture } from "./fixture.ts";
import {
  CHANGES_MAX,
  inspect,
  type NodeData,
  RECORDS_MAX,
  readDump,
  readStream,
  repair,
  STREAM_SIZE_MAX,
  StreamError,
  type StreamRecord,
  VIOLATIONS_MAX,
  WriteError,
  writeDump,
  writeStream,
} from "./mod.ts";

const NOTHING = new Uint8Array();
const HEADER = fixture("streams/4.20.empty.bin").subarray(0, 16);
const IDENT = new TextEncoder().encode("$xenstored-dump-format\n");

/** Code of what is wrong, without repetition. */
function codes(octets: Uint8Array): string[] {
  return [...new Set(inspect(octets, { layout: "1" }).violations.map(({ code }) => code))];
}

function node(path: string, changes: Partial<NodeData> = {}): NodeData {
  const perms = [{ perm: "n", flags: 0, domid: 0 }];
  const ids = { connId: 0, txId: 0, access: 0 };
  return { kind: "NODE_DATA", ...ids, perms, path, value: NOTHING, ...changes };
}

function written(...records: readonly StreamRecord[]): Uint8Array {
  return writeStream({ layout: "1", records: [...records, { kind: "END" }] });
}

function socket(connId: number, changes: object = {}): StreamRecord {
  const data = { inData: NOTHING, outRespLen: 0, outData: NOTHING };
  const spec = { type: "socket", fd: connId };
  return { kind: "CONNECTION_DATA", connId, fields: 0, spec, ...data, ...changes } as StreamRecord;
}

test("a stream may have STREAM_SIZE_MAX octets, and no more", { timeout: 60_000 }, () => {
  // Nobody touches these octets, so that they take no memory.
  const most = new Uint8Array(STREAM_SIZE_MAX);
  most.set(HEADER);
  // END, and all that follows it.
  assert.equal(readStream(most).rest.length, STREAM_SIZE_MAX - 24);
  const more = new Uint8Array(STREAM_SIZE_MAX + 1);
  more.set(HEADER);
  const refusal =
    /^StreamError: Cannot decode stream at offset 0: must have at most 2147483647 oct/;
  assert.throws(() => readStream(more), refusal);
  assert.throws(() => inspect(more), refusal);
  assert.throws(() => repair(more, "1"), refusal);
  more.set(IDENT);
  assert.throws(() => readDump(more), /^StreamError: Cannot decode dump at offset 0: must have at/);
});

test("a stream may have RECORDS_MAX records, and no more", { timeout: 120_000 }, () => {
  // All but END are of a type that nobody knows, and empty.
  const most = new Uint8Array(16 + 8 * RECORDS_MAX);
  most.set(HEADER);
  for (let at = 16; at < most.length - 8; at += 8) most[at] = 0x99;
  assert.equal(readStream(most).records.length, RECORDS_MAX);
  const more = new Uint8Array(most.length + 8);
  more.set(most);
  more[most.length - 8] = 0x99;
  const refusal =
    /^StreamError: Cannot decode number of records at offset \d+: must be at most 4194304/;
  assert.throws(() => readStream(more), refusal);
  const faults: StreamError[] = [];
  const { records } = readStream(more, { onFault: (fault) => faults.push(fault) });
  assert.equal(records.length, RECORDS_MAX);
  assert.deepEqual(
    faults.map(({ path }) => path),
    ["number of records"],
  );
});

test("a dump may have RECORDS_MAX lines, and no more", { timeout: 120_000 }, () => {
  const most = new Uint8Array(IDENT.length + RECORDS_MAX).fill(10);
  most.set(IDENT);
  assert.equal(readDump(most).lines.length, RECORDS_MAX);
  const more = new Uint8Array(most.length + 1).fill(10);
  more.set(IDENT);
  const refusal =
    /^StreamError: Cannot decode number of lines at offset \d+: must be at most 4194304/;
  assert.throws(() => readDump(more), refusal);
});

test("VIOLATIONS_MAX violations are listed, and all are counted", () => {
  for (const extra of [0, 1]) {
    const unknown = Array.from({ length: VIOLATIONS_MAX + extra }, () => {
      return { kind: "UNKNOWN", type: 9, body: NOTHING } as const;
    });
    const { violations, violationCount } = inspect(written(...unknown));
    assert.deepEqual([violations.length, violationCount], [VIOLATIONS_MAX, VIOLATIONS_MAX + extra]);
  }
});

test("CHANGES_MAX changes are listed, and all are counted", () => {
  for (const extra of [0, 1]) {
    const unknown = Array.from({ length: CHANGES_MAX + extra }, () => {
      return { kind: "UNKNOWN", type: 9, body: NOTHING } as const;
    });
    const { changes, changeCount, lossCount } = repair(written(socket(1), ...unknown), "draft", {
      layout: "1",
    });
    assert.equal(changes.length, CHANGES_MAX);
    // That of the header is one of them.
    assert.deepEqual([changeCount, lossCount], [CHANGES_MAX + extra + 1, CHANGES_MAX + extra]);
  }
});

test("a path of a node has at most 3072 octets, that of a relative watch 2048", () => {
  const path = (length: number) => "/".padEnd(length, "x");
  assert.deepEqual(codes(written(node("/"), node(path(3072)))), []);
  assert.deepEqual(codes(written(node("/"), node(path(3073)))), ["node-path"]);
  const watch = (given: string): StreamRecord => {
    return { kind: "WATCH_DATA", connId: 1, path: given, token: "t" };
  };
  const cases = [
    [path(3072), []],
    [path(3073), ["watch-path"]],
    ["x".repeat(2048), []],
    ["x".repeat(2049), ["watch-path"]],
  ] as const;
  for (const [given, expected] of cases) {
    assert.deepEqual(codes(written(socket(1), watch(given))), expected);
  }
});

test("fields of 16 bits take 65535 and no more", () => {
  const perm = { perm: "n", flags: 0, domid: 0 };
  const quota = (index: number) => ({ name: `q${index}`, value: index });
  const cases: readonly (readonly [string, (count: number) => StreamRecord])[] = [
    ["path_len", (count) => node("/".padEnd(count - 1, "x"))],
    ["value_len", (count) => node("/", { value: new Uint8Array(count) })],
    ["perm_count", (count) => node("/", { perms: Array.from({ length: count }, () => perm) })],
    ["in_data_len", (count) => socket(1, { inData: new Uint8Array(count) })],
    ["out_resp_len", (count) => socket(1, { outRespLen: count, outData: new Uint8Array(65_536) })],
    [
      "token_len",
      (count) => ({ kind: "WATCH_DATA", connId: 1, path: "/", token: "t".repeat(count - 1) }),
    ],
    [
      "n_quota",
      (count) => {
        const quotas = Array.from({ length: count }, (_, index) => quota(index));
        return { kind: "DOMAIN_DATA", domid: 1, features: 0, quotas };
      },
    ],
    ["perm.domid", (domid) => node("/", { perms: [{ ...perm, domid }] })],
  ];
  for (const [field, recordOf] of cases) {
    const octets = written(recordOf(65_535));
    const again = writeStream(readStream(octets));
    assert.equal(Buffer.compare(again, octets), 0, field);
    assert.throws(() => written(recordOf(65_536)), {
      name: "WriteError",
      message: `Cannot write ${field} as an integer up to 65535: current value is 65536`,
    });
  }
});

test("a len up to 2^32-1 is believed as far as there are octets", () => {
  const octets = written(socket(1), node("/"), node("/a"));
  const view = new OctetView(octets, true);
  const { records } = readStream(octets);
  const last = records.at(-2)?.offset ?? 0;
  const body = last + 8;
  // What is left is taken, one octet more is not, and the sum of place and len is not 32 bits wide.
  view.putU32(last + 4, octets.length - body);
  assert.deepEqual(codes(octets), ["record-length", "end-there"]);
  for (const len of [octets.length - body + 1, 2 ** 31, 2 ** 32 - body, 2 ** 32 - 8, 2 ** 32 - 1]) {
    view.putU32(last + 4, len);
    assert.throws(
      () => readStream(octets),
      (error) => error instanceof StreamError && error.offset === last + 4,
      `${len}`,
    );
    assert.ok(codes(octets).includes("record-whole"));
    assert.equal(repair(octets, "draft", { layout: "1" }).holds.nodes, 2);
  }
});

test("out-data-len up to 2^32-1 is believed as far as its record goes", () => {
  const octets = written(socket(1, { outData: new Uint8Array(8) }), node("/"));
  const view = new OctetView(octets, true);
  const at = 16 + 8 + 20;
  assert.equal(view.u32(at), 8);
  view.putU32(at, 9);
  assert.deepEqual(codes(octets), ["record-length"]);
  for (const length of [2 ** 31, 2 ** 32 - 24, 2 ** 32 - 1]) {
    view.putU32(at, length);
    assert.deepEqual(codes(octets), ["record-length"]);
    assert.throws(() => readStream(octets), /Cannot decode CONNECTION_DATA\.data at offset 20: /);
  }
});

test("a line of a dump has a domid up to 65535, and numbers that are exact", () => {
  const dumped = (line: string) => {
    const octets = new TextEncoder().encode(`$xenstored-dump-format\n${line}\n`);
    assert.equal(Buffer.compare(writeDump(readDump(octets)), octets), 0);
    return readDump(octets).lines[0]?.kind;
  };
  assert.equal(dumped("dom,65535,1,2,3"), "dom");
  assert.equal(dumped("dom,65536,1,2,3"), "ignored");
  assert.equal(dumped("dom,1,9007199254740991,2,3"), "dom");
  assert.equal(dumped("dom,1,9007199254740992,2,3"), "ignored");
  assert.equal(dumped(`store,2f,6e3${"0"}`.replace("6e30", "6e3635353335,")), "store");
  assert.equal(dumped("store,2f,6e3635353336,"), "ignored");
});

test("paths and tokens that are no text are shown as digits and come back as they were", () => {
  const odd = String.fromCharCode(...Array.from({ length: 255 }, (_, index) => index + 1));
  const path = `/${odd}`;
  const token = `${odd}\x1b[2J\x9b31m"\\`;
  const records = [socket(1), { kind: "WATCH_DATA", connId: 1, path, token } as const, node(path)];
  const octets = written(...records);
  assert.equal(Buffer.compare(writeStream(readStream(octets)), octets), 0);
  const { violations } = inspect(octets, { layout: "1" });
  const shown = JSON.stringify(violations);
  assert.match(shown, /^[ -~]*$/);
  for (const { text } of violations) assert.match(text, /^[ -~]*$/);
  // What is dropped is named, in ASCII and cut.
  const { changes } = repair(octets, "1", { layout: "1" });
  for (const { text, lost = "" } of changes) assert.match(`${text}${lost}`, /^[ -~]*$/);
  assert.equal(changes.length > 0, true);
});

test("writeStream() writes RECORDS_MAX records and no more", { timeout: 60_000 }, () => {
  const end: StreamRecord = { kind: "END" };
  const most = Array.from({ length: RECORDS_MAX }, () => end);
  assert.equal(writeStream({ layout: "1", records: most }).length, 16 + 8 * RECORDS_MAX);
  assert.throws(() => writeStream({ layout: "1", records: [...most, end] }), WriteError);
});
