import assert from "node:assert/strict";
import { test } from "node:test";
import type { Machine } from "./facets/machine.ts";
import { differenceOf, differencesOf, guestSightOf, sightOf } from "./sight.ts";

test("differenceOf() names the place of the first difference, from the outside in", () => {
  assert.equal(differenceOf({ a: { b: [1, 2] } }, { a: { b: [1, 3] } }), "a.b.1 was 2 and is 3");
  assert.equal(differenceOf({ a: 1, b: 2 }, { a: 1 }), "b was 2 and is gone");
  assert.equal(differenceOf({ a: 1 }, { a: 1, b: [2n] }), 'b is new: ["2"]');
  assert.equal(differenceOf({ a: undefined }, { a: 1 }), "a was absent and is 1");
  assert.equal(differenceOf({ a: null }, { a: {} }), "a was null and is {}");
});

test("differenceOf() finds none between equal values, whatever holds them", () => {
  const make = () => ({
    map: new Map([["x", 1n]]),
    list: [{ y: Number.NaN }],
    octets: Uint8Array.of(1, 2),
    none: null,
  });
  assert.equal(differenceOf(make(), make()), undefined);
});

test("differenceOf() looks into maps and octets", () => {
  const was = new Map([["x", new Map([["y", 1]])]]);
  const is = new Map([["x", new Map([["y", 2]])]]);
  assert.equal(differenceOf({ was }, { was: is }), "was.x.y was 1 and is 2");
  const octets = { page: Uint8Array.of(0, 255) };
  assert.equal(
    differenceOf(octets, { page: Uint8Array.of(0, 254) }),
    'page was "00ff" and is "00fe"',
  );
  assert.equal(differenceOf(octets, { page: Uint8Array.of(0) }), 'page was "00ff" and is "00"');
});

test("differenceOf() shortens what it quotes", () => {
  const [was, is] = ["x".repeat(80), "y".repeat(81)];
  assert.equal(differenceOf({ a: was }, { a: is }), `a was ${was} and is ${"y".repeat(80)}…`);
});

test("differencesOf() lists every place, or as many as asked for", () => {
  const [was, is] = [
    { a: 1, b: { c: 2, d: 3 }, e: [4] },
    { a: 0, b: { c: 2, d: 0 }, e: [] },
  ];
  const places = differencesOf(was, is).map(({ place }) => place);
  assert.deepEqual(places, ["a", "b.d", "e.0"]);
  assert.deepEqual(
    differencesOf(was, is, 2).map(({ place }) => place),
    ["a", "b.d"],
  );
});

/** A machine whose every facet shows `mark`. */
function machineOf(mark: number): Machine {
  const text = String(mark);
  return {
    lifecycle: {
      running: () => mark > 0,
      nonce: () => BigInt(mark),
      log: () => [{ level: "info", text }],
      spans: () => [],
      inspect: () => ({}),
    },
    dma: {
      strayWrites: () => [],
      pools: () => [{ pool: "private", ranges: [{ pfn: BigInt(mark), pages: 1n }], slots: [] }],
    },
    guestState: {
      source: () => "disk",
      disagreement: () => text,
      settings: () => new Map([["level", text]]),
    },
    units: { digests: () => new Map([["pit", text]]) },
  };
}

test("sightOf() sees every facet that a machine has, and not how it got there", () => {
  assert.equal(differenceOf(sightOf(machineOf(1)), sightOf(machineOf(1))), undefined);
  const places = differencesOf(sightOf(machineOf(1)), sightOf(machineOf(2))).map(
    ({ place }) => place,
  );
  assert.deepEqual(places, [
    "nonce",
    "dma.0.ranges.0.pfn",
    "firmware.disagreement",
    "firmware.settings.level",
    "units.pit",
  ]);
});

test("guestSightOf() leaves out what a guest cannot tell", () => {
  const places = differencesOf(guestSightOf(machineOf(1)), guestSightOf(machineOf(2))).map(
    ({ place }) => place,
  );
  assert.deepEqual(places, ["nonce", "settings.level", "units.pit"]);
});

test("sightOf() is plain for a machine without facets", () => {
  assert.equal(differenceOf(sightOf({}), guestSightOf({})), "running was absent and is gone");
});
