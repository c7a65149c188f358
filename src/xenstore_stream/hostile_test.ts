/**
 * Hostile streams: every fixture cut at every length and with every octet changed is refused with
 * an offset, or read to records that can be written; lengths and floods cost no more than their
 * octets. Of large fixtures Node alone tries all, the others every seventh: which of them are
 * refused does not depend on the runtime.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import { inspect, readDump, readStream, StreamError, writeDump, writeStream } from "./mod.ts";

const NAMES = [...fixtureNames("streams", ""), ...fixtureNames("injected", ".bin")];
/** From this size on, a fixture is large. */
const LARGE = 1100;
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
/** One bit at either end of an octet, or all of them. */
const MASKS = [0x01, 0x80, 0xff];

/** Inspects; what comes out must be written again as the same octets. */
function attack(octets: Uint8Array, where: string): void {
  let again: Uint8Array;
  try {
    const { stream, dump, violations } = inspect(octets);
    for (const { offset } of violations) assert.ok(offset <= octets.length, where);
    again = stream === undefined ? writeDump(dump ?? readDump(octets)) : writeStream(stream);
  } catch (error) {
    assert.ok(error instanceof StreamError, `${where}: ${error}`);
    assert.ok(error.offset >= 0 && error.offset <= octets.length, `${where}: ${error.message}`);
    assert.doesNotMatch(error.message, /\n/);
    return;
  }
  assert.equal(Buffer.compare(again, octets), 0, where);
}

for (const name of NAMES) {
  const octets = fixture(name);
  // Seven is coprime to three, so that every mask has its turn.
  const step = onNode || octets.length < LARGE ? 1 : 7;
  test(`${name}, cut at every length`, { timeout: 60_000 }, () => {
    for (let length = 0; length < octets.length; length += step) {
      attack(octets.subarray(0, length), `${name} cut at ${length}`);
    }
  });

  test(`${name}, with each octet changed`, { timeout: 60_000 }, () => {
    const changed = octets.slice();
    for (let at = 0; at < octets.length; at += step) {
      const mask = MASKS[at % MASKS.length] as number;
      changed[at] = (octets[at] as number) ^ mask;
      attack(changed, `${name} with octet ${at} changed by ${mask}`);
      changed[at] = octets[at] as number;
    }
  });
}

test("a length of 2^32-1 at any record is refused where it stands", () => {
  const octets = fixture("streams/4.20.watches.bin");
  for (const { offset = 0, kind } of readStream(octets).records) {
    const changed = octets.slice();
    changed.set([0xff, 0xff, 0xff, 0xff], offset + 4);
    assert.throws(() => readStream(changed), new RegExp(`${kind}.len at offset ${offset + 4}: `));
  }
});

test("a flood of empty records, or of commas and line feeds, is read in linear time", {
  timeout: 20_000,
}, () => {
  const records = new Uint8Array(16 + 8 * 200_000);
  records.set(fixture("streams/4.20.empty.bin").subarray(0, 16));
  for (let at = 16; at < records.length; at += 8) records[at] = 0x99;
  assert.equal(inspect(records).violationCount, 200_001);
  const ident = new TextEncoder().encode("$xenstored-dump-format\n");
  for (const octet of [10, 44]) {
    const dump = new Uint8Array(2_000_000).fill(octet);
    dump.set(ident);
    attack(dump, `a dump of ${octet}`);
  }
});
