import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS, faultName, faultNamed } from "./mod.ts";

test("FAULTS have names of three parts, each its own", () => {
  const names = FAULTS.map(faultName);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z-]+:[a-z-]+:(?:save|between|restore|after)$/);
});

test("FAULTS say what they stand for and where that comes from", () => {
  for (const fault of FAULTS) {
    assert.ok(fault.meaning.length > 10, faultName(fault));
    assert.match(fault.source, /openvmm/, faultName(fault));
  }
});

test("FAULTS are fair in some way: a save that is done leads somewhere", () => {
  for (const fault of FAULTS) {
    const { save, restore } = fault.fair;
    assert.ok(save.length > 0, faultName(fault));
    assert.equal(save.includes("done"), restore.length > 0, faultName(fault));
  }
});

test("FAULTS that strike after a save let the save be done", () => {
  for (const fault of FAULTS.filter(({ time }) => time !== "save")) {
    assert.deepEqual(fault.fair.save, ["done"], faultName(fault));
  }
});

test("faultNamed() finds a fault by its name, and nothing else", () => {
  assert.equal(faultNamed("units:slow:save")?.place, "units");
  assert.equal(faultNamed("none"), undefined);
});
