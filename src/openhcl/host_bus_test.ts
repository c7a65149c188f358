import assert from "node:assert/strict";
import { test } from "node:test";
import { openAll, passPackets, VmbusDriver } from "../guest/mod.ts";
import { Log, Points, VirtualClock } from "../machine/mod.ts";
import { GuestMemory } from "../memory/mod.ts";
import { SOUND_CLIENT, SOUND_SERVER, VmbusClient, VmbusRelay, VmbusServer } from "../vmbus/mod.ts";
import { deviceSetNamed, plannedChannels } from "./device_set.ts";
import { HostBus } from "./host_bus.ts";

const DEVICES = deviceSetNamed("relay");
const OFFERS = (DEVICES.relayed ?? []).map(({ offer }) => offer);

/** A guest on a relay before `bus`, all of them running. */
function relayed(bus: HostBus, guest: VmbusDriver, memory: GuestMemory) {
  const points = new Points();
  const log = new Log();
  const server = new VmbusServer(SOUND_SERVER, { log, points, memory });
  const client = new VmbusClient(SOUND_CLIENT, { log, points, waitUntil: (done) => done() });
  server.attach(guest);
  guest.attach(server);
  const relay = new VmbusRelay(client, server, { log, points, waitUntil: (done) => done() });
  bus.attach(client);
  return { server, client, relay };
}

function connected() {
  const memory = new GuestMemory();
  const guest = new VmbusDriver(memory, plannedChannels(DEVICES));
  const bus = new HostBus(OFFERS, memory, guest);
  const parts = relayed(bus, guest, memory);
  parts.client.start();
  parts.client.connect({ targetMessageVp: 0, monitorPages: null });
  parts.server.start();
  parts.relay.start();
  guest.setRunning(true);
  return { memory, guest, bus, ...parts };
}

function openCount(bus: HostBus): number {
  return bus.channels().filter(({ open }) => open).length;
}

test("HostBus offers its channels to the client, and signals the guest itself", () => {
  const { bus, guest, relay } = connected();
  assert.deepEqual(openAll(guest), []);
  assert.deepEqual(passPackets(guest, 5), []);
  assert.equal(bus.channels().length, 5);
  assert.equal(openCount(bus), 3);
  assert.ok(!relay.useInterruptRelay);
});

test("HostBus keeps answers until their time has come", () => {
  const { bus, guest } = connected();
  const clock = new VirtualClock();
  clock.attach(bus);
  bus.hold(["open"], 700);
  assert.equal(openAll(guest).length, 3);
  clock.advance(699);
  assert.equal(openAll(guest).length, 3);
  clock.advance(1);
  assert.deepEqual(openAll(guest), []);
  assert.equal(clock.nextDueUs, Number.POSITIVE_INFINITY);
});

test("HostBus keeps the answer to a change of the connection", () => {
  const { bus, guest } = connected();
  bus.hold(["connection"]);
  assert.deepEqual(openAll(guest), ["the connection is contacted"]);
  bus.answerHeld();
  assert.deepEqual(openAll(guest), []);
});

test("HostBus.revoke() and offer() reach the guest through the relay", () => {
  const { bus, guest } = connected();
  openAll(guest);
  const [first] = OFFERS;
  assert.ok(first);
  bus.revoke(first.key);
  assert.equal(guest.planned().length, 2);
  assert.deepEqual(openAll(guest), []);
  bus.offer(first);
  assert.deepEqual(openAll(guest), []);
  assert.equal(guest.planned().length, 3);
  assert.deepEqual(guest.complaints, []);
});

test("HostBus keeps messages while no OpenHCL runs", () => {
  const { bus, guest, client } = connected();
  bus.hold(["open"]);
  assert.equal(openAll(guest).length, 3);
  bus.detach();
  bus.answerHeld();
  assert.equal(openAll(guest).length, 3);
  bus.attach(client);
  client.stop();
  client.start();
  assert.deepEqual(openAll(guest), []);
});

test("HostBus.fork() goes on apart with copies of guest and memory", () => {
  const { bus, guest, memory, client, server, relay } = connected();
  openAll(guest);
  guest.setRunning(false);
  relay.stop();
  server.stop();
  client.stop();
  const saved = { server: server.save(), relay: relay.save(), client: client.save() };
  const copiedMemory = memory.fork();
  const copiedGuest = guest.fork(copiedMemory);
  const copy = bus.fork(copiedMemory, copiedGuest);
  for (const [b, g, m] of [
    [copy, copiedGuest, copiedMemory],
    [bus, guest, memory],
  ] as const) {
    const parts = relayed(b, g, m);
    assert.ok(parts.client.restore(saved.client));
    parts.relay.offerAll();
    parts.server.restore(saved.server);
    parts.relay.restore(saved.relay);
    parts.client.postRestore();
    parts.client.start();
    parts.server.start();
    parts.relay.start();
    g.setRunning(true);
    assert.deepEqual(passPackets(g, 3), []);
    if (b === copy) b.revoke(OFFERS[0]?.key ?? assert.fail());
    assert.deepEqual(g.complaints, []);
  }
  assert.equal(openCount(copy), 2);
  assert.equal(openCount(bus), 3);
});
