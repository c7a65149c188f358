/**
 * Hostile bytes: every golden row cut at every length and with every bit flipped is refused with
 * one of mesh's reasons, or decoded to a value that can be encoded again; it never hangs, and
 * neither value nor bytes outgrow what the input can account for.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import { type Codec, codecFor, MeshError, REASON } from "../mesh/mod.ts";
import { type Declaration, messageNamed } from "./catalogue.ts";

interface Row {
  readonly release: string;
  readonly message: string;
  readonly hex: string;
}

/** Octets that absent structs may add to what is encoded again: identify data, twice. */
const DEFAULTED_MAX = 2 * 4104;
/** Tests among which the work is spread, so that each stays short. */
const SHARDS = 8;

const url = new URL("../../fixtures/openhcl/golden.json", import.meta.url);
const rows = JSON.parse(readFileSync(url, "utf8")) as Row[];
const reasons: ReadonlySet<string> = new Set(Object.values(REASON));

function codecOf({ message, release }: Row): Codec {
  return codecFor(messageNamed(message) as Declaration, release) as Codec;
}

/** Decodes hostile bytes; what can be decoded must come out the same after encoding. */
function attack(codec: Codec, bytes: Uint8Array, where: string): void {
  let value: unknown;
  try {
    value = codec.decode(bytes);
  } catch (error) {
    assert.ok(error instanceof MeshError, `${where}: ${error}`);
    const reason = error.reason.replace(/(?<=^unknown wire type) \d$/, "");
    assert.ok(reasons.has(reason), `${where}: ${error.reason}`);
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `${where}: ${error.message}`);
    return;
  }
  const again = codec.encode(value);
  assert.ok(again.length <= bytes.length + DEFAULTED_MAX, where);
  const twice = codec.encode(codec.decode(again));
  assert.equal(Buffer.compare(twice, again), 0, where);
}

for (let shard = 0; shard < SHARDS; shard++) {
  test(`every truncation of every golden row is refused or decoded, part ${shard}`, {
    timeout: 20_000,
  }, () => {
    for (const row of rows) {
      const bytes = fromHex(row.hex);
      for (let length = shard; length < bytes.length; length += SHARDS) {
        attack(codecOf(row), bytes.subarray(0, length), `${row.message} cut at ${length}`);
      }
    }
  });

  test(`every flipped bit of every golden row is refused or decoded, part ${shard}`, {
    timeout: 20_000,
  }, () => {
    for (const row of rows) {
      const codec = codecOf(row);
      const bytes = fromHex(row.hex);
      for (let bit = shard; bit < bytes.length * 8; bit += SHARDS) {
        const octet = bytes[bit >> 3] as number;
        bytes[bit >> 3] = octet ^ (1 << (bit & 7));
        attack(codec, bytes, `${row.message} with bit ${bit} flipped`);
        bytes[bit >> 3] = octet;
      }
    }
  });
}
