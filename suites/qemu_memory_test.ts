/** Memory in streams that real QEMUs have sent, and in one that was tampered with. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readStream } from "../src/qemu_stream/mod.ts";
import { memoryChangeOf } from "./qemu_memory.ts";
import { streamOf } from "./qemu_streams.ts";

const FOLDER = new URL("../fixtures/qemu/streams/", import.meta.url);

function captured(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.mig.gz`, FOLDER))));
}

/** Where the first whole page of `stream` is. */
function pageIn(stream: Uint8Array): number {
  for (const part of readStream(stream, { keepsRam: true }).parts) {
    if (part.kind !== "section" || part.content.kind !== "ram") continue;
    for (const item of part.content.items ?? []) {
      if (item.kind === "page") return item.octets.byteOffset - stream.byteOffset;
    }
  }
  throw new Error("no page");
}

test("memoryChangeOf() finds none between releases that carried the same memory", () => {
  const [given, again] = [captured("isapc_10.0.2"), captured("isapc_11.1")];
  assert.equal(memoryChangeOf(streamOf(given), streamOf(again)), undefined);
});

test("memoryChangeOf() says where a page begins to differ, and what it had", () => {
  const given = captured("isapc_10.0.2");
  const again = given.slice();
  const at = pageIn(given) + 5;
  again[at] = ~(given[at] ?? 0);
  const change = memoryChangeOf(streamOf(given), streamOf(again)) ?? "";
  assert.match(change, /^field of [\w.]+: 0x[0-9a-f]+5 was [0-9a-f]{8}, and is [0-9a-f]{8}$/);
});
