import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ownCommand } from "../adapters/rpc/paths.ts";
import { MAIN, servedAt } from "../adapters/rpc/served_child.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

/** By implementation: a part of its grid, as arguments. */
const PARTS = {
  "qemu-model": ["--where", "devices=serial", "--where", "machine=pc-1.7"],
  openhcl: ["openhcl@*>main[host,privatepool] devices=nvme request=nvme", "--where", "writer=2505"],
};
const isNode = !("Deno" in globalThis || "Bun" in globalThis);

for (const [name, part] of Object.entries(PARTS)) {
  const what = `${name} served over each transport gives the report that it gives in process`;
  const skip = name === "openhcl" && !isNode ? "runs on Node" : false;
  test(what, { timeout: 240_000, skip }, () => inDirectory((it) => compare(name, part, it)));
}

async function compare(name: string, part: readonly string[], directory: string) {
  const run = ["run", ...part, "--implementation", name, "--paths", "pairs"];
  const socket = join(directory, "s");
  await using atSocket = await servedAt(name, "--socket", socket);
  await using atPort = await servedAt(name, "--http", "0");
  const served = ownCommand(MAIN, "serve", "adapter", name);
  const ways = { stdio: served, socket: [`unix:${socket}`], http: [atPort.address] };
  assert.equal(atSocket.address, socket);
  assert.equal((await call([...run, "--out", directory], { product })).code, 0);
  const expected = readFileSync(join(directory, "run.ndjson"), "utf8");
  for (const [way, words] of Object.entries(ways)) {
    const out = join(directory, way);
    const args = [...run, "--jobs", "2", "--out", out, "--adapter", "--", ...words];
    const { code, err } = await call(args, { product });
    // How long it took is told where that was long.
    assert.equal(err.replace(/^Took .*\n/, ""), "", way);
    assert.equal(code, 0, way);
    assert.ok(readFileSync(join(out, "run.ndjson"), "utf8") === expected, `${way} differs`);
  }
}
