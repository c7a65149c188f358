import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryOf, writeLibxcStream } from "./libxc_memory.ts";
import { readImage } from "./reader.ts";
import { writeImage } from "./writer.ts";

test("memory goes through a stream of libxc page by page", () => {
  for (const length of [0, 1, 4096, 4097]) {
    const memory = new Uint8Array(length).map((_, index) => index % 251);
    const record = writeLibxcStream(length % 2 === 0, memory);
    const [unit] = readImage(writeImage([{ name: "Libxc", record }])).units;
    assert.deepEqual(unit?.libxc, {
      version: 3,
      guest: length % 2 === 0 ? 2 : 1,
      records: 2,
      page_records: 1,
      length: record.length,
    });
    const read = memoryOf(unit.record);
    assert.equal(read.length, Math.ceil(length / 4096) * 4096);
    assert.deepEqual(read.subarray(0, length), memory);
    assert.ok(read.subarray(length).every((octet) => octet === 0));
  }
});
