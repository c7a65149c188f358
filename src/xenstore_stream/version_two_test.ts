/**
 * Version 2 as C xenstored 4.21 and 4.22 write it, of which there is no capture: the order of their
 * records, unique ids, quotas with padding that nobody zeroed, extended watches that lack their
 * depth. Octets by hand, one comment per field.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; tools/xenstored/domain.c and watch.c of
 * stable-4.21 and stable-4.22.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import {
  inspect,
  type Repair,
  readStream,
  recordsJson,
  repair,
  type StreamRecord,
  writeStream,
} from "./mod.ts";

const HEADER = "78656e73746f7265 00000002 00000000"; // ident, version 2, flags
const GLOBAL = "01000000 08000000 03000000 06000000"; // rw-socket-fd, evtchn-fd
const QUOTA = [
  "06000000 28000000", // GLOBAL_QUOTA_DATA, len 40
  "0200 0100", // n-dom, n-glob
  "e8030000 80000000 00000000", // 1000, 128, unlimited
  "6e6f64657300 7761746368657300 756e6b6e6f776e00", // nodes, watches, unknown
  "1b1c", // padding, old content of the heap
].join(" ");
const DOM0 = [
  "02000000 20000000", // CONNECTION_DATA, len 32
  "01000000 0000 0100", // conn-id, shared ring, fields: unique-id
  "0000 f47f e8030000", // domain 0, no target, port 1000
  "0000 0000 00000000", // nothing under way
  "0000000044332211", // unique-id
].join(" ");
const DOM5 = [
  "02000000 28000000", // CONNECTION_DATA, len 40
  "02000000 0000 0100", // conn-id, shared ring, fields: unique-id
  "0500 f47f ed030000", // domain 5, no target, port 1005
  "0300 0000 02000000", // in-data-len, out-resp-len, out-data-len
  "010203 0405 000000", // data, padding
  "0500000044332211", // unique-id
].join(" ");
const SOCKET = [
  "02000000 18000000", // CONNECTION_DATA, len 24
  "03000000 0100 0000", // conn-id, socket, fields
  "07000000 00000000", // socket-fd, pad
  "0000 0000 00000000", // nothing under way
].join(" ");
const WATCH = [
  "03000000 10000000", // WATCH_DATA, len 16
  "03000000 0300 0200", // conn-id, wpath-len, token-len
  "2f6100 7400 000000", // /a, t, padding
].join(" ");
const ROOT = [
  "05000000 18000000", // NODE_DATA, len 24
  "00000000 00000000", // committed
  "0200 0000 0000 0100", // path-len, value-len, access, perm-count
  "6e000000 2f00 0000", // n0, "/", padding
].join(" ");
const OF5 = [
  "05000000 18000000", // NODE_DATA, len 24
  "00000000 00000000", // committed
  "0300 0100 0000 0100", // path-len, value-len, access, perm-count
  "6e000500 2f6400 76", // n5, "/d", "v"
].join(" ");
const DOMAIN5 = [
  "07000000 18000000", // DOMAIN_DATA, len 24
  "0500 0100 04000000", // domain-id, n-quota, features: watch depth
  "14000000", // 20
  "6e6f64657300", // nodes
  "7a7a7a7a7a7a", // padding, old content of the heap
].join(" ");
const END = "00000000 00000000";

function octets(...pieces: readonly string[]): Uint8Array {
  return fromHex(pieces.join("").replaceAll(/\s/g, ""));
}

/** An extended watch of connection 3: path, token, and the octets between the lengths and them. */
function extended(path: string, token: string, between: string, len: number): string {
  const strings = `${path}\0${token}\0`;
  const head = Buffer.alloc(16);
  head.writeUInt32LE(8, 0);
  head.writeUInt32LE(len, 4);
  head.writeUInt32LE(3, 8);
  head.writeUInt16LE(path.length + 1, 12);
  head.writeUInt16LE(token.length + 1, 14);
  const body = head.toString("hex") + between + Buffer.from(strings, "latin1").toString("hex");
  return body.padEnd(Math.ceil(body.length / 16) * 16, "0");
}

const WHOLE = [HEADER, GLOBAL, QUOTA, DOM0, DOM5, SOCKET, WATCH, ROOT, OF5];

