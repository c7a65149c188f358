/** `decode qemu-stream` and `diff` on streams of real QEMUs, and on some that were spoilt. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const FOLDER = fileURLToPath(new URL("../../fixtures/qemu/streams", import.meta.url));
const CAPTURED = readdirSync(FOLDER).map((name) => name.replace(".mig.gz", ""));

function stream(name: string): Uint8Array {
  return gunzipSync(readFileSync(join(FOLDER, `${name}.mig.gz`)));
}

function decode(name: string, ...options: string[]) {
  const input = [stream(name)];
  return call(["decode", "qemu-stream", ...options], { product, input });
}

for (const name of CAPTURED) {
  test(`decode qemu-stream takes ${name}, as summary, tree and JSON`, async () => {
    const summary = await decode(name);
    assert.deepEqual([summary.code, summary.err], [0, ""]);
    assert.match(summary.out, /^machine \S.*, \d+ octets, \d+ parts\n/);
    assert.doesNotMatch(summary.out, /neither described nor known/);
    const tree = await decode(name, "--tree");
    assert.match(tree.out, /\n {2}cpu_clock_offset: int64 = 0\n/);
    assert.doesNotMatch(tree.out, /is not opened/);
    const { out, code } = await decode(name, "--json");
    assert.equal(code, 0);
    const { size, sections } = JSON.parse(out);
    assert.equal(size, stream(name).length);
    assert.ok(sections.length >= 5);
  });
}

test("decode qemu-stream sums up a machine", async () => {
  const { out } = await decode("none_11.1");
  assert.equal(
    out,
    [
      "machine none, 3427 octets, 6 parts",
      "ram ram: 1048576 octets, 0 pages whole, 256 of one octet",
      "      17 START ram 0, version 4, 50 octets",
      "      67 PART  ram 0, version 4, 2326 octets",
      "    2393 COMMAND SWITCHOVER_START, 0 octets",
      "    2398 END   ram 0, version 4, 18 octets",
      "    2416 FULL  timer 0, version 2, 48 octets",
      "    2464 FULL  globalstate 0, version 1, 134 octets",
      "    2599 description of 823 octets",
      "",
    ].join("\n"),
  );
});

test("decode qemu-stream --section finds a section by its name, or by its end", async () => {
  for (const name of ["0000:00:02.0/e1000", "e1000"]) {
    const { code, out } = await decode("i440fx52-e1000_7.2", "--section", name);
    assert.equal(code, 0);
    assert.match(out, /^ +\d+ FULL {2}0000:00:02\.0\/e1000 0, version 2, \d+ octets\n/);
    assert.match(out, /\n {2}parent_obj: struct PCIDevice\n {4}version_id: int32 le = 2\n/);
    assert.doesNotMatch(out, /globalstate/);
  }
  const json = await decode("i440fx52-e1000_7.2", "--section", "e1000", "--json");
  const { sections } = JSON.parse(json.out);
  assert.equal(sections.length, 1);
  assert.deepEqual(
    [sections[0].idstr, sections[0].instance_id, sections[0].version, sections[0].vmsd],
    ["0000:00:02.0/e1000", 0, 2, "e1000"],
  );
});

test("decode qemu-stream --section says which sections there are", async () => {
  const missing = await decode("none_7.2", "--section", "timers");
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^Cannot find section "timers": .*timer/);
  const several = await decode("i440fx52-balloon_5.2", "--section", "virtio-balloon");
  assert.equal(several.code, 0);
});

test("decode qemu-stream opens a virtio blob down to its queues", async () => {
  const { out } = await decode("q35-52-port-net_11.1", "--section", "virtio-net");
  assert.match(out, /\n {4}mac: buffer of 6 = 525400000001\n/);
  assert.match(out, /\n {4}pci_config: buffer of 4096 = f41a4110/);
  assert.match(out, /\n {6}<virtio_pci\/modern_state> version 1\n/);
});

test("decode qemu-stream names the place of what is wrong, in text and in JSON", async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "cut.mig");
    writeFileSync(path, stream("none_5.2").subarray(0, 100));
    const text = await call(["decode", "qemu-stream", path], { product });
    assert.deepEqual([text.code, text.out], [1, ""]);
    const where = "Cannot decode input at offset 94 in ram.address";
    assert.equal(text.err, `${where}: 8 octets must follow: there are 6\n`);
    const json = await call(["decode", "qemu-stream", path, "--json"], { product });
    assert.equal(json.code, 1);
    const { ok, offset, path: names } = JSON.parse(json.out);
    assert.deepEqual([ok, offset, names], [false, 94, "ram.address"]);
  });
});

async function diff(a: string, b: string, ...options: string[]) {
  let answer = { code: -1, out: "", err: "" };
  await inDirectory(async (directory) => {
    const paths = [a, b].map((name, index) => {
      const path = join(directory, `${index}.mig`);
      writeFileSync(path, stream(name));
      return path;
    });
    answer = await call(["diff", ...paths, ...options], { product });
  });
  return answer;
}

test("diff finds nothing between point releases", async () => {
  const { code, out } = await diff("isapc_10.0.2", "isapc_10.0.13");
  assert.deepEqual([code, out], [0, "nothing differs\n"]);
});

test("diff tells sections and fields that are on one side only, and changed values", async () => {
  const { code, out } = await diff("isapc_5.2", "isapc_11.1");
  assert.equal(code, 1);
  assert.match(out, /^cpu 0\n {2}env\.hflags2: 1 -> 257\n/);
  assert.match(out, /\n {2}- common\.write_cmd = -1\n/);
  assert.match(out, /\n {2}\+ kbd\.<pckbd\/extended_state>\.obdata = 0\n/);
  assert.match(out, /\n {2}runstate: "prelaunch" in 100 octets -> "prelaunch" in 32 octets\n/);
  const json = JSON.parse((await diff("isapc_5.2", "isapc_11.1", "--json")).out);
  assert.equal(json.same, false);
  assert.deepEqual(json.sections[0], {
    idstr: "cpu",
    instance_id: 0,
    fields: [{ path: "env.hflags2", a: 1, b: 257 }],
  });
});

test("diff tells machines and blocks of RAM that differ", async () => {
  const { out } = await diff("none_7.2", "isapc_7.2");
  assert.match(out, /^machine: none -> isapc\n/);
  assert.match(out, /\nram ram: 1048576 octets -> absent\n/);
  assert.match(out, /\n\+ mc146818rtc 0\n/);
});

test("diff takes two files or two releases, and names a file that is no stream", async () => {
  const wrong = "Cannot run the command: it takes two files, or --from and --to\n";
  assert.equal((await call(["diff", "a"], { product })).err, wrong);
  assert.equal((await call(["diff", "a", "b", "--from", "2505"], { product })).err, wrong);
  const path = join(FOLDER, "..", "README.md");
  const { code, err } = await call(["diff", path, path], { product });
  assert.equal(code, 1);
  assert.match(
    err,
    /^Cannot decode input at offset 0 in magic: must be "QEVM" \(.*README\.md\)\n$/,
  );
});
