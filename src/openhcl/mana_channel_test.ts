import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, newEnvironment } from "../machine/mod.ts";
import { PhysicalMemory } from "../memory/mod.ts";
import { CHANNEL_PAGES, ManaChannel } from "./mana_channel.ts";
import { ManaHardware } from "./mana_hardware.ts";

const PCI_ID = "7870:00:00.0";
const BASE_PFN = 0x1000n;
const OWNER = `nic_${PCI_ID}`;

function block(memory: PhysicalMemory) {
  memory.lend(BASE_PFN, CHANNEL_PAGES, OWNER, true);
  return { basePfn: BASE_PFN, pages: CHANNEL_PAGES, persistent: true, free: () => {} };
}

function established() {
  const memory = new PhysicalMemory();
  const hardware = new ManaHardware(PCI_ID, memory);
  const env = newEnvironment();
  const pages = block(memory);
  const channel = ManaChannel.establish(hardware, pages, OWNER, env);
  return { memory, hardware, env, channel, pages };
}

function isFailure(error: Error): boolean {
  return error instanceof ChainError && error.message.startsWith("HWC request failed.");
}

test("ManaChannel moves its queues with each request", () => {
  const { channel } = established();
  const before = channel.save();
  channel.request("A");
  channel.request("B");
  const after = channel.save();
  assert.equal(before.eq.next, 4096 + 7 * 16);
  assert.equal(after.eq.next - before.eq.next, 2 * 16);
  assert.equal(after.cq.next - before.cq.next, 4 * 64);
  assert.equal(after.sq.tail - before.sq.tail, 2 * 64);
  assert.equal(after.rq.tail - before.rq.tail, 2 * 32);
  assert.equal(after.rq.head - after.rq.tail, 4096 - 32);
  assert.equal(after.hwc_activity_id - before.hwc_activity_id, 2);
});

test("ManaHardware answers into the response page of the channel, and nowhere else", () => {
  const { channel, memory } = established();
  channel.request("A");
  const response = memory.content.read((Number(BASE_PFN) + 5) * 4096, 4);
  const { hwc_activity_id: id } = channel.save();
  assert.deepEqual(response, Uint8Array.of(id, id >>> 8, id >>> 16, id >>> 24));
  const strays = () => memory.owners.strayWrites.map((stray) => stray.device);
  assert.deepEqual(strays(), []);
  memory.takeBack(BASE_PFN, CHANNEL_PAGES);
  channel.request("B");
  assert.deepEqual(strays(), [OWNER]);
});

test("ManaChannel.restore() goes on where the last driver stopped, many times around", () => {
  const { channel, hardware, pages, env } = established();
  for (let turn = 0; turn < 200; turn++) channel.request("A");
  let next = ManaChannel.restore(hardware, pages, channel.save(), env);
  for (let turn = 0; turn < 200; turn++) next.request("B");
  next = ManaChannel.restore(hardware, pages, next.save(), env);
  next.request("C");
  assert.equal(hardware.established, 1);
  assert.equal(hardware.resets, 0);
});

test("ManaChannel.restore() at other positions gets no answer and stays in trouble", () => {
  const moved = (change: (saved: ReturnType<ManaChannel["save"]>) => void) => {
    const { channel, hardware, pages, env } = established();
    channel.request("A");
    const saved = structuredClone(channel.save());
    change(saved);
    const next = ManaChannel.restore(hardware, pages, saved, env);
    const before = env.clock.nowUs;
    assert.throws(() => next.request("B"), isFailure);
    assert.equal(env.clock.nowUs - before, 10_000_000);
    assert.throws(() => next.request("C"), /^ChainError: Previous hardware failure/);
    assert.throws(() => next.save(), /cannot save\/restore after HWC failure/);
  };
  moved((saved) => {
    saved.sq.tail += 64;
  });
  moved((saved) => {
    saved.sq.tail -= 64;
  });
  moved((saved) => {
    saved.rq.tail -= 32;
  });
  moved((saved) => {
    saved.cq.next += 64;
  });
});

