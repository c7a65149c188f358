/**
 * What real daemons wrote: every captured stream is read, says what its scenario put in, and is
 * written again as the same octets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import { readStream, type Stream, type StreamRecord, writeStream } from "./mod.ts";

const CAPTURED = fixtureNames("streams", ".bin");

type Of<K extends StreamRecord["kind"]> = Extract<StreamRecord, { readonly kind: K }>;

function every<K extends StreamRecord["kind"]>(stream: Stream, kind: K): Of<K>[] {
  return stream.records.filter((record): record is Of<K> => record.kind === kind);
}

function stream(name: string): Stream {
  return readStream(fixture(`streams/${name}.bin`));
}

function text(octets: Uint8Array): string {
  return Buffer.from(octets).toString("latin1");
}

test("every stream is in the manifest of fixtures, which has its digest", () => {
  const { fixtures } = JSON.parse(text(fixture("../manifest.json"))) as {
    fixtures: { path: string }[];
  };
  const listed = new Set(fixtures.map(({ path }) => path));
  const names = [...fixtureNames("streams", ""), ...fixtureNames("injected", "")];
  assert.equal(names.length, 62);
  for (const name of names) assert.ok(listed.has(`xenstore/${name}`), name);
});

for (const name of CAPTURED) {
  test(`readStream() takes ${name}, and writeStream() gives the same octets`, () => {
    const octets = fixture(name);
    const read = readStream(octets);
    assert.deepEqual([read.layout, read.order, read.lengths], ["1", "little", "padded"]);
    assert.equal(read.records.at(-1)?.kind, "END");
    assert.equal(read.rest.length, 0);
    // C writes zeros wherever readers ignore what is there, in these versions.
    assert.ok(read.records.every(({ kept, length }) => kept === undefined && length === undefined));
    assert.equal(Buffer.compare(writeStream(read), octets), 0);
  });
}

for (const version of ["4.17", "4.20"]) {
  test(`watches of ${version} belong to their connections, as the clients gave them`, () => {
    const read = stream(`${version}.watches`);
    const rings = every(read, "CONNECTION_DATA").filter(({ spec }) => spec.type === "ring");
    assert.deepEqual(
      rings.map(({ spec }) => spec),
      [
        // xs-wire's domain 0, without a target.
        { type: "ring", domid: 0, tdomid: 0x7ff4, evtchn: 1000 },
        { type: "ring", domid: 5, tdomid: 0x7ff4, evtchn: 1005 },
        // SET_TARGET 6 5.
        { type: "ring", domid: 6, tdomid: 5, evtchn: 1006 },
      ],
    );
    const fifth = rings.find(({ spec }) => spec.type === "ring" && spec.domid === 5);
    const watches = every(read, "WATCH_DATA");
    assert.deepEqual(
      watches.filter(({ connId }) => connId === fifth?.connId).map((watch) => watch.path),
      ["device/vbd", "/local/domain/5/x", "@releaseDomain"],
    );
    assert.ok(watches.some(({ token }) => token === "second token with spaces /"));
  });

  test(`pending output of ${version} begins in the middle of a message`, () => {
    const connections = every(stream(`${version}.pending_out`), "CONNECTION_DATA");
    const ring = connections.find(({ outRespLen }) => outRespLen > 0);
    assert.equal(ring?.outRespLen, 492);
    // 492 octets of a reply of 1516, then three events of 27 octets.
    assert.equal(ring?.outData.length, 492 + 3 * 27);
    assert.ok(ring?.outData.subarray(0, 492).every((octet) => octet === 0x5a));
    assert.match(text(ring?.outData.subarray(492) ?? new Uint8Array()), /ev\/0\0evtok\0.*ev\/2/s);
  });

  test(`pending input of ${version} may end in a header or a body`, () => {
    const connections = every(stream(`${version}.pending_in`), "CONNECTION_DATA");
    const inputs = connections.map(({ inData }) => inData).filter(({ length }) => length > 0);
    assert.deepEqual(
      inputs.map(({ length }) => length),
      [7, 19],
    );
    assert.ok(text(inputs[1] ?? new Uint8Array()).endsWith("/pi"));
    const [first] = connections.filter(({ outData }) => outData.length > 0);
    // The answer to the live update itself: CONTROL, its request, no transaction, 3 octets.
    assert.equal(first?.outData.length, 19);
    assert.ok(text(first?.outData ?? new Uint8Array()).endsWith("\x03\0\0\0OK\0"));
  });

  test(`nodes of ${version} have their values and permissions`, () => {
    const nodes = every(stream(`${version}.nodes_perms`), "NODE_DATA");
    const many = nodes.find(({ path }) => path === "/n/many");
    assert.deepEqual(
      many?.perms.map(({ perm, domid, flags }) => `${perm}${domid}${flags === 0 ? "" : "!"}`),
      ["n5", "r1", "w2", "b3", "n4"],
    );
    assert.equal(text(many?.value ?? new Uint8Array()), "v/n/many");
    const stale = every(stream(`${version}.stale_perm`), "NODE_DATA");
    const perms = stale.find(({ path }) => path === "/s/x")?.perms;
    assert.deepEqual(
      perms?.map(({ perm, domid, flags }) => [perm, domid, flags]),
      [
        ["n", 0, 0],
        ["r", 7, 1],
        ["w", 8, 1],
      ],
    );
    const binary = every(stream(`${version}.binary`), "NODE_DATA");
    const all = binary.find(({ path }) => path === "/b/all")?.value;
    assert.deepEqual(
      [...(all ?? [])],
      Array.from({ length: 256 }, (_, octet) => octet),
    );
  });

  test(`a transaction of ${version} is not in the stream, only what was committed`, () => {
    const read = stream(`${version}.open_tx`);
    assert.equal(every(read, "TRANSACTION_DATA").length, 0);
    assert.ok(every(read, "NODE_DATA").every(({ connId }) => connId === 0));
  });
}
