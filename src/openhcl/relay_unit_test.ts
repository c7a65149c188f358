import assert from "node:assert/strict";
import { test } from "node:test";
import { openAll } from "../guest/mod.ts";
import { type Environment, newEnvironment } from "../machine/mod.ts";
import { VmbusRelaySavedState } from "../openhcl_state/mod.ts";
import { blobsOf } from "./blob.ts";
import type { Host } from "./host.ts";
import { hostWith } from "./rehearsal.ts";
import type { Release } from "./release.ts";
import { releaseNamed } from "./releases.ts";
import { connectClient, newVmbus } from "./vm_vmbus.ts";

/** Client and relay of `release` on `host`, with nobody connected yet. */
function relayed(release: Release, host: Host, env: Environment = newEnvironment(host.clock)) {
  const { client, relay, server } = newVmbus({ release, host, env, options: new Map() }, null);
  assert.ok(client && relay);
  return { client, relay, server, unit: release.relay.unit(relay, client) };
}

/** A relay's unit on a client that has three channels open and unclaimed. */
function restoredClient(name: string) {
  const release = releaseNamed(name);
  const host = hostWith({ devices: "relay" });
  const writer = relayed(release, host);
  writer.client.start();
  connectClient(writer);
  writer.server.start();
  writer.relay.start();
  host.guest.setRunning(true);
  assert.deepEqual(openAll(host.guest), []);
  host.guest.setRunning(false);
  writer.relay.stop();
  writer.client.stop();
  const saved = writer.client.save();
  const reader = relayed(release, host);
  assert.ok(reader.client.restore(saved));
  reader.relay.offerAll();
  return { ...reader, host };
}

test("RelayLayout closes open channels that no saved channel of the relay claims", () => {
  const { unit, client, host } = restoredClient("main");
  const open = () => host.bus?.channels().filter((channel) => channel.open).length;
  assert.equal(open(), 3);
  const empty = { use_interrupt_relay: true, channels: [] };
  unit.restore(blobsOf(VmbusRelaySavedState, "main").pack(empty));
  unit.postRestore();
  client.start();
  assert.equal(open(), 0);
});

test("RelayLayout closes nothing when it was not restored", () => {
  const { unit, client, host } = restoredClient("2505");
  unit.postRestore();
  client.start();
  assert.equal(host.bus?.channels().filter(({ open }) => open).length, 3);
});

test("RelayLayout of 2411 saves the client inside, and says whether it was connected", () => {
  const { unit, client } = relayed(releaseNamed("2411"), hostWith({ devices: "relay" }));
  const saved = () => {
    const blob = unit.save();
    assert.ok(blob);
    return blobsOf(VmbusRelaySavedState, "2411").unpack(blob);
  };
  client.start();
  assert.equal(saved().relay_state?.variant, "Disconnected");
  connectClient({ client });
  assert.equal(saved().relay_state?.variant, "Connected");
  assert.equal(saved().client_saved_state?.client_state.variant, "Connected");
  assert.ok(client.running);
});

test("RelayLayout starts and stops the relay with the units", () => {
  const { unit, relay } = relayed(releaseNamed("main"), hostWith({ devices: "relay" }));
  unit.start?.();
  assert.ok(relay.running);
  unit.stop?.();
  assert.ok(!relay.running);
});
