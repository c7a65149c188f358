import assert from "node:assert/strict";
import { test } from "node:test";
import { newEnvironment } from "../machine/mod.ts";
import { VmbusRelaySavedState } from "../openhcl_state/mod.ts";
import type { VmbusClient } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { deviceSetNamed } from "./device_set.ts";
import { releaseNamed } from "./releases.ts";
import type { StateUnit } from "./state_units.ts";
import { connectGuest, newVmbus } from "./vm_vmbus.ts";

/** A relay's unit on a client that has three channels open and unclaimed. */
function restoredClient(name: string): { unit: StateUnit; client: VmbusClient } {
  const release = releaseNamed(name);
  const devices = deviceSetNamed("relay");
  const writer = newVmbus(release, devices, newEnvironment());
  connectGuest(writer, devices);
  const reader = newVmbus(release, devices, newEnvironment());
  assert.ok(writer.client && reader.client && reader.relay);
  writer.client.stop();
  reader.client.restore(writer.client.save());
  reader.relay.offerAll();
  return { unit: release.relay.unit(reader.relay, reader.client), client: reader.client };
}

test("RelayLayout closes open channels that no saved channel of the relay claims", () => {
  const { unit, client } = restoredClient("main");
  const empty = { use_interrupt_relay: true, channels: [] };
  unit.restore(blobsOf(VmbusRelaySavedState, "main").pack(empty));
  unit.postRestore();
  const closed = client.queued.filter(([type]) => type === 7);
  assert.equal(closed.length, 3);
});

test("RelayLayout closes nothing when it was not restored", () => {
  const { unit, client } = restoredClient("2505");
  unit.postRestore();
  assert.deepEqual(client.queued, []);
});

test("RelayLayout of 2411 saves the client inside, and says whether it was connected", () => {
  const release = releaseNamed("2411");
  const devices = deviceSetNamed("relay");
  const { client, relay } = newVmbus(release, devices, newEnvironment());
  assert.ok(client && relay);
  const saved = () => {
    const blob = release.relay.unit(relay, client).save();
    assert.ok(blob);
    return blobsOf(VmbusRelaySavedState, "2411").unpack(blob);
  };
  assert.equal(saved().relay_state?.variant, "Disconnected");
  client.connect(0x5_0003, 0, []);
  assert.equal(saved().relay_state?.variant, "Connected");
  assert.equal(saved().client_saved_state?.client_state.variant, "Connected");
  assert.ok(client.running);
});
