import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor } from "../mesh/mod.ts";
import { ServicingState } from "../openhcl_state/mod.ts";
import type { Host } from "./host.ts";
import { boot, type Openhcl } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST, service } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";
import type { VmProperties } from "./vm_properties.ts";

const ALL = RELEASES.map(({ name }) => name);

function booted(name: string, host: Host): Openhcl {
  return boot(releaseNamed(name), host, KEPT);
}

function restored(pair: readonly [string, string], vm: Partial<VmProperties> = {}): Openhcl {
  return service(hostWith(vm), pair);
}

test("Openhcl cannot be used after its save", () => {
  const openhcl = booted("main", hostWith());
  openhcl.save(REQUEST);
  assert.throws(() => openhcl.save(REQUEST), TypeError);
  assert.ok(!openhcl.running);
});

test("Openhcl.disableNvmeKeepalive() makes the next save without NVMe state", () => {
  const host = hostWith({ devices: "nvme" });
  const openhcl = booted("main", host);
  openhcl.disableNvmeKeepalive();
  const { init_state } = codecFor(ServicingState, "main").decode(openhcl.save(REQUEST));
  assert.equal(init_state.nvme_state, null);
});

test("Openhcl keeps the guest's own number over servicing", () => {
  const host = hostWith();
  const { nonce } = host.ram;
  assert.equal(service(host, ["main", "2411"]).guest.nonce(), nonce);
});

test("Openhcl.snapshot() keeps no device, resets none, and lets the VM run on", () => {
  const host = hostWith({ devices: "nvme+mana" });
  const openhcl = booted("main", host);
  const { init_state } = codecFor(ServicingState, "main").decode(openhcl.snapshot());
  assert.equal(init_state.nvme_state, null);
  assert.equal(init_state.mana_state, null);
  assert.equal(init_state.dma_manager_state, null);
  assert.equal(init_state.correlation_id, null);
  assert.ok(openhcl.running);
  assert.deepEqual(
    openhcl.nics().map(({ resets }) => resets),
    [0, 0],
  );
});

test("Openhcl.snapshot() leaves a paused VM paused, and the VMBus client stopped", () => {
  for (const [name, listening] of [
    ["2411", true],
    ["main", false],
  ] as const) {
    const openhcl = booted(name, hostWith({ devices: "relay" }));
    openhcl.pause();
    openhcl.snapshot();
    assert.ok(!openhcl.running);
    assert.equal(openhcl.listening, listening);
  }
});

test("Openhcl.snapshot() for the second time finds a VMBus client that was stopped", () => {
  const openhcl = booted("main", hostWith({ devices: "relay" }));
  openhcl.snapshot();
  assert.throws(() => openhcl.snapshot(), /^Panic: assertion failed: self\.running$/);
});

test("Openhcl.settings() loses what is unknown and reads zero for what is new", () => {
  const flags = { enableNvmeKeepalive: false, enableManaKeepalive: false };
  const request = { ...REQUEST, capabilitiesFlags: flags };
  const host = hostWith({ devices: "nvme+mana" });
  const upgraded = service(host, ["2505", "main"], request).settings();
  assert.equal(upgraded.get("firmware.log_level"), "0x0");
  assert.equal(upgraded.get("hibernate.token"), undefined);
  const same = restored(["main", "main"], { devices: "nvme+mana" }).settings();
  assert.equal(same.get("firmware.log_level"), "0x80000002");
  assert.notEqual(same.get("hibernate.token"), undefined);
  assert.equal(same.get("vmgs.reprovisioned"), "true");
  const downgraded = restored(["main", "2411"], { devices: "nvme+mana" }).settings();
  assert.deepEqual([...downgraded.keys()], ["clock.offset_ms", "firmware.runtime_state"]);
});

test("Openhcl.found has lost messages with 2411 on either side; the guest takes others", () => {
  for (const writer of ALL) {
    for (const reader of ALL) {
      const lost = writer === "2411" || reader === "2411";
      const openhcl = restored([writer, reader], { guestStep: "message-pending" });
      assert.equal(openhcl.found?.bus?.pending.length, lost ? 0 : 1, `${writer} ${reader}`);
      assert.deepEqual(openhcl.pendingMessages(), []);
      assert.deepEqual(restored([writer, reader]).pendingMessages(), []);
    }
  }
});

test("Openhcl.inspect() has the roots of the live tree", () => {
  const tree = restored(["main", "main"], { devices: "nvme+mana" }).inspect();
  for (const root of [
    "rtc",
    "partition",
    "init_data",
    "runtime_params",
    "get",
    "vmgs",
    "network",
    "nvme",
    "memory",
    "dma_manager",
    "vmbus_client",
    "vmbus_filter",
    "vpci_relay",
    "nvme_keepalive_mode",
    "mana_keepalive_mode",
  ]) {
    assert.ok(Object.hasOwn(tree as object, root), root);
  }
});
