import assert from "node:assert/strict";
import { test } from "node:test";
import { demandName, distance, nearest } from "./nearest.ts";

test("distance counts insertions, deletions and replacements", () => {
  assert.equal(distance("", "abc"), 3);
  assert.equal(distance("kitten", "sitting"), 3);
  assert.equal(distance("2505", "2505"), 0);
  assert.equal(distance("2550", "2505"), 2);
});

test("nearest puts few edits first, and names that contain the text before those", () => {
  const releases = ["2411", "2505", "1.7.2511", "1.8.2607", "main"];
  assert.equal(nearest("2504", releases)[0], "2505");
  assert.equal(nearest("1.8", releases)[0], "1.8.2607");
  assert.equal(nearest("MAIN", releases)[0], "main");
  const messages = ["nvme_driver.IoQueueSavedState", "t.S32", "t.V"];
  assert.equal(nearest("IoQueueSavedState", messages)[0], "nvme_driver.IoQueueSavedState");
});

test("demandName returns a valid name and throws one line otherwise", () => {
  assert.equal(demandName("release", "main", ["2505", "main"]), "main");
  assert.throws(() => demandName("release", "mian", ["a", "b", "c", "main"]), {
    name: "UsageError",
    message: 'Cannot find release "mian": nearest are main, a, b',
  });
  assert.throws(() => demandName("format", "x", []), {
    message: 'Cannot find format "x": there is none',
  });
});
