import assert from "node:assert/strict";
import { test } from "node:test";
import { readDescription } from "./description_reader.ts";
import { StreamError } from "./error.ts";
import { fixture, fixtureNames } from "./fixture.ts";
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

const DEVICE = '{"name":"a","instance_id":0,"vmsd_name":"a","version":1,"fields":[]}';
const OTHER = DEVICE.replace('"a"', '"b\\""');

/** Texts of which most are wrong, each in a way of its own. */
const TEXTS = [
  `{"page_size":1,"devices":[${DEVICE},${OTHER},${DEVICE}]}`,
  `{"page_size":1, "devices": [ ${DEVICE} ,\n\t${OTHER} ] }`,
  `{"page_size":1,"others":[${OTHER},${OTHER}],"devices":[${DEVICE}]}`,
  `{"page_size":1,"others":[${OTHER}${OTHER}],"devices":[${DEVICE}]}`,
  `{"page_size":1,"devices":[${DEVICE}],"devices":[${OTHER}]}`,
  `{"page_size":1,"devices":[${DEVICE}${DEVICE}]}`,
  `{"page_size":1,"others":[${DEVICE}],"devices":[${DEVICE}${OTHER}]}`,
  `{"page_size":1,"devices":[${DEVICE},0]}`,
  `{"page_size":1,"devices":[${DEVICE},"0"]}`,
  `{"page_size":1,"devices":[${DEVICE},[${OTHER}]]}`,
  `{"page_size":1,"devices":[${DEVICE},null,${DEVICE}]}`,
  `{"page_size":1,"devices":{"a":[${DEVICE}]}}`,
  `{"page_size":1,"devices":[${DEVICE}]`,
  `{"page_size":1,"devices":[${DEVICE}]}}`,
  `{"page_size":1,"devices":[${DEVICE.slice(0, -1)}]}`,
  `{"page_size":1,"devices":[${DEVICE.replace("[]", "[1]")}]}`,
  `{"page_size":1,"devices":[${DEVICE.replace("0", "-1")}]}`,
  `{"page_size":1,"devices":[\u{FEFF}${DEVICE}]}`,
  `{"configuration":{"fields":[{"name":"x","type":"t","size":1}]},"page_size":1,"devices":[]}`,
  `[${DEVICE}]`,
  `[[${DEVICE}]]`,
];

test("KnownDescriptions reads what devices say once, and finds the same faults", () => {
  const known = new KnownDescriptions();
  for (const text of TEXTS) {
    const octets = new TextEncoder().encode(text);
    let whole: unknown;
    try {
      whole = readDescription(octets, 0);
    } catch (error) {
      assert.ok(error instanceof StreamError, text);
      assert.throws(() => known.read(octets, 0), error, text);
      continue;
    }
    assert.deepEqual(known.read(octets, 0), whole, text);
  }
  const devices = TEXTS.slice(0, 2).map(
    (text) => known.read(new TextEncoder().encode(text), 0).devices,
  );
  assert.equal(devices[0]?.[0], devices[1]?.[0], "one device is one object");
});

test("readStream() reads the same with descriptions that are known", () => {
  const known = new KnownDescriptions();
  for (const name of fixtureNames()) {
    const octets = fixture(name);
    assert.deepEqual(readStream(octets, { known }), readStream(octets), name);
  }
});
