/**
 * What is done to captured streams, which is nothing, and to streams that were made bad. What the
 * daemons then make of them is tested beside their adapter.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { OctetView } from "../bytes/octet_view.ts";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  type NodeData,
  type Repair,
  RepairError,
  readStream,
  repair,
  type StreamRecord,
  writeStream,
} from "./mod.ts";

function lines({ changes }: Repair): string[] {
  return changes.map(({ action, offset, section, text, lost }) => {
    return `${action} ${offset} ${section} ${text}${lost === undefined ? "" : `; lost: ${lost}`}`;
  });
}

for (const name of fixtureNames("streams", "")) {
  const targets = name.endsWith(".db")
    ? ["text", "oxenstored-4.17", "oxenstored-4.20"]
    : ["1", "c-4.17", "c-4.20", "c-4.21", "c-4.22"];
  test(`repair() changes nothing of ${name} for ${targets.join(", ")}`, () => {
    const octets = fixture(name);
    for (const target of targets) {
      const repaired = repair(octets, target);
      assert.deepEqual([repaired.changeCount, repaired.changes], [0, []]);
      assert.equal(Buffer.compare(repaired.octets, octets), 0);
    }
  });
}

const FATE = "which must not be ended as done";
/** What is done to each stream of `injected` for C xenstored 4.20. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  basic: [],
  big_endian_flag: [
    "changed 12 Header flags are 0, as the records are little-endian: they were 0x1",
  ],
  bytes_after_END: ["dropped 216 END 8 octets after END, which is the final record"],
  conn_ring_of_absent_domain_9: [],
  duplicate_node: [
    'dropped 168 NODE_DATA node "/a" is there again at offset 208, and the last one counts; ' +
      "lost: what the earlier one says",
  ],
  missing_parent: [
    'added 168 NODE_DATA node "/x", empty and as "/" has it: "/x/y" needs its parent',
  ],
  no_END: ["added 208 END END, which a stream ends with"],
  no_GLOBAL_DATA: [
    "added 16 GLOBAL_DATA GLOBAL_DATA without descriptors: C xenstored 4.20 needs one for a live " +
      "update; lost: the socket that listens: nobody can connect anew",
  ],
  no_root_node_record: [
    'added 96 NODE_DATA node "/", empty and of domain 0: "/a" needs its parent',
  ],
  non_zero_padding: ["changed 168 Records padding of NODE_DATA is zero, as it must be written"],
  perm_char_x: [
    'changed 168 NODE_DATA permission of domain 0 to "/a" is n, as C xenstored takes it: ' +
      'it was "x"',
  ],
  perm_count_0: [
    'changed 168 NODE_DATA permissions of "/a" are n0: there were none; ' +
      'lost: who owns "/a": domain 0 does',
  ],
  reserved_flag_bit_1: [
    "changed 12 Header flags are 0, as the records are little-endian: they were 0x2",
  ],
  stale_perm_flag: [],
  truncated_in_record: [
    "changed 168 Records padding of 7 octets follows NODE_DATA",
    "added 202 END END, which a stream ends with",
  ],
  tx_pending_delete_of_a: [
    "dropped 96 TRANSACTION_DATA a TRANSACTION_DATA: C xenstored 4.20 has no use for it; " +
      "lost: transaction 7 of connection 2, which gets ENOENT for it",
    "dropped 224 NODE_DATA a node of transaction 7 of connection 2: C xenstored 4.20 commits it; " +
      `lost: the deletion of "/a" in transaction 7, ${FATE}`,
  ],
  tx_pending_node: [
    "dropped 96 TRANSACTION_DATA a TRANSACTION_DATA: C xenstored 4.20 has no use for it; " +
      "lost: transaction 7 of connection 2, which gets ENOENT for it",
    "dropped 224 NODE_DATA a node of transaction 7 of connection 2: C xenstored 4.20 commits it; " +
      `lost: the write of "/a/p" in transaction 7, ${FATE}`,
  ],
  unknown_record_type_0x99: [
    "dropped 96 Records a record of the reserved type 0x99: C xenstored 4.20 has no use for it; " +
      "lost: 8 octets of which nobody knows what they mean",
  ],
  unpadded_len_spec_literal_len: [
    "changed 168 Records len of NODE_DATA is 32: it was 25, and C xenstored counts the padding " +
      "and reads on behind len",
    "changed 208 Records len of NODE_DATA is 32: it was 27, and C xenstored counts the padding " +
      "and reads on behind len",
  ],
  version_0: ["changed 8 Header version is 1: it was 0"],
  version_2: ["changed 8 Header version is 1: it was 2"],
  version_3: ["changed 8 Header version is 1: it was 3"],
  watch_ext_per_spec_v2: [
    "changed 8 Header version is 1: it was 2",
    "changed 96 WATCH_DATA_EXTENDED it is a WATCH_DATA: C xenstored 4.20 skips extended watches; " +
      'lost: its depth: connection 2 gets events from all below "/a", not 1 levels',
  ],
  watch_for_unknown_conn: [
    'dropped 96 WATCH_DATA the watch of "/a" with token "t" of connection 9: connection 9 is not ' +
      'in the stream; lost: the watch of "/a" with token "t" of connection 9',
  ],
};

for (const [name, expected] of Object.entries(BAD)) {
  test(`repair() says what it does to ${name} for c-4.20`, () => {
    const octets = fixture(`injected/${name}.bin`);
    const repaired = repair(octets, "c-4.20");
    assert.deepEqual(lines(repaired), expected);
    assert.equal(repaired.changeCount, expected.length);
    const losses = expected.filter((line) => line.includes("; lost: ")).length;
    assert.equal(repaired.lossCount, losses);
    if (expected.length === 0) assert.equal(Buffer.compare(repaired.octets, octets), 0);
  });
}

test("repair() refuses a stream in which nobody is heard, or that has two layouts", () => {
  const octets = fixture("injected/empty_path_wlen_0_END_only.bin");
  assert.throws(() => repair(octets, "c-4.20"), {
    name: "RepairError",
    message: /^Cannot repair the stream as it can be read in two layouts/,
  });
  assert.throws(() => repair(octets, "c-4.20", { layout: "1" }), {
    name: "RepairError",
    message:
      "Cannot repair the stream as C xenstored 4.20 would hear nobody: " +
      "no socket listens and no connection is there",
  });
});

const basic = readStream(fixture("injected/basic.bin"));
const [global, ring, socket, watch] = basic.records as readonly StreamRecord[];
const nodes = basic.records.filter(({ kind }) => kind === "NODE_DATA");

/** The records of `basic` in another order, with others. */
function made(...records: readonly (StreamRecord | undefined)[]): Uint8Array {
  const held = records.filter((record) => record !== undefined);
  return writeStream({ ...basic, records: [...held, { kind: "END" }] });
}