function codes(stream: Uint8Array): string[] {
  return inspect(stream).violations.map(({ code, offset }) => `${code} ${offset}`);
}

function texts({ changes }: Repair): string[] {
  return changes.map(({ action, text, lost }) => {
    return `${action}: ${text}${lost === undefined ? "" : `; lost: ${lost}`}`;
  });
}

function kinds(stream: Uint8Array): string[] {
  return readStream(stream).records.map(({ kind }) => kind);
}

test("every record that 4.22 writes is read, and written again as the same octets", () => {
  const stream = octets(...WHOLE, DOMAIN5, END);
  const read = inspect(stream);
  assert.equal(read.layout, "2");
  assert.deepEqual(codes(stream), ["record-padding 78", "record-padding 314"]);
  assert.equal(Buffer.compare(writeStream(readStream(stream)), stream), 0);
  const shown = [...recordsJson(read)].map(({ fields }) => fields);
  assert.deepEqual(shown[1], {
    n_dom_quota: 2,
    n_glob_quota: 1,
    dom_quotas: [
      { name: "nodes", value: 1000 },
      { name: "watches", value: 128 },
    ],
    glob_quotas: [{ name: "unknown", value: 0 }],
  });
  assert.deepEqual(shown[3], {
    conn_id: 2,
    conn_type: 0,
    fields: 1,
    domid: 5,
    tdomid: 0x7ff4,
    evtchn: 1005,
    in_data_len: 3,
    out_resp_len: 0,
    out_data_len: 2,
    data: { hex: "0102030405" },
    // Beyond 2^53, so its decimal digits.
    unique_id: "1234605615003729925",
  });
  assert.deepEqual(shown[8], {
    domid: 5,
    n_quota: 1,
    features: 4,
    quotas: [{ name: "nodes", value: 20 }],
  });
});

test("padding that 4.22 leaves is zeroed for it, and nothing else changes", () => {
  const stream = octets(...WHOLE, DOMAIN5, END);
  const repaired = repair(stream, "c-4.22");
  assert.deepEqual(texts(repaired), [
    "changed: padding of GLOBAL_QUOTA_DATA is zero, as it must be written",
    "changed: padding of DOMAIN_DATA is zero, as it must be written",
  ]);
  const clean = octets(...WHOLE, DOMAIN5, END);
  clean.fill(0, 78, 80);
  clean.fill(0, 314, 320);
  assert.equal(Buffer.compare(repaired.octets, clean), 0);
  assert.equal(repair(clean, "c-4.22").changeCount, 0);
  assert.equal(repair(clean, "2").changeCount, 0);
});

test("what 4.22 has and an older daemon has not is dropped, and who loses what is said", () => {
  const stream = octets(...WHOLE, DOMAIN5, END);
  for (const target of ["1", "c-4.17", "c-4.20"]) {
    const repaired = repair(stream, target);
    const lost = texts(repaired).filter((text) => text.includes("; lost: "));
    assert.deepEqual(
      lost.map((text) => text.split("; lost: ")[1]),
      [
        'the quotas "nodes" 1000, "watches" 128, "unknown" unlimited',
        'of domain 5 the features 0x4 and the quotas "nodes" 20',
      ],
    );
    assert.ok(texts(repaired).includes("changed: version is 1: it was 2"));
    assert.deepEqual(kinds(repaired.octets), [
      ...["GLOBAL_DATA", "CONNECTION_DATA", "CONNECTION_DATA", "CONNECTION_DATA", "WATCH_DATA"],
      ...["NODE_DATA", "NODE_DATA", "END"],
    ]);
    assert.deepEqual(inspect(repaired.octets).violations, []);
  }
  const { octets: of21, ...for21 } = repair(stream, "c-4.21");
  assert.equal(for21.lossCount, 2);
  assert.deepEqual(kinds(of21).slice(-2), ["DOMAIN_DATA", "END"]);
});

