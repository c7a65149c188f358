/** `decode xenstore-stream` on streams that real daemons wrote, and on some that were spoilt. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/xenstore", import.meta.url));
const CAPTURED = readdirSync(join(FIXTURES, "streams")).filter((name) => name.endsWith(".bin"));

function decode(path: string, ...options: string[]) {
  return call(["decode", "xenstore-stream", path, ...options], { product });
}

for (const name of CAPTURED) {
  test(`decode xenstore-stream shows ${name} and finds nothing wrong`, async () => {
    const { code, out, err } = await decode(join(FIXTURES, "streams", name));
    assert.equal(err, "");
    assert.equal(code, 0);
    assert.match(out, /^layout \S+: /);
  });
}

test("decode xenstore-stream --json gives layout and records", async () => {
  const { code, out } = await decode(join(FIXTURES, "streams/4.17.nodes_perms.bin"), "--json");
  assert.equal(code, 0);
  const { layout, records } = JSON.parse(out);
  assert.equal(layout, "1");
  assert.deepEqual(records[0], {
    offset: 16,
    type: 1,
    name: "GLOBAL_DATA",
    length: 8,
    fields: { rw_socket_fd: 3, evtchn_fd: 6 },
  });
});

test("decode xenstore-stream names what breaks the specification, and where", async () => {
  const { code, out } = await decode(join(FIXTURES, "injected/missing_parent.bin"));
  assert.equal(code, 1);
  assert.match(
    out,
    /^violation at offset 196, NODE_DATA: the parent must come earlier: "\/x\/y"$/m,
  );
});

test("decode xenstore-stream shows what comes before a cut", async () => {
  const whole = readFileSync(join(FIXTURES, "streams/4.17.nodes_perms.bin"));
  await inDirectory(async (directory) => {
    const path = join(directory, "cut.bin");
    writeFileSync(path, whole.subarray(0, 100));
    const { code, out } = await decode(path);
    assert.equal(code, 1);
    assert.match(out, /CONNECTION_DATA +conn_id=1 /);
    assert.match(out, /^violation at offset 68, CONNECTION_DATA: .* at most 28/m);
  });
});

test("decode xenstore-stream refuses what is no stream in one line", async () => {
  const { code, out, err } = await decode(join(FIXTURES, "README.md"));
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /^Cannot decode .* at offset 0 in stream: must begin with "xenstore" or .*\n$/);
});

/** Repairs a fixture for a target; what is written comes with the answer. */
async function repaired(name: string, target: string, ...options: string[]) {
  const outcome: { answer?: Awaited<ReturnType<typeof decode>>; octets?: Buffer } = {};
  await inDirectory(async (directory) => {
    const out = join(directory, "repaired");
    const more = ["--repair", target, "--out", out, ...options];
    outcome.answer = await decode(join(FIXTURES, name), ...more);
    if (existsSync(out)) outcome.octets = readFileSync(out);
  });
  const { code = -1, out = "", err = "" } = outcome.answer ?? {};
  return { code, out, err, octets: outcome.octets };
}

test("decode xenstore-stream --repair says what it changed and why", async () => {
  const { code, out, octets } = await repaired("injected/missing_parent.bin", "c-4.20");
  assert.equal(code, 0);
  const [layout, change, count, end] = out.trimEnd().split("\n");
  assert.match(layout ?? "", /^layout 1: /);
  assert.equal(
    change,
    'added at offset 168, NODE_DATA: node "/x", empty and as "/" has it: "/x/y" needs its parent',
  );
  assert.equal(count, "changes for c-4.20: 1, of which 0 lose something");
  assert.match(end ?? "", /: 288 octets, with 2 connections, 0 watches, 5 nodes$/);
  assert.equal(octets?.length, 288);
});

test("decode xenstore-stream --repair changes nothing of a stream that is right", async () => {
  for (const name of CAPTURED) {
    const { code, out, octets } = await repaired(`streams/${name}`, "c-4.17");
    assert.equal(code, 0);
    assert.match(out, /^nothing was changed: c-4\.17 accepts it as it is$/m);
    assert.equal(
      Buffer.compare(readFileSync(join(FIXTURES, "streams", name)), octets as Buffer),
      0,
    );
  }
});

