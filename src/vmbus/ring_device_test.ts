import assert from "node:assert/strict";
import { test } from "node:test";
import type { GuestMemory } from "../memory/mod.ts";
import { PACKET_TYPE, type Packet } from "./packet.ts";
import { IncomingRing, OutgoingRing } from "./ring.ts";
import { ringsOf } from "./ring_memory.ts";
import { TestServer } from "./test_server.ts";

const PFNS = Array.from({ length: 8 }, (_, page) => 0x1000 + page);

function packet(id: bigint, length = 24): Packet {
  const extension = new Uint8Array(0);
  const payload = new Uint8Array(length).fill(Number(id % 251n));
  const type = PACKET_TYPE.inBand;
  return { type, transactionId: id, completionRequested: true, extension, payload };
}

/** The guest's ends of the rings of channel 1. */
function ends(memory: GuestMemory) {
  const { fromGuest, toGuest } = ringsOf(memory, PFNS, 4);
  const reader = new IncomingRing(toGuest);
  reader.setInterruptMask(false);
  return { writer: new OutgoingRing(fromGuest), reader };
}

function ids(reader: IncomingRing): bigint[] {
  const found: bigint[] = [];
  reader.takeEach(({ transactionId, type }) => {
    assert.equal(type, PACKET_TYPE.completion);
    found.push(transactionId);
    return true;
  });
  return found;
}

test("RingDevice gives packets back in order, and signals a guest that waits", () => {
  const { test } = TestServer.opened();
  const { writer, reader } = ends(test.surroundings.memory);
  for (const id of [1n, 2n ** 63n, 3n]) {
    assert.equal(writer.write(packet(id)), id === 1n, "signalled once");
  }
  test.server.signal(0x2001);
  assert.deepEqual(test.interrupts, [1]);
  assert.deepEqual(ids(reader), [1n, 2n ** 63n, 3n]);
  test.server.signal(0x2002);
  assert.deepEqual(test.interrupts, [1]);
});

test("RingDevice waits for room, and goes on when the guest has made some", () => {
  const { test } = TestServer.opened();
  const { writer, reader } = ends(test.surroundings.memory);
  let sent = 0n;
  for (let round = 0; round < 2; round++) {
    while (writer.fits(packet(sent, 2000))) writer.write(packet(sent++, 2000));
    test.server.signal(0x2001);
  }
  const before = ids(reader).length;
  assert.ok(before > 0 && before < Number(sent));
  test.server.signal(0x2001);
  assert.equal(before + ids(reader).length, Number(sent));
});

test("RingDevice refuses to open without rings", () => {
  for (const [gpadlId, pages] of [
    [5, 8],
    [6, 5],
  ] as const) {
    const test = new TestServer();
    test.offer(1);
    test.connect();
    test.gpadl(1, 6, pages);
    test.take();
    test.open(1, gpadlId);
    const [result] = test.take();
    assert.ok(result);
    assert.ok((result[1] as { status: number }).status < 0);
  }
});

test("RingDevice keeps packets when it is told, and looks for them when it is started", () => {
  const { test, device } = TestServer.opened();
  const { writer, reader } = ends(test.surroundings.memory);
  device.hold(["packets"]);
  writer.write(packet(1n));
  test.server.signal(0x2001);
  assert.deepEqual(ids(reader), []);
  device.answerHeld();
  assert.deepEqual(ids(reader), [1n]);
  writer.write(packet(2n));
  device.start();
  assert.deepEqual(ids(reader), [2n]);
});

test("RingDevice.owes tells whether an answer is kept", () => {
  const { test, device } = TestServer.opened();
  device.hold(["modify"]);
  assert.ok(!device.owes);
  test.send("modifyChannel", { channelId: 1, targetVp: 2 });
  assert.ok(device.owes);
  device.answerHeld();
  assert.ok(!device.owes);
});

test("RingDevice.fork() goes on in the copy's memory", () => {
  const { test } = TestServer.opened();
  const memory = test.surroundings.memory.fork();
  const copy = test.server.fork({ ...test.surroundings, memory }, (device, channel) =>
    (device as ReturnType<TestServer["offer"]>).fork(memory, channel),
  );
  ends(memory).writer.write(packet(1n));
  copy.signal(0x2001);
  assert.deepEqual(ids(ends(memory).reader), [1n]);
  assert.deepEqual(ids(ends(test.surroundings.memory).reader), []);
});
