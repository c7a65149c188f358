import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError } from "../machine/mod.ts";
import { boot } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

const NO_FLAGS = { enableNvmeKeepalive: false, enableManaKeepalive: false };

/** Modes after a servicing without flags that has failed. */
function modesAfterFailure(name: string): string[] {
  const host = hostWith({ devices: "nvme+mana" });
  const openhcl = boot(releaseNamed(name), host, KEPT);
  host.saveFault = "unit-save-error";
  assert.throws(() => openhcl.save({ ...REQUEST, capabilitiesFlags: NO_FLAGS }), ChainError);
  return [openhcl.keepaliveMode("nvme"), openhcl.keepaliveMode("mana")];
}

test("Gating of 1.7 and later stays in force after a servicing that failed", () => {
  for (const name of ["1.7.2511", "1.8.2607", "main"]) {
    assert.deepEqual(modesAfterFailure(name), ["disabled", "disabled"]);
  }
});

test("Gating of 2505 is for one request only", () => {
  assert.deepEqual(modesAfterFailure("2505"), ["enabled", "disabled"]);
});

test("Gating limits each device class by its own flag", () => {
  const modes = {
    nvme: "EnabledHostAndPrivatePoolPresent",
    mana: "EnabledHostAndPrivatePoolPresent",
  } as const;
  const flags = { enableNvmeKeepalive: true, enableManaKeepalive: false };
  assert.deepEqual(releaseNamed("main").gate(modes, flags).inForce, { ...modes, mana: "Disabled" });
  assert.deepEqual(releaseNamed("2411").gate(modes, NO_FLAGS).inForce, modes);
});
