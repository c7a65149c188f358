/** Memory of two streams: one that a real QEMU sent, and the same with some pages changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture } from "./fixture.ts";
import { RANGES_MAX } from "./limits.ts";
import { differenceLines, diffStreams, isSame } from "./mod.ts";
import type { RamItem } from "./ram.ts";
import { readStream } from "./reader.ts";
import type { Stream } from "./stream.ts";
import { writeStream } from "./writer.ts";

const PAGE = 4096;
const PLAIN = readStream(fixture("none_7.2"));

/** The machine with `more` behind its pages; it goes through octets. */
function withItems(more: readonly RamItem[], size = 1024 * 1024): Stream {
  const parts = PLAIN.parts.map((part) => {
    if (part.kind !== "section" || part.content.kind !== "ram") return part;
    const items = (part.content.items ?? []).map((item) =>
      item.kind === "blocks" ? { ...item, blocks: [{ name: "ram", size }] } : item,
    );
    if (part.type !== "PART") return { ...part, content: { kind: "ram" as const, items } };
    const [end] = items.slice(-1);
    const all = [...items.slice(0, -1), ...more, ...(end === undefined ? [] : [end])];
    return { ...part, content: { kind: "ram" as const, items: all } };
  });
  return readStream(writeStream({ ...PLAIN, parts }).slice());
}

const page = (address: number, ...octets: number[]): RamItem => {
  const whole = new Uint8Array(PAGE);
  whole.set(octets, 100);
  return { kind: "page", address, block: "ram", octets: whole };
};

test("diffStreams() tells ranges of pages that differ, and where they begin to", () => {
  const changed = withItems([page(0x3000, 1, 2), page(0x4000, 3), page(0x8000, 0)]);
  const difference = diffStreams(PLAIN, changed);
  assert.equal(isSame(difference), false);
  assert.deepEqual(
    [...differenceLines(difference)],
    [
      "memory of ram: 2 pages differ, in 1 ranges",
      `  0x3000 to 0x4fff, from 0x3064 on: ${"00".repeat(16)} -> 0102${"00".repeat(14)}`,
    ],
  );
  assert.ok(isSame(diffStreams(changed, changed)));
});

test("diffStreams() applies differences of pages, and tells those that do not fit", () => {
  const xbzrle = (...octets: number[]): RamItem => {
    return { kind: "xbzrle", address: 0x3000, octets: new Uint8Array(octets) };
  };
  // 100 octets stay, one comes; then 2 of 130 stay, as two octets say, and one comes.
  const once = withItems([page(0x3000, 1), xbzrle(100, 1, 7)]);
  assert.ok(isSame(diffStreams(withItems([page(0x3000, 7)]), once)));
  const far = withItems([page(0x3000, 1), xbzrle(0x82, 0x01, 1, 9)]);
  const [found] = diffStreams(withItems([page(0x3000, 1)]), far).ram;
  assert.deepEqual([found?.pages, found?.ranges[0]?.first], [1, 0x3000 + 130]);
  for (const broken of [xbzrle(0xff, 0x7f, 1, 9), xbzrle(100, 2, 7), xbzrle(1)]) {
    const [found] = diffStreams(PLAIN, withItems([page(0x3000, 1), broken])).ram;
    assert.deepEqual(found?.ranges, [{ address: 0x3000, size: PAGE }]);
  }
});

test("diffStreams() counts ranges of which there are too many to tell", () => {
  const size = 2 * (RANGES_MAX + 1) * PAGE;
  const every = Array.from({ length: RANGES_MAX + 1 }, (_, index) => page(index * 2 * PAGE, 1));
  const [found] = diffStreams(withItems([], size), withItems(every, size)).ram;
  assert.deepEqual([found?.rangeCount, found?.ranges.length], [RANGES_MAX + 1, RANGES_MAX]);
});

test("diffStreams() says nothing of memory that was not kept", () => {
  assert.deepEqual(diffStreams(PLAIN, { ...PLAIN, parts: [] }).ram, []);
});
