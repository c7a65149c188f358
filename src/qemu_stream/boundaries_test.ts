/**
 * Every captured stream cut where its parts begin and end, and with lengths that lie: each is
 * refused in one line with its offset, at a cost of no more than its octets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { StreamError } from "./error.ts";
import { fixture, fixtureNames } from "./fixture.ts";
import { readStream } from "./reader.ts";
import { writeStream } from "./writer.ts";

/** Octets of the head of a section in front of its name: type, and number. */
const NAME_AT = 5;

/** Why octets are refused; undefined when they are a stream, which is then written the same. */
function refusal(octets: Uint8Array, where: string): StreamError | undefined {
  try {
    const again = writeStream(readStream(octets));
    assert.equal(Buffer.compare(again, octets), 0, where);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StreamError, `${where}: ${error}`);
    assert.ok(error.offset >= 0 && error.offset <= octets.length, `${where}: ${error.message}`);
    assert.doesNotMatch(error.message, /\n/, where);
    return error;
  }
}

for (const name of fixtureNames()) {
  test(`${name}, cut between and inside of its parts`, { timeout: 120_000 }, () => {
    const octets = fixture(name);
    for (const { offset = 0 } of readStream(octets).parts) {
      for (const size of [offset, offset + 1, offset + NAME_AT]) {
        const where = `${name} cut at ${size}`;
        assert.notEqual(refusal(octets.subarray(0, size), where), undefined, where);
      }
    }
  });

  test(`${name}, with lengths that lie`, { timeout: 120_000 }, () => {
    const octets = fixture(name);
    const changed = octets.slice();
    for (const part of readStream(octets).parts) {
      if (part.kind !== "section") continue;
      const { offset = 0, length = 0 } = part;
      const at = [offset + NAME_AT, offset + length - 1, offset + Math.floor(length / 2)];
      for (const place of at) {
        changed[place] = 0xff;
        refusal(changed, `${name} with 255 at ${place}`);
        changed[place] = octets[place] as number;
      }
    }
  });
}
