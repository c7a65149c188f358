import assert from "node:assert/strict";
import { test } from "node:test";
import { wholePages } from "./gpa_ranges.ts";
import { gpadlMessages } from "./gpadl_messages.ts";
import { MESSAGE } from "./messages.ts";
import { MESSAGE_LENGTH_MAX } from "./protocol.ts";

/** `MAX_DATA_VALUES` of header and body. */
const HEADER_WORDS = 27;
const BODY_WORDS = 28;

function lengths(pages: number): number[] {
  const ranges = { count: 1, octets: wholePages(0, pages) };
  return gpadlMessages(3, 9, ranges).map(({ length }) => length);
}

test("gpadlMessages() fills the header with 27 words and each body with 28", () => {
  const [header, body] = [MESSAGE.gpadlHeader.length, MESSAGE.gpadlBody.length];
  assert.deepEqual(lengths(HEADER_WORDS - 1), [header + HEADER_WORDS * 8]);
  assert.deepEqual(lengths(HEADER_WORDS), [header + HEADER_WORDS * 8, body + 8]);
  assert.deepEqual(lengths(HEADER_WORDS + BODY_WORDS - 1), [
    header + HEADER_WORDS * 8,
    body + BODY_WORDS * 8,
  ]);
  assert.equal(lengths(HEADER_WORDS + BODY_WORDS).length, 3);
  assert.ok(lengths(200).every((length) => length <= MESSAGE_LENGTH_MAX));
});

test("gpadlMessages() names the whole length in the header", () => {
  const octets = wholePages(0x1234, 40);
  const [header, ...bodies] = gpadlMessages(3, 9, { count: 1, octets });
  assert.ok(header);
  const { gpadlHeader, gpadlBody } = MESSAGE;
  assert.deepEqual(gpadlHeader.decode(header), {
    channelId: 3,
    gpadlId: 9,
    length: octets.length,
    count: 1,
  });
  const parts = [gpadlHeader.dataOf(header), ...bodies.map((body) => gpadlBody.dataOf(body))];
  assert.deepEqual(
    parts.flatMap((part) => [...part]),
    [...octets],
  );
  assert.ok(bodies.every((body) => gpadlBody.decode(body).gpadlId === 9));
});
