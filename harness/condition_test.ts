import assert from "node:assert/strict";
import { test } from "node:test";
import type { Axis } from "./axis.ts";
import { askedAgain, settingOf, settingsAt, valuesOf } from "./condition.ts";

const AXES: readonly Axis[] = [
  { name: "request", per: "save", values: ["none", "keep"], meaning: "" },
  {
    name: "fault",
    per: "path",
    values: ["none", "drop"],
    neutral: "none",
    onlyFirst: true,
    meaning: "",
  },
  { name: "size", per: "path", values: ["small"], meaning: "" },
];

test("settingsAt() gives what is asked for at a save, and faults at the first one only", () => {
  const settings = { request: "none>keep", fault: "drop", size: "small" };
  assert.deepEqual(settingsAt(settings, 0, AXES), { ...settings, request: "none" });
  assert.deepEqual(settingsAt(settings, 1, AXES), { ...settings, request: "keep", fault: "none" });
});

test("settingsAt() gives the same object where nothing differs, and each time", () => {
  const steady = { request: "keep", fault: "none", size: "small" };
  assert.equal(settingsAt(steady, 0, AXES), steady);
  assert.equal(settingsAt(steady, 3, AXES), steady);
  const odd = { request: "none>keep", fault: "none", size: "small" };
  assert.equal(settingsAt(odd, 1, AXES), settingsAt(odd, 1, AXES));
});

test("settingsAt() does not invent axes that the settings lack", () => {
  assert.deepEqual(settingsAt({ size: "small" }, 1, AXES), { size: "small" });
});

test("settingOf() writes a value once where it is the same, and valuesOf() reads both", () => {
  assert.equal(settingOf(["keep", "keep", "keep"]), "keep");
  assert.equal(settingOf(["keep", "none", "keep"]), "keep>none>keep");
  assert.deepEqual(valuesOf("keep", 3), ["keep", "keep", "keep"]);
  assert.deepEqual(valuesOf("keep>none", 2), ["keep", "none"]);
});

test("askedAgain() asks for the same, without what only the first save has", () => {
  const asked = { request: "keep", fault: "drop", size: "small" };
  assert.deepEqual(askedAgain(asked, AXES), { ...asked, fault: "none" });
  const quiet = { request: "keep", fault: "none", size: "small" };
  assert.equal(askedAgain(quiet, AXES), quiet);
  assert.deepEqual(askedAgain({ size: "small" }, AXES), { size: "small" });
});
