import assert from "node:assert/strict";
import { test } from "node:test";
import { putU32 } from "../bytes/write_little_endian.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import { sendPackets } from "./channel_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import { openAll, passPackets } from "./going_on.ts";
import { TestBus } from "./test_bus.ts";

/** A bus with channel 1 open and held, so that its packets stay in the ring. */
function held(): { test: TestBus; channel: GuestChannel; pfn: number } {
  const test = new TestBus({ channels: [[0xe1]] });
  assert.deepEqual(openAll(test.guest), []);
  const [channel] = test.guest.planned();
  const pfn = channel?.gpadls[0]?.pfn;
  assert.ok(channel && pfn !== undefined);
  test.hold(["packets"]);
  return { test, channel, pfn };
}

test("writeRing() stops when the ring is full, and goes on when there is room", () => {
  const { test, channel } = held();
  const sent = sendPackets(test.guest, channel, 10_000);
  // Three pages of data, less than one packet of which stays free.
  const packet = 16 + 16 + 8;
  assert.equal(sent, Math.floor((3 * PAGE_SIZE - 8) / packet));
  assert.equal(sendPackets(test.guest, channel, 1), 0);
  test.answerHeld();
  assert.deepEqual(passPackets(test.guest, 1000), []);
  assert.deepEqual(test.guest.traffic.oddities, []);
});

test("writeRing() complains of indices that a host cannot have written", () => {
  const { test, channel, pfn } = held();
  putU32(test.memory.writable(pfn), 4, 0x7fff_fff8);
  assert.equal(sendPackets(test.guest, channel, 1), 0);
  assert.equal(test.guest.complaints.length, 1);
  assert.match(test.guest.complaints[0] ?? "", /^relid 1: /);
});

test("readRing() complains of a ring that holds no packets", () => {
  const { test, pfn } = held();
  // The host's index is beyond its own ring, which is the second half.
  putU32(test.memory.writable(pfn + 4), 0, 0x7fff_fff8);
  test.guest.interrupt(1, false);
  test.guest.wake();
  assert.equal(test.guest.complaints.length, 1);
});

test("readRing() notes a packet that comes back with other content", () => {
  const { test, channel, pfn } = held();
  sendPackets(test.guest, channel, 1);
  // The filling, behind control page, descriptor, number and relid.
  const data = test.memory.writable(pfn + 1);
  putU32(data, 16 + 8, 0xbad);
  test.answerHeld();
  assert.deepEqual(test.guest.traffic.oddities, ["relid 1: packet 0 came back with other content"]);
});
