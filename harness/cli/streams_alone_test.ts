import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { product } from "../product.ts";
import { call } from "./called.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];
const STREAM = fileURLToPath(
  new URL("../../fixtures/xenstore/streams/4.17.empty.bin", import.meta.url),
);

for (const words of [
  ["--version"],
  ["decode", "xenstore-stream", "--json", STREAM],
  ["decode", "xenstore-stream", "--layout", "3", STREAM],
  ["decode", "xenstore-stream", "--message", "x", STREAM],
]) {
  const name = words.slice(0, -1).join(" ") || "--version";
  test(`main.ts says what the whole command line says: ${name}`, { timeout: 60_000 }, async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...RUN, ...words], {
      encoding: "utf8",
    });
    const { code, out, err } = await call(words, { product });
    assert.deepEqual([status, stdout, stderr], [code, out, err]);
  });
}
