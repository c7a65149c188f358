import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import { cacheFolder } from "./cache_folder.ts";

test("cacheFolder() is where the user says, else where the system keeps caches", () => {
  assert.equal(
    cacheFolder("daemon", { FREEZETHAW_CACHE: "/c", XDG_CACHE_HOME: "/x" }),
    "/c/daemon",
  );
  assert.equal(cacheFolder("daemon", { XDG_CACHE_HOME: "/x" }), "/x/freezethaw/daemon");
  assert.equal(cacheFolder("daemon", {}), `${homedir()}/.cache/freezethaw/daemon`);
});