test("ManaChannel at another place of the event queue hears of nothing", () => {
  const { channel, hardware, pages, env } = established();
  const saved = channel.save();
  const deaf = ManaChannel.restore(
    hardware,
    pages,
    { ...saved, eq: { ...saved.eq, next: 4096 } },
    env,
  );
  hardware.post({ kind: "link", up: false });
  deaf.takeEvents();
  assert.deepEqual(deaf.takeLinkToggles(), []);
});

test("ManaChannel keeps changes of the link until somebody asks, also over a restore", () => {
  const { channel, hardware, pages, env } = established();
  hardware.post({ kind: "link", up: false });
  channel.takeEvents();
  const saved = channel.save();
  assert.deepEqual(saved.link_toggle, [[0, false]]);
  // Nobody runs while this comes.
  hardware.post({ kind: "link", up: true });
  const next = ManaChannel.restore(hardware, pages, saved, env);
  next.takeEvents();
  assert.deepEqual(next.takeLinkToggles(), [
    [0, false],
    [0, true],
  ]);
  assert.deepEqual(next.takeLinkToggles(), []);
  assert.equal(hardware.linkEvents, 2);
  assert.deepEqual(saved.link_toggle, [[0, false]], "others are restored from the same state");
});

test("ManaChannel cannot be saved with a reset that the hardware has asked for", () => {
  const { channel, hardware } = established();
  hardware.post({ kind: "reset-request" });
  channel.takeEvents();
  assert.equal(channel.trouble, "with HWC reset request pending");
  assert.throws(() => channel.save(), /cannot save\/restore with HWC reset request pending/);
});

test("ManaChannel comes to a point with each request, where it can be struck", () => {
  const memory = new PhysicalMemory();
  const hardware = new ManaHardware(PCI_ID, memory);
  const strike = { point: "mana/request", passes: 1, act: () => hardware.fallSilent() };
  const env = newEnvironment(undefined, [strike]);
  const channel = ManaChannel.establish(hardware, block(memory), OWNER, env);
  channel.request("A");
  assert.throws(() => channel.request("B"), isFailure);
});

test("ManaChannel gets no answer once another driver has set up its own, as far as it was", () => {
  const { memory, hardware, env, channel, pages } = established();
  channel.request("A");
  const saved = channel.save();
  hardware.reset();
  const elsewhere = { ...pages, basePfn: BASE_PFN + 0x10n };
  memory.lend(elsewhere.basePfn, CHANNEL_PAGES, OWNER, true);
  const other = ManaChannel.establish(hardware, elsewhere, OWNER, env);
  other.request("A");
  const back = ManaChannel.restore(hardware, pages, saved, env);
  assert.throws(() => back.request("B"), isFailure);
  other.request("B");
});

test("ManaHardware forgets channel, number and filter at a reset", () => {
  const { hardware } = established();
  hardware.setSerial(3);
  hardware.moveFilter(true);
  assert.equal(hardware.pass(true), "echoed");
  hardware.reset();
  assert.deepEqual(
    [hardware.channelPfn, hardware.serial, hardware.filterToVtl0],
    [null, null, false],
  );
  assert.equal(hardware.pass(true), "lost");
  assert.equal(hardware.pass(false), "echoed");
});

test("ManaHardware.fork() goes on apart, in another memory", () => {
  const { hardware, channel, pages, env } = established();
  channel.request("A");
  const saved = channel.save();
  const copy = hardware.fork(new PhysicalMemory());
  channel.request("B");
  ManaChannel.restore(copy, pages, saved, env).request("C");
  assert.equal(copy.established, 1);
});

test("ManaHardware.adopt() stands where a captured driver has left it", () => {
  const { channel, pages, env } = established();
  channel.request("A");
  const saved = channel.save();
  const other = new ManaHardware(PCI_ID);
  other.adopt({
    basePfn: BASE_PFN,
    eventNext: saved.eq.next,
    completionNext: saved.cq.next,
    sendTail: saved.sq.tail,
    receiveTail: saved.rq.tail,
  });
  ManaChannel.restore(other, pages, saved, env).request("B");
  assert.equal(other.established, 0);
});
