import assert from "node:assert/strict";
import { test } from "node:test";
import { boot } from "./openhcl.ts";
import { hostWith, inputsOf, KEPT, REQUEST, service } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

const NO_POOL = inputsOf("nohost,noprivatepool");

test("poolRangesAtBoot() keeps the pool from 1.7 on, whatever the host says", () => {
  const openhcl = service(hostWith(), ["1.7.2511", "main"], REQUEST, [KEPT, NO_POOL]);
  assert.equal(openhcl.pools().length, 1);
  const none = service(hostWith(), ["main", "1.8.2607"], REQUEST, [NO_POOL, KEPT]);
  assert.deepEqual(none.pools(), []);
});

test("poolRangesAtBoot() asks the host when the last release kept no region", () => {
  const fresh = service(hostWith(), ["2505", "main"], REQUEST, [NO_POOL, KEPT]);
  assert.equal(fresh.pools().length, 1);
  const gone = service(hostWith(), ["main", "2505"], REQUEST, [
    inputsOf("nohost,privatepool"),
    NO_POOL,
  ]);
  assert.deepEqual(gone.pools(), []);
});

test("poolRangesAtBoot() of 2411 and 2505 overwrites the region", () => {
  const host = hostWith();
  boot(releaseNamed("main"), host, KEPT);
  assert.notEqual(host.persistedRegion, null);
  boot(releaseNamed("2505"), host, KEPT);
  assert.equal(host.persistedRegion, null);
});

test("writePersistedInfo() tells processors with I/O in flight from idle ones", () => {
  const host = hostWith({ devices: "nvme" });
  boot(releaseNamed("main"), host, KEPT).save(REQUEST);
  const { withIo, withInterrupt } = host.persistedRegion?.early ?? {};
  assert.deepEqual(withIo?.toSorted(), [1, 3]);
  assert.deepEqual(withInterrupt?.toSorted(), [0, 2]);
});
