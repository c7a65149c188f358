import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  inspect,
  isStream,
  readDump,
  readStream,
  type StreamRecord,
} from "../../../src/xenstore_stream/mod.ts";
import { xenstoredAdapter } from "./adapter.ts";
import { transplanted } from "./foreign_state.ts";
import { leavesBehind } from "./left_behind.ts";
import { REAL } from "./real.ts";
import { contentsOf } from "./state_contents.ts";

const FOLDER = new URL("../../../fixtures/xenstore/streams/", import.meta.url);

function captured(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

/** Files that a program of Debian has saved, with the release of the matrix that it is. */
const CAPTURED = readdirSync(FOLDER)
  .map((name) => ({ name, parts: /^(4\.\d+)(o?)\.(?!open_tx)\w+\.(bin|db)$/.exec(name) }))
  .flatMap(({ name, parts }) =>
    parts === null ? [] : [{ name, release: `${parts[2] ? "oxenstored" : "c"}-${parts[1]}` }],
  );

function sockets(records: readonly StreamRecord[]): number[] {
  return records.flatMap((one) =>
    one.kind === "CONNECTION_DATA" && one.spec.type === "socket" ? [one.spec.fd] : [],
  );
}

test("transplanted() has descriptors and sockets from here, and all else from there", () => {
  const [there, here] = [captured("4.17.watches.bin"), captured("4.20.empty.bin")];
  const made = transplanted(there, here);
  const { records } = readStream(made);
  const own = readStream(here).records;
  assert.deepEqual(sockets(records), sockets(own));
  const global = (all: readonly StreamRecord[]) => all.filter(({ kind }) => kind === "GLOBAL_DATA");
  assert.deepEqual(
    global(records).map((one) => ({ ...one, offset: 0 })),
    global(own).map((one) => ({ ...one, offset: 0 })),
  );
  assert.deepEqual(contentsOf(made), contentsOf(there));
  assert.notDeepEqual(contentsOf(made), contentsOf(here));
  assert.deepEqual(inspect(made).violations, []);
  // Watches of domains stay, those of sockets went with them.
  const watches = records.filter(({ kind }) => kind === "WATCH_DATA").length;
  const were = readStream(there).records.filter(({ kind }) => kind === "WATCH_DATA").length;
  assert.ok(watches > 0 && watches < were, `${watches} of ${were}`);
});

test("leavesBehind() tells of sockets, and of what depends on them", () => {
  const rest = "; nobody here has their other ends";
  for (const [name, said] of [
    ["4.17.watches.bin", "sockets: 4 (watches: 11, octets of output: 19)"],
    ["4.20.pending_in.bin", "sockets: 4 (octets of input: 26, octets of output: 19)"],
    ["4.20.pending_out.bin", "sockets: 2 (watches: 1, octets of output: 19)"],
    ["4.17o.watches.db", "sockets: 4 (watches: 11)"],
  ] as const) {
    assert.equal(leavesBehind(captured(name)), said + rest, name);
  }
  assert.equal(leavesBehind(captured("4.17.watches.bin").subarray(0, 100)), undefined);
  assert.equal(leavesBehind(new Uint8Array()), undefined);
});

test("transplanted() makes lines of a text from here and there", () => {
  const [there, here] = [captured("4.17o.watches.db"), captured("4.20o.empty.db")];
  const made = readDump(transplanted(there, here)).lines;
  const only = (kind: string) => (line: { readonly kind: string }) => line.kind === kind;
  const own = readDump(here).lines;
  for (const kind of ["global", "evtchn-dev", "socket"]) {
    const strip = (lines: readonly object[]) => lines.map((line) => ({ ...line, offset: 0 }));
    assert.deepEqual(strip(made.filter(only(kind))), strip(own.filter(only(kind))), kind);
  }
  assert.deepEqual(contentsOf(transplanted(there, here)), contentsOf(there));
});

test("transplanted() leaves a state as it is that is of another kind, or broken", () => {
  const [there, here] = [captured("4.17o.watches.db"), captured("4.20.empty.bin")];
  assert.equal(transplanted(there, here), there);
  const broken = here.subarray(0, 12);
  assert.equal(transplanted(broken, here), broken);
  assert.deepEqual(contentsOf(broken), { nodes: [], domids: [] });
});

test("CAPTURED has files of each release", () => {
  const releases = new Set(CAPTURED.map(({ release }) => release));
  assert.deepEqual([...releases].sort(), [
    "c-4.17",
    "c-4.20",
    "oxenstored-4.17",
    "oxenstored-4.20",
  ]);
});

for (const { name, release } of CAPTURED) {
  test(`the captured state ${name} is taken by a real daemon`, REAL, async () => {
    const hop = { implementation: "xenstored", release, inputs: {} };
    await using rig = await xenstoredAdapter().rig({ forced: "no" }, 1);
    const old = await rig.start(hop);
    const saved = await old.save({ correlationId: "", settings: { forced: "no" } });
    const bytes = captured(name);
    assert.equal(isStream(bytes), isStream(saved.bytes));
    const young = await rig.restore(hop, { ...saved, bytes });
    const client = young.xenstore?.socket("reader");
    const { nodes, domids } = contentsOf(bytes);
    assert.deepEqual(young.xenstore?.given, { nodes, domids });
    for (const { path, value } of nodes) {
      if (path.startsWith("@") || path === "/tool/xenstored") continue;
      const reply = await client?.ask({ kind: "READ", body: `${path}\0` });
      assert.deepEqual([reply?.error, reply?.body], [null, value], path);
    }
  });
}
