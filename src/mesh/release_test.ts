import assert from "node:assert/strict";
import { test } from "node:test";
import { RELEASE_NAMES, releaseNamed } from "./release.ts";

test("releases are listed oldest first", () => {
  assert.deepEqual(RELEASE_NAMES, ["2411", "2505", "1.7.2511", "1.8.2607", "main"]);
});

test("releaseNamed() finds a release, or names all there are", () => {
  assert.equal(releaseNamed("2505").commit, "7d97b9e7");
  assert.throws(() => releaseNamed("2506"), {
    name: "RangeError",
    message:
      "Cannot find release as one of 2411, 2505, 1.7.2511, 1.8.2607, main: current value is 2506",
  });
});
