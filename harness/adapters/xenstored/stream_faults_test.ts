import assert from "node:assert/strict";
import { test } from "node:test";
import { STREAM_FAULTS, spoilt } from "./stream_faults.ts";

/** A stream by hand, from docs/designs/xenstore-migration.md with lengths as C xenstored counts. */
const STREAM = Buffer.from(
  [
    ...["78656e73746f7265", "00000001", "00000000"], // ident, version 1, flags
    ...["01000000", "08000000", "05000000", "06000000"], // GLOBAL_DATA: rw-socket-fd, evtchn-fd
    ...["02000000", "18000000", "01000000", "0100", "0000"], // CONNECTION_DATA 1, a socket
    ...["07000000", "00000000", "0000", "0000", "00000000"], // socket-fd, pad, no octets under way
    ...["05000000", "18000000", "00000000", "00000000"], // NODE_DATA, committed
    ...["0200", "0100", "0000", "0100", "6e000000", "2f00", "76", "00"], // "/", "v"; n0
    ...["00000000", "00000000"], // END
  ].join(""),
  "hex",
);

function changed(kind: string): string {
  return Buffer.from(spoilt(`stream:${kind}:restore`, "c", STREAM)).toString("hex");
}

const HEX = STREAM.toString("hex");
const END = "0000000000000000";

test("spoilt() changes the stream by each fault", () => {
  for (const fault of STREAM_FAULTS.c) {
    const bytes = Buffer.from(spoilt(fault, "c", STREAM)).toString("hex");
    assert.notEqual(bytes, HEX, fault);
  }
});

test("spoilt() changes one field of the header, which is big-endian", () => {
  assert.equal(changed("big-endian"), HEX.replace("0000000100000000", "0000000100000001"));
  assert.equal(changed("version-three"), HEX.replace("0000000100000000", "0000000300000000"));
});

test("spoilt() takes away END, GLOBAL_DATA or everything", () => {
  assert.equal(changed("no-end"), HEX.slice(0, -END.length));
  assert.equal(changed("no-global"), HEX.replace("01000000080000000500000006000000", ""));
  assert.equal(changed("end-only"), HEX.slice(0, 32) + END);
});

test("spoilt() tells lengths without the padding, or fills it", () => {
  assert.equal(changed("exact-length"), HEX.replace("0500000018000000", "0500000017000000"));
  assert.equal(changed("odd-padding"), HEX.replace("2f007600", "2f0076a5"));
});

// 16 octets of header, 4 of permissions, 16 of path and 1 of value are 37, padded to 40.
test("spoilt() adds records before END", () => {
  const added = ["05000000", "28000000", "00000000", "00000000", "1000", "0100", "0000", "0100"];
  const node = `${added.join("")}6e000000${Buffer.from("/no/parent/here\0v").toString("hex")}`;
  const expected = `${HEX.slice(0, -END.length)}${node}`;
  assert.ok(changed("no-parent").startsWith(expected), changed("no-parent"));
  assert.ok(changed("no-parent").endsWith(END));
});

test("spoilt() adds a transaction of the first connection, a watch or an unknown record", () => {
  const added = (kind: string) => changed(kind).slice(HEX.length - END.length, -END.length);
  const text = (octets: string) => Buffer.from(octets).toString("hex");
  const transaction = ["04000000", "08000000", "01000000", "01000000"]; // conn-id, tx-id
  const node = ["05000000", "20000000", "01000000", "01000000", "0900", "0100", "0200", "0100"];
  const pending = [...transaction, ...node, "6e000000", text("/pending\0v"), "0000"];
  assert.equal(added("pending-node"), pending.join(""));
  const watch = ["03000000", "10000000", "0f270000", "0300", "0200", text("/w\0t\0"), "000000"];
  assert.equal(added("watch-of-nobody"), watch.join(""));
  assert.equal(added("unknown-record"), `9900000008000000${text("whatever")}`);
  assert.equal(changed("after-end"), HEX + "a5".repeat(24));
});

test("spoilt() cuts between records, or within the last one", () => {
  assert.ok(HEX.startsWith(changed("cut-half")));
  assert.equal(changed("cut-half").length, HEX.length - END.length - 64);
  assert.equal(changed("cut-record"), HEX.slice(0, -END.length - 32));
});

test("spoilt() cuts a text between lines, or within the last one", () => {
  const text = Buffer.from("$xenstored-dump-format\nglobal,3\nsocket,4\nstore,2f,6e30,\n");
  const cut = (kind: string) =>
    Buffer.from(spoilt(`stream:${kind}:restore`, "ocaml", text)).toString();
  assert.equal(cut("cut-half"), "$xenstored-dump-format\nglobal,3\n");
  assert.equal(cut("cut-record"), "$xenstored-dump-format\nglobal,3\nsocket,4\nstore,2f,6e3");
  assert.throws(() => cut("no-end"), /Cannot spoil a state of ocaml/);
});

// 16 octets of header, 4 of permissions, 6 of path and 1 of value are 27, padded to 32.
test("spoilt() lies about one length of a node of its own", () => {
  const node = (length: string, path: string, perms: string) =>
    `05000000${length}0000000000000000${path}01000000${perms}6e0000002f6c617374007600`;
  const last = (kind: string) => changed(kind).slice(HEX.length - END.length, -END.length);
  assert.equal(last("length-max"), `${node("ffffffff", "0600", "0100")}00000000`);
  assert.equal(last("path-beyond"), `${node("20000000", "ffff", "0100")}00000000`);
  assert.equal(last("permissions-beyond"), `${node("20000000", "0600", "ffff")}00000000`);
});

test("spoilt() changes lines of a text", () => {
  const head = "$xenstored-dump-format\n";
  const lines = "global,3\nsocket,4\nstore,2f,6e30,\n";
  const made = (kind: string) =>
    Buffer.from(spoilt(`stream:${kind}:restore`, "ocaml", Buffer.from(head + lines))).toString();
  assert.equal(made("no-global"), `${head}socket,4\nstore,2f,6e30,\n`);
  assert.equal(made("nodes-first"), `${head}store,2f,6e30,\nglobal,3\nsocket,4\n`);
  assert.equal(made("no-root"), `${head}global,3\nsocket,4\n`);
  assert.equal(made("odd-permission"), `${head}${lines}store,2f6f6464,7830,\n`);
  assert.equal(made("ring-of-nobody"), `${head}${lines}dom,9,1,9,1009\n`);
});
