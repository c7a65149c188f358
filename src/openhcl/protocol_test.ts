import assert from "node:assert/strict";
import { test } from "node:test";
import { FEATURE, VERSION } from "../vmbus/mod.ts";
import { boot, restore } from "./openhcl.ts";
import { type Protocol, SPOKEN } from "./protocol.ts";
import { hostWith, KEPT, REQUEST, service } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

/** What a guest and OpenHCL have agreed on. */
function agreed(protocol: Protocol) {
  const host = hostWith({ devices: "relay", protocol });
  const openhcl = service(host, ["1.8.2607", "main"]);
  return { openhcl, host, version: host.guest.state.version };
}

test("SPOKEN.current is the newest version with the features of both", () => {
  const { version } = agreed("current");
  assert.equal(version?.version, VERSION.copper);
  assert.notEqual((version?.featureFlags ?? 0) & FEATURE.modifyConnection, 0);
});

test("SPOKEN of older guests is their version without features", () => {
  const versions = { "guest-iron": VERSION.iron, "guest-win10": VERSION.win10 } as const;
  for (const [protocol, version] of Object.entries(versions)) {
    const found = agreed(protocol as keyof typeof versions);
    assert.deepEqual(found.version, { version, featureFlags: 0 });
    assert.deepEqual(found.openhcl.endGuest(), []);
    assert.deepEqual(found.openhcl.guest.complaints(), []);
  }
});

test("SPOKEN.guest-win7 hears of its channels by the interrupt page alone", () => {
  const { openhcl, host } = agreed("guest-win7");
  assert.deepEqual(openhcl.endGuest(), []);
  const { sent, returned } = openhcl.guest.traffic();
  assert.ok(sent > 0);
  assert.equal(returned, sent);
  assert.deepEqual(host.guest.complaints, []);
});

test("SPOKEN.host-pausing has the client pause it over a save", () => {
  const host = hostWith({ devices: "relay", protocol: "host-pausing" });
  const bytes = boot(releaseNamed("main"), host, KEPT).save(REQUEST);
  assert.throws(
    () => restore(releaseNamed("2411"), host.fork(), KEPT, bytes),
    /unsupported feature flags 0x27/,
  );
  const restored = restore(releaseNamed("1.7.2511"), host, KEPT, bytes);
  assert.deepEqual(restored.endGuest(), []);
});

test("a host from before keepalive takes devices that were kept alive after all (PR 464)", () => {
  assert.ok(SPOKEN["host-zeroed"].hostResetsDevices);
  const host = hostWith({ devices: "nvme", protocol: "host-zeroed" });
  const bytes = boot(releaseNamed("main"), host, KEPT).save(REQUEST);
  assert.throws(() => restore(releaseNamed("main"), host, KEPT, bytes), /unrestored allocations/);
});
