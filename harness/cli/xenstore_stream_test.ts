/** `decode xenstore-stream` on streams that real daemons wrote, and on some that were spoilt. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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