test("decode xenstore-stream --repair exits with a finding when something is lost", async () => {
  const name = "injected/watch_ext_per_spec_v2.bin";
  const { code, out } = await repaired(name, "1", "--json");
  assert.equal(code, 1);
  const { ok, target, layout, changes, change_count, loss_count, holds, size } = JSON.parse(out);
  assert.deepEqual([ok, target, layout, change_count, loss_count], [true, "1", "2", 2, 1]);
  assert.deepEqual(holds, { connections: 2, watches: 1, nodes: 3 });
  assert.equal(size, 240);
  assert.deepEqual(changes[1], {
    offset: 96,
    section: "WATCH_DATA_EXTENDED",
    action: "changed",
    text: "it is a WATCH_DATA: C xenstored of version 1 skips extended watches",
    lost: 'its depth: connection 2 gets events from all below "/a", not 1 levels',
  });
});

test("decode xenstore-stream --repair refuses in one line and writes nothing", async () => {
  const name = "injected/empty_path_wlen_0_END_only.bin";
  const { code, out, err, octets } = await repaired(name, "c-4.20", "--layout", "1");
  assert.deepEqual([code, out, octets], [1, "", undefined]);
  assert.match(err, /^Cannot repair the stream as C xenstored 4\.20 would hear nobody: .*\n$/);
  const json = await repaired(name, "c-4.20", "--layout", "1", "--json");
  assert.equal(JSON.parse(json.out).ok, false);
});

test("decode xenstore-stream --repair needs a target and a place of its own", async () => {
  const path = join(FIXTURES, "injected/basic.bin");
  const before = readFileSync(path);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--repair", "c-4.20"], /--repair needs --out/],
    [["--out", "x"], /--out is where --repair writes/],
    [["--repair", "c-4.2", "--out", "x"], /Cannot find target "c-4\.2": nearest are c-4\.2/],
    [["--repair", "1", "--out", path], /--out must be another file/],
    [["--repair", "1", "--out", join(FIXTURES, "no/such/folder")], /Cannot write .*: ENOENT/],
    [["--layout", "3"], /Cannot find layout "3"/],
    [["--order", "middle"], /Cannot find order "middle"/],
  ];
  for (const [options, message] of cases) {
    const { code, err } = await decode(path, ...options);
    assert.equal(code, 2, err);
    assert.match(err, message);
  }
  assert.equal(Buffer.compare(readFileSync(path), before), 0);
  const { code, err } = await call(["decode", "mesh", "--release", "main", "--layout", "1"], {
    product,
  });
  assert.equal(code, 2);
  assert.match(err, /--layout is for streams, which mesh is not/);
});

test("decode xenstore-stream --layout and --order override what is believed", async () => {
  const basic = join(FIXTURES, "injected/basic.bin");
  const draft = await decode(basic, "--layout", "draft");
  assert.equal(draft.code, 1);
  assert.match(draft.out, /^layout draft: /);
  assert.match(draft.out, /GLOBAL_DATA +rw_socket_fd=20 ro_socket_fd=21$/m);
  const second = await decode(basic, "--layout", "2", "--order", "little");
  assert.equal(second.code, 0);
  assert.match(second.out, /^layout 2: /);
  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    [basic, ["--order", "big"], /is not in the layout that is named: must be at most 256/],
    [basic, ["--layout", "text"], /must be "\$xenstored-dump-format", as layout text has it/],
    [
      join(FIXTURES, "streams/4.20o.empty.db"),
      ["--layout", "1"],
      /must be "xenstore", as layout 1/,
    ],
    [join(FIXTURES, "streams/4.20o.empty.db"), ["--order", "big"], /it is a text dump/],
  ];
  for (const [path, options, message] of refusals) {
    const { code, out, err } = await decode(path, ...options);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, message);
    assert.equal(err.trimEnd().split("\n").length, 1);
  }
});