// 8, 12 and 10 octets and the strings round up alike for 3 + 3, and differently for 3 + 4.
for (const [path, token] of [
  ["/a", "u"],
  ["/wd", "d0"],
  ["/wd", "d01"],
  ["/wd", "d012"],
  ["device/vbd", "tok"],
  ["@releaseDomain", "a longer token"],
] as const) {
  const size = path.length + token.length + 2;
  const round = (length: number) => Math.ceil(length / 8) * 8;

  test(`an extended watch of ${path} with token ${token} is read in its three forms`, () => {
    // As the specification has it, as 4.22 writes it, and as 4.22 reads it.
    const forms = [
      [12, extended(path, token, "01000000", round(12 + size))],
      [8, extended(path, token, "", round(12 + size))],
      [10, extended(path, token, "0100", round(10 + size))],
    ] as const;
    for (const [head, watch] of forms) {
      const stream = octets(...WHOLE.filter((piece) => piece !== QUOTA), watch, END);
      const { header, violations, stream: read } = inspect(stream);
      assert.equal(header.watch_head, head);
      assert.deepEqual(
        violations.map(({ code }) => code),
        head === 12 ? [] : ["watch-extended-head"],
      );
      assert.ok(read !== undefined);
      const found = read.records.find(({ kind }) => kind === "WATCH_DATA_EXTENDED");
      assert.ok(found?.kind === "WATCH_DATA_EXTENDED");
      const depth = head === 8 ? undefined : 1;
      assert.deepEqual([found.path, found.token, found.depth], [path, token, depth]);
      assert.equal(Buffer.compare(writeStream(read), stream), 0);
    }
  });

  test(`an extended watch of ${path} with token ${token} is repaired for each daemon`, () => {
    const written = extended(path, token, "", round(12 + size));
    const lacking = octets(...WHOLE.filter((piece) => piece !== QUOTA), written, END);
    for (const target of ["1", "2", "c-4.20", "c-4.21", "c-4.22", "text"]) {
      const repaired = repair(lacking, target);
      // Its depth is nowhere, so that it cannot be an extended one again.
      assert.equal(repaired.holds.watches, 2);
      assert.match(texts(repaired).join("\n"), /4\.22 has left out its depth and its pad/);
    }
    const given = extended(path, token, "02000000", round(12 + size));
    const specified = octets(...WHOLE.filter((piece) => piece !== QUOTA), given, END);
    assert.equal(repair(specified, "2").changeCount, 0);
    const readable = extended(path, token, "0200", round(10 + size));
    const for22 = octets(...WHOLE.filter((piece) => piece !== QUOTA), readable, END);
    const repaired = repair(specified, "c-4.22");
    assert.equal(Buffer.compare(repaired.octets, for22), 0);
    assert.equal(repair(for22, "c-4.22").changeCount, 0);
    assert.equal(Buffer.compare(repair(for22, "2").octets, specified), 0);
  });
}

test("an extended watch of unlimited depth loses nothing as a usual one", () => {
  const watch = extended("/a", "u", "ffff0000", 24);
  const stream = octets(...WHOLE.filter((piece) => piece !== QUOTA), watch, END);
  const { lossCount, changes } = repair(stream, "c-4.20");
  assert.equal(lossCount, 0);
  assert.deepEqual(
    changes.map(({ section }) => section),
    ["Header", "WATCH_DATA_EXTENDED"],
  );
});

test("a big-endian stream of version 2 is native afterwards, in all of its records", () => {
  const little = readStream(octets(...WHOLE, DOMAIN5, END));
  const big = writeStream({ ...little, order: "big", flags: 1 });
  assert.equal(inspect(big).layout, "2");
  const repaired = repair(big, "c-4.22");
  const clean = octets(...WHOLE, DOMAIN5, END);
  clean.fill(0, 78, 80);
  clean.fill(0, 314, 320);
  assert.equal(Buffer.compare(repaired.octets, clean), 0);
  assert.match(texts(repaired).join("\n"), /^changed: records are little-endian: .*5 octets that/m);
});

test("unique ids stay in version 1, where 4.22 writes them too, and go in the draft", () => {
  const plain = WHOLE.filter((piece) => piece !== QUOTA).map((piece) =>
    piece === HEADER ? HEADER.replace("00000002", "00000001") : piece,
  );
  const stream = octets(...plain, END);
  assert.equal(repair(stream, "c-4.20").changeCount, 0);
  const drafted = readStream(repair(stream, "draft").octets, { layout: "draft" });
  const ids = drafted.records.flatMap((record: StreamRecord) =>
    record.kind === "CONNECTION_DATA" ? [record.uniqueId] : [],
  );
  assert.deepEqual(ids, [undefined, undefined, undefined]);
});
