import assert from "node:assert/strict";
import { test } from "node:test";
import { boot, restore } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

const SHARED = { ...KEPT, explicit: "OPENHCL_ENABLE_SHARED_VISIBILITY_POOL=1" };

test("handleServicingRequest() of 2411 refuses a VM with shared pages", () => {
  const openhcl = boot(releaseNamed("2411"), hostWith(), SHARED);
  assert.throws(() => openhcl.save(REQUEST), {
    message: "save not supported for shared pages yet",
  });
  assert.ok(openhcl.running);
});

test("handleServicingRequest() since 2505 saves the shared pool with the private one", () => {
  for (const { name } of RELEASES.slice(1)) {
    const host = hostWith();
    const bytes = boot(releaseNamed(name), host, SHARED).save(REQUEST);
    assert.throws(() => restore(releaseNamed(name), host, KEPT, bytes), {
      message: /saved state for shared pool but no shared pool$/,
    });
  }
});