function kinds({ octets }: Repair): string[] {
  return readStream(octets).records.map((record) => {
    return record.kind === "NODE_DATA" ? record.path : record.kind;
  });
}

test("repair() puts watches behind their connection and nodes behind parents and rings", () => {
  const repaired = repair(made(global, watch, ...nodes.toReversed(), socket, ring), "c-4.20");
  assert.deepEqual(kinds(repaired), [
    ...["GLOBAL_DATA", "CONNECTION_DATA", "WATCH_DATA", "CONNECTION_DATA"],
    ...["/", "/a", "/a/b", "/tool", "END"],
  ]);
  assert.equal(repaired.lossCount, 0);
  assert.ok(repaired.changes.every(({ action }) => action === "moved"));
});

test("repair() leaves one record of what is there twice", () => {
  const again = { ...(socket as object), connId: 9 } as StreamRecord;
  const follower = { ...(watch as object), connId: 9, token: "of 9" } as StreamRecord;
  const repaired = repair(
    made(global, global, ring, socket, watch, watch, again, follower, ...nodes, ...nodes),
    "c-4.20",
  );
  assert.deepEqual(repaired.holds, { connections: 2, watches: 2, nodes: 4 });
  assert.equal(repaired.lossCount, 0);
  const watches = readStream(repaired.octets).records.filter(({ kind }) => kind === "WATCH_DATA");
  // Both connections go to the same socket, so the watch of the second one is that of the first.
  assert.deepEqual(
    watches.map((record) => record.kind === "WATCH_DATA" && [record.connId, record.token]),
    [
      [2, "tok"],
      [2, "of 9"],
    ],
  );
});

