import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, Killed, Panic } from "../machine/mod.ts";
import type { Host } from "./host.ts";
import { boot, restore } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

/** Lets the process die at `point`. */
function killAt(host: Host, point: string, passes = 0): void {
  const act = () => {
    throw new Killed(`killed at ${point}`);
  };
  host.strikes.push({ point, passes, act });
}

const SAVE = ["save/stop", "save/units", "save/vmgs", "save/shutdown", "save/logs"];
const RESTORE = ["fetch", "vmgs", "dma", "nvme", "emuplat", "disks", "validate", "units", "resume"];

for (const { name } of RELEASES) {
  test(`${name} can die before and after every step of a save`, () => {
    const points = SAVE.flatMap((step) => [`${step}/before`, `${step}/after`]);
    for (const point of [...points, "save/send/before", "save/units/in", "save/shutdown/in"]) {
      const host = hostWith({ devices: "nvme" });
      const openhcl = boot(releaseNamed(name), host, KEPT);
      killAt(host, point);
      assert.throws(() => openhcl.save(REQUEST), Killed, point);
      assert.ok(!openhcl.running, point);
    }
  });

  test(`${name} can die before and after every step of a restore, and is started again`, () => {
    const points = RESTORE.flatMap((step) => [`restore/${step}/before`, `restore/${step}/after`]);
    for (const point of points) {
      const host = hostWith({ devices: "nvme" });
      const release = releaseNamed(name);
      const request = { ...REQUEST, capabilitiesFlags: NOTHING_KEPT };
      const bytes = boot(release, host, KEPT).save(request);
      killAt(host, point);
      assert.throws(() => restore(release, host, KEPT, bytes), Killed, point);
      assert.ok(restore(release, host, KEPT, bytes).running, point);
    }
  });
}

const NOTHING_KEPT = { enableNvmeKeepalive: false, enableManaKeepalive: false };

test("a boot has no steps of a restore at which it could die", () => {
  const host = hostWith({ devices: "nvme" });
  for (const step of RESTORE) killAt(host, `restore/${step}/before`);
  assert.ok(boot(releaseNamed("main"), host, KEPT).running);
  assert.equal(host.strikes.length, RESTORE.length);
});

test("Host.fork() copies what waits to strike, which strikes each copy once", () => {
  const host = hostWith();
  const release = releaseNamed("main");
  const bytes = boot(release, host, KEPT).save(REQUEST);
  killAt(host, "restore/units/before");
  const copy = host.fork();
  for (const each of [host, copy]) {
    assert.throws(() => restore(release, each, KEPT, bytes), Killed);
    assert.ok(restore(release, each, KEPT, bytes).running);
  }
});

test("a process that dies once the host has its state has done its part", () => {
  const host = hostWith();
  const release = releaseNamed("main");
  const openhcl = boot(release, host, KEPT);
  killAt(host, "save/send/after");
  assert.ok(restore(release, host, KEPT, openhcl.save(REQUEST)).running);
});

test("a host that does not take the state ends the process, once", () => {
  const host = hostWith();
  const openhcl = boot(releaseNamed("main"), host, KEPT);
  host.rejectsState = true;
  assert.throws(
    () => openhcl.save(REQUEST),
    (error) => error instanceof Panic && /host rejected save\/restore/.test(error.message),
  );
  assert.ok(!host.rejectsState);
});

test("the partition refuses the state of a processor that the machine does not have", () => {
  const host = hostWith();
  const release = releaseNamed("main");
  const bytes = boot(release, host, KEPT).save(REQUEST);
  host.vpCount -= 1;
  assert.throws(
    () => restore(release, host, KEPT, bytes),
    (error) => error instanceof ChainError && /unknown entry ID: vp3/.test(error.message),
  );
  host.vpCount += 2;
  assert.ok(restore(release, host, KEPT, bytes).running);
});

test("Host.poolRanges() are what the host makes of them, where nobody has kept others", () => {
  const refusal = (name: string) => {
    const host = hostWith({ devices: "nvme" });
    const release = releaseNamed(name);
    const bytes = boot(release, host, KEPT).save(REQUEST);
    host.poolChange = ({ pfn, pages }) => [{ pfn: pfn + 0x1000n, pages }];
    try {
      return restore(release, host, KEPT, bytes).running ? "none" : "stands";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(refusal("2505"), /pool ranges do not match/);
  assert.equal(refusal("main"), "none");
});
