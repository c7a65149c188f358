import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, newEnvironment, Panic } from "../machine/mod.ts";
import type { SavedStateUnit } from "../openhcl_state/mod.ts";
import { opaqueBlobs } from "./blob.ts";
import { type StateUnit, StateUnits } from "./state_units.ts";
import { cellOf, statelessUnit, unitOf } from "./unit_cell.ts";

const calls: string[] = [];

function unit(name: string, dependencies: readonly string[] = []): StateUnit {
  const inner = unitOf({
    name,
    dependencies,
    blobs: opaqueBlobs("t.SavedState"),
    cell: cellOf(Uint8Array.of(8, 1)),
    content: (octets) => octets,
    adopt: () => calls.push(`restore ${name}`),
  });
  return { ...inner, postRestore: () => calls.push(`post_restore ${name}`) };
}

function units(...all: StateUnit[]): StateUnits {
  calls.length = 0;
  const { tracer } = newEnvironment();
  const made = new StateUnits(tracer);
  for (const one of all) made.add(one);
  return made;
}

function saved(...names: string[]): SavedStateUnit[] {
  const state = { type_url: "type.googleapis.com/t.SavedState", value: Uint8Array.of(8, 2) };
  return names.map((name) => ({ name, state }));
}

function message(work: () => void): string {
  let text = "";
  assert.throws(work, (error: Error) => {
    text = error.message;
    return error instanceof ChainError;
  });
  return text;
}

test("StateUnits.restore() refuses an unknown name before any unit is called", () => {
  const all = units(unit("a"), unit("b"));
  const text = message(() => all.restore(saved("a", "z")));
  assert.equal(text, "restore failed: {z: unknown unit name}");
  assert.deepEqual(calls, []);
});

test("StateUnits.restore() refuses a name that comes twice and lists every error", () => {
  const all = units(unit("a"));
  const text = message(() => all.restore(saved("a", "y", "a", "z")));
  assert.equal(
    text,
    "restore failed: {y: unknown unit name, a: duplicate unit name, z: unknown unit name}",
  );
});

test("StateUnits.restore() does not call a unit without saved state, and post-restores all", () => {
  const all = units(unit("a"), unit("b"));
  all.restore(saved("b"));
  assert.deepEqual(calls, ["restore b", "post_restore a", "post_restore b"]);
});

test("StateUnits.restore() restores a unit after those that it depends on", () => {
  const all = units(unit("first"), unit("second", ["first"]));
  all.restore(saved("second", "first"));
  assert.deepEqual(calls.slice(0, 2), ["restore first", "restore second"]);
});

test("StateUnits.restore() collects the errors of units and goes on with the others", () => {
  const refusing = {
    ...unit("b"),
    restore() {
      throw new ChainError("no");
    },
  };
  const all = units(unit("a"), refusing, unit("c"));
  assert.equal(
    message(() => all.restore(saved("a", "b", "c"))),
    "restore failed: {b: no}",
  );
  assert.deepEqual(calls, ["restore a", "restore c"]);
});

test("StateUnits.restore() refuses state of another type and for a unit that has none", () => {
  const other = { type_url: "type.googleapis.com/t.Other", value: new Uint8Array(0) };
  const typed = message(() => units(unit("a")).restore([{ name: "a", state: other }]));
  assert.ok(typed.includes("protobuf type mismatch, expected t.SavedState, got t.Other"), typed);
  const stateless = message(() => units(statelessUnit("input")).restore(saved("input")));
  assert.equal(stateless, "restore failed: {input: unexpected saved state}");
});

test("StateUnits.save() leaves units without state out and joins errors", () => {
  const all = units(unit("a"), statelessUnit("input"), unit("b"));
  assert.deepEqual(
    all.save().map(({ name }) => name),
    ["a", "b"],
  );
  const failing = message(() =>
    all.save((name) => {
      if (name !== "input") throw new ChainError(`${name} broke`);
    }),
  );
  assert.equal(failing, "save failed: {a: a broke, b: b broke}");
});

test("StateUnits asserts that it is stopped to save, and running to stop", () => {
  const all = units(unit("a"));
  all.start();
  assert.throws(() => all.save(), Panic);
  assert.throws(() => all.restore([]), Panic);
  all.stop();
  assert.throws(() => all.stop(), Panic);
});

test("StateUnits.add() refuses a name in use", () => {
  const all = units(unit("a"));
  assert.equal(
    message(() => all.add(unit("a"))),
    "state unit name a is in use",
  );
});

test("StateUnits starts units in their order, and stops them in the reverse one", () => {
  const both = (name: string): StateUnit => ({
    ...unit(name),
    start: () => calls.push(`start ${name}`),
    stop: () => calls.push(`stop ${name}`),
  });
  const all = units(both("a"), unit("b"), both("c"));
  all.start();
  all.stop();
  assert.deepEqual(calls, ["start a", "start c", "stop c", "stop a"]);
});
