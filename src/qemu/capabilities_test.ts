import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPABILITIES, CapabilitySet, negotiate } from "./mod.ts";

test("negotiate sets on both ends what both have", () => {
  const source = new CapabilitySet(["transformation", "selfDescribing"]);
  const destination = new CapabilitySet(["transformation"]);
  assert.equal(negotiate(source, destination), CAPABILITIES.transformation);
  assert.ok(source.has("transformation") && destination.has("transformation"));
  assert.ok(!source.has("selfDescribing") && !destination.has("selfDescribing"));
});

test("negotiate takes an end without the commands for one without any", () => {
  const source = new CapabilitySet(["transformation"]);
  const mute = new CapabilitySet();
  assert.equal(mute.query(), undefined);
  assert.equal(negotiate(source, mute), 0n);
  assert.ok(!source.has("transformation"));
});

test("negotiate leaves out bits of a release to come", () => {
  const future = { query: () => (1n << 40n) | 1n, set: (mask: bigint) => assert.equal(mask, 1n) };
  assert.equal(negotiate(future, new CapabilitySet(["transformation"])), 1n);
});

test("CapabilitySet sets no bit that it has not", () => {
  const set = () => new CapabilitySet(["transformation"]).set(0b11n);
  assert.throws(set, /must have them all: unknown are 0x2/);
  assert.throws(() => new CapabilitySet().set(1n), /unknown are 0x1/);
  assert.throws(() => new CapabilitySet().set(-1n), RangeError);
});
