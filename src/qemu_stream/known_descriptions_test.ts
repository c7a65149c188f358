import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamError } from "./error.ts";
import { fixture } from "./fixture.ts";
import { KnownDescriptions } from "./known_descriptions.ts";
import { readStream } from "./mod.ts";

function descriptionOf(pageSize: number, isWhole = true): Uint8Array {
  const text = `{"page_size": ${pageSize}, "devices": []${isWhole ? "}" : ""}`;
  return new TextEncoder().encode(text);
}

test("KnownDescriptions reads a description once, until 32 others have come", () => {
  const known = new KnownDescriptions();
  const first = known.read(descriptionOf(1), 0);
  assert.equal(known.read(descriptionOf(1), 7), first);
  for (let size = 2; size <= 32; size++)
    assert.equal(known.read(descriptionOf(size), 0).pageSize, size);
  assert.equal(known.read(descriptionOf(1), 0), first);
  for (let size = 2; size <= 33; size++) known.read(descriptionOf(size), 0);
  assert.notEqual(known.read(descriptionOf(1), 0), first);
});

test("KnownDescriptions keeps octets of its own, and refuses as often as it is asked", () => {
  const known = new KnownDescriptions();
  const octets = descriptionOf(1);
  const first = known.read(octets, 0);
  octets.set(descriptionOf(2));
  assert.equal(known.read(octets, 0).pageSize, 2);
  assert.equal(known.read(descriptionOf(1), 0), first);
  for (const offset of [3, 5]) {
    const isThere = (error: unknown) => error instanceof StreamError && error.offset === offset;
    assert.throws(() => known.read(descriptionOf(1, false), offset), isThere);
  }
});

test("readStream() reads the same with descriptions that are known", () => {
  const known = new KnownDescriptions();
  for (const name of ["isapc_7.2", "isapc_11.1", "isapc_7.2"]) {
    const octets = fixture(name);
    assert.deepEqual(readStream(octets, { known }), readStream(octets));
  }
});