test("repair() gives a connection with an id that is zero or taken an own one", () => {
  const other = { ...(socket as object), spec: { type: "socket", fd: 30 } } as StreamRecord;
  const follower = { ...(watch as object), token: "other" } as StreamRecord;
  const zero = { ...(ring as object), connId: 0 } as StreamRecord;
  const repaired = repair(made(global, zero, socket, watch, other, follower, ...nodes), "c-4.20");
  const ids = readStream(repaired.octets).records.flatMap((record) =>
    "connId" in record && record.kind !== "NODE_DATA" ? [record.connId] : [],
  );
  assert.deepEqual(ids, [3, 2, 2, 4, 4]);
  assert.equal(repaired.changeCount, 2);
});

test("repair() gives domain 0 what nobody can own, and its ring when there is none", () => {
  const [first] = nodes;
  const perms = [
    { perm: "r", flags: 0, domid: 5 },
    { perm: "w", flags: 0, domid: 6 },
  ];
  const node = { ...plain(first), path: "/of5", perms };
  const repaired = repair(made(global, socket, ...nodes, node), "c-4.20");
  const read = readStream(repaired.octets).records;
  const rings = read.filter((it) => it.kind === "CONNECTION_DATA" && it.spec.type === "ring");
  assert.equal(rings.length, 1);
  const settled = read.find((it) => it.kind === "NODE_DATA" && it.path === "/of5");
  assert.deepEqual(
    settled?.kind === "NODE_DATA" && settled.perms.map(({ domid }) => domid),
    [0, 6],
  );
  assert.equal(repaired.lossCount, 2);
});

test("repair() takes records whose len is wrong as long as their fields are", () => {
  const octets = fixture("injected/basic.bin");
  const view = new OctetView(octets, true);
  for (const { offset = 0, kind } of basic.records) {
    if (kind === "END") continue;
    for (const len of [0, 1, 0xffff_ffff, view.u32(offset + 4) + 8]) {
      const changed = octets.slice();
      new OctetView(changed, true).putU32(offset + 4, len);
      const repaired = repair(changed, "c-4.20");
      assert.equal(Buffer.compare(repaired.octets, octets), 0, `${kind} with a len of ${len}`);
      assert.equal(repaired.changeCount, 1);
      assert.match(lines(repaired)[0] ?? "", /^changed \d+ Records len of /);
    }
  }
});

test("repair() does not take for a record what stands in a value", () => {
  // A value that holds a whole record of its own, in a node whose len is cut to nothing sensible.
  const forged = writeStream({ layout: "1", records: [socket as StreamRecord] }).subarray(16);
  const value = new Uint8Array([0, ...forged, 0]);
  const [root] = nodes;
  const holder = { ...plain(root), path: "/h", value };
  const octets = made(global, ring, root, holder);
  const at = readStream(octets).records.at(-2)?.offset ?? 0;
  const cut = octets.slice(0, octets.length - 24);
  const repaired = repair(cut, "c-4.20");
  assert.deepEqual(repaired.holds, { connections: 1, watches: 0, nodes: 1 });
  assert.match(lines(repaired).join("\n"), new RegExp(`^dropped ${at} Records the last `, "m"));
});

test("repair() refuses a stream that lacks more parents than it may add", {
  timeout: 60_000,
}, () => {
  const [root] = nodes;
  const deep = (index: number) => `/${index}${"/a".repeat(1000)}`;
  const many = Array.from({ length: 70 }, (_, index) => {
    return { ...plain(root), path: deep(index) };
  });
  assert.throws(
    () => repair(made(global, ring, root, ...many), "1"),
    (error) => error instanceof RepairError && /more than 65536 parents/.test(error.message),
  );
  const some = repair(made(global, ring, root, ...many.slice(0, 65)), "1");
  assert.equal(some.holds.nodes, 1 + 65 * 1001);
});

/** The fields of a record that was read. */
function plain(record: StreamRecord | undefined): NodeData {
  assert.ok(record?.kind === "NODE_DATA");
  const { kind, connId, txId, access, perms, path, value } = record;
  return { kind, connId, txId, access, perms, path, value };
}
