/**
 * What is said about captured and about bad streams. The layouts are those that the daemons have;
 * what is wrong is what the streams were made for.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import { fixture, fixtureNames } from "./fixture.ts";
import {
  detect,
  inspect,
  type NodeData,
  readDump,
  readStream,
  recordsJson,
  verify,
  writeDump,
  writeStream,
} from "./mod.ts";

for (const name of fixtureNames("streams", "")) {
  test(`inspect() believes the layout of ${name} and finds nothing wrong`, () => {
    const { layout, violations, deviations } = inspect(fixture(name));
    assert.equal(layout, name.endsWith(".db") ? "text" : "1");
    assert.deepEqual(violations, []);
    assert.equal(deviations.length, name.endsWith(".db") ? 0 : 1);
  });
}

/** Section and place of what is wrong in streams that were made for it. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  basic: [],
  big_endian_flag: ["12 Header flags must say that records are little-endian"],
  bytes_after_END: ["216 END must be the final record: 8 octets follow"],
  conn_ring_of_absent_domain_9: [],
  duplicate_node: ['236 NODE_DATA path must be there once: "/a"'],
  missing_parent: ['196 NODE_DATA the parent must come earlier: "/x/y"'],
  no_END: ["208 END END must be there: the stream ends before it"],
  no_root_node_record: ['124 NODE_DATA the parent must come earlier: "/a"'],
  non_zero_padding: ["201 Records padding must be written as zero"],
  perm_char_x: ["192 NODE_DATA perm must be w, r, b or n: current value is 0x78"],
  perm_count_0: ["192 NODE_DATA perm-count must not be 0 for a committed node"],
  reserved_flag_bit_1: ["12 Header flags 1 to 31 must be zero: current value is 0x2"],
  stale_perm_flag: [],
  truncated_in_record: [
    "172 NODE_DATA NODE_DATA.len must be at most 26, what is left: current value is 32",
  ],
  tx_pending_delete_of_a: [],
  tx_pending_node: [],
  unknown_record_type_0x99: ["96 Records type must not be reserved: current value is 0x99"],
  unpadded_len_spec_literal_len: [
    "100 Records len must be 22, as long as the fields: current value is 24",
    "132 Records len must be 26, as long as the fields: current value is 32",
  ],
  version_0: ["8 Header version must be 1 or 2: current value is 0"],
  version_2: [],
  version_3: ["8 Header version must be 1 or 2: current value is 3"],
  watch_ext_per_spec_v2: [],
  watch_for_unknown_conn: [
    "104 WATCH_DATA conn-id must name an earlier connection: current value is 9",
  ],
};

for (const [name, expected] of Object.entries(BAD)) {
  test(`inspect() lists what is wrong in ${name}, with its section`, () => {
    const { violations } = inspect(fixture(`injected/${name}.bin`));
    const lines = violations.map(({ offset, section, text }) => `${offset} ${section} ${text}`);
    assert.deepEqual(lines, expected);
  });
}

test("inspect() lists each path and token that is bad, where no layout is consistent", () => {
  const { records } = readStream(fixture("injected/basic.bin"));
  const last = records.findLast(({ kind }) => kind === "NODE_DATA");
  const changed = records.map((record) => {
    if (record.kind === "WATCH_DATA") return { ...record, path: "a/", token: "b\0c" };
    return record === last && record.kind === "NODE_DATA" ? nodeOf(record, "/a//b") : record;
  });
  const { violations } = inspect(writeStream({ layout: "1", records: changed }));
  assert.deepEqual(
    violations.map(({ section, text }) => `${section} ${text}`),
    [
      "WATCH_DATA wpath must not end in /",
      "WATCH_DATA token must have no NUL inside",
      "NODE_DATA path must not have //",
      'NODE_DATA the parent must come earlier: "/a//b"',
    ],
  );
});

for (const name of [...fixtureNames("streams", ".bin"), ...fixtureNames("injected", ".bin")]) {
  test(`inspect() finds in ${name} what verify() finds in the layout that is believed`, () => {
    const octets = fixture(name);
    const { stream, violations, violationCount, deviations } = inspect(octets);
    const verdict = verify(octets, detect(octets).shape);
    assert.deepEqual({ stream, violations, violationCount, deviations }, verdict);
  });
}

test("inspect() says ambiguous where the draft and version 1 agree", () => {
  assert.equal(inspect(fixture("injected/empty_path_wlen_0_END_only.bin")).layout, "ambiguous");
});

test("inspect() believes the draft, either byte order, and 4.22's extended watches", () => {
  const node = "00000005 00000016 00000000 00000000 0000 0001 6e000000 0002 0000 2f00 0000";
  const draft = hex("78656e73746f7265 00000001 00000001", node, "00000000 00000000");
  assert.equal(inspect(draft).layout, "draft");
  assert.deepEqual(inspect(draft).violations, []);
  const socket = "02000000 18000000 02000000 0100 0000 16000000 00000000 0000 0000 00000000";
  const watch = "08000000 18000000 02000000 0300 0400 2f6100 746f6b00 00";
  const end = "00000000 00000000";
  const written = hex("78656e73746f7265 00000002 00000000", socket, watch, end);
  const { layout, header, violations } = inspect(written);
  assert.deepEqual([layout, header.watch_head], ["2", 8]);
  assert.deepEqual(
    violations.map(({ section, text }) => `${section} ${text}`),
    ["WATCH_DATA_EXTENDED lacks depth and pad, as 4.22 writes it"],
  );
});

test("recordsJson() names fields as the specification does", () => {
  const records = [...recordsJson(inspect(fixture("streams/4.20.pending_in.bin")))];
  assert.deepEqual(records[4], {
    offset: 160,
    type: 2,
    name: "CONNECTION_DATA",
    length: 48,
    fields: {
      conn_id: 4,
      conn_type: 1,
      fields: 0,
      socket_fd: 9,
      in_data_len: 19,
      out_resp_len: 0,
      out_data_len: 0,
      data: { hex: "020000004e00000000000000090000002f7069" },
    },
  });
});

for (const name of fixtureNames("streams", ".db")) {
  test(`writeDump() gives the octets of ${name} again`, () => {
    const octets = fixture(name);
    const dump = readDump(octets);
    assert.ok(dump.isWhole);
    assert.ok(dump.lines.every(({ kind, text }) => kind !== "ignored" && text === undefined));
    assert.equal(Buffer.compare(writeDump(dump), octets), 0);
  });
}

test("readDump() says what a line means, and keeps what oxenstored ignores", () => {
  const { lines } = readDump(fixture("streams/4.17o.watches.db"));
  const dom = { kind: "dom", domid: 6, mfn: 1, remotePort: 9, localPort: 1006 };
  assert.partialDeepStrictEqual(
    lines.find((line) => line.kind === "dom" && line.domid === 6),
    dom,
  );
  const bad = new TextEncoder().encode("$xenstored-dump-format\nfoo,1\nstore,2F,6e30,zz\nglobal,3");
  const dump = readDump(bad);
  assert.deepEqual(
    dump.lines.map(({ kind }) => kind),
    ["ignored", "ignored", "global"],
  );
  assert.equal(Buffer.compare(writeDump(dump), bad), 0);
});

test("a stream of a hundred nodes with equal paths has each but the first as a violation", () => {
  const base = readStream(fixture("streams/4.20.empty.bin"));
  const root = base.records.find(({ kind }) => kind === "NODE_DATA");
  assert.ok(root?.kind === "NODE_DATA");
  const nodes = Array.from({ length: 100 }, () => root);
  const octets = writeStream({ ...base, records: [...nodes, { kind: "END" }] });
  assert.equal(inspect(octets).violationCount, 99);
});

function nodeOf({ connId, txId, access, perms, value }: NodeData, path: string): NodeData {
  return { kind: "NODE_DATA", connId, txId, access, perms, path, value };
}

function hex(...pieces: string[]): Uint8Array {
  return fromHex(pieces.join("").replaceAll(" ", ""));
}
