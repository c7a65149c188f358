import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../bytes/hex.ts";
import { GuestMemory } from "../memory/mod.ts";
import { DESCRIPTOR_LENGTH, PACKET_TYPE, type Packet, packetLength } from "./packet.ts";
import { IncomingRing, OutgoingRing, readerNeedsSignal, writerNeedsSignal } from "./ring.ts";
import { CONTROL, RingMemory } from "./ring_memory.ts";

const NOTHING = new Uint8Array(0);

/** A ring of one control page and `pages` pages of data, not in a row. */
function ring(pages = 1): {
  memory: RingMemory;
  guestMemory: GuestMemory;
  reader: IncomingRing;
  writer: OutgoingRing;
} {
  const guestMemory = new GuestMemory();
  const pfns = Array.from({ length: pages + 1 }, (_, page) => 0x100 + 2 * page);
  const memory = new RingMemory(guestMemory, pfns);
  const [reader, writer] = [new IncomingRing(memory), new OutgoingRing(memory)];
  reader.attach();
  writer.attach();
  reader.setInterruptMask(false);
  return { memory, guestMemory, reader, writer };
}

function packet(payload: Uint8Array, change: Partial<Packet> = {}): Packet {
  const usual = { type: PACKET_TYPE.inBand, transactionId: 7n, completionRequested: false };
  return { ...usual, extension: NOTHING, payload, ...change };
}

/** Packets that are in the ring, with payloads that can be kept. */
function taken(reader: IncomingRing): Packet[] {
  const packets: Packet[] = [];
  reader.takeEach((each) => {
    const payload = each.payload.slice();
    packets.push({ ...each, payload, extension: each.extension.slice() });
    return true;
  });
  return packets;
}

test("OutgoingRing.write() lays out descriptor, payload and trailer", () => {
  const { memory, guestMemory, writer } = ring();
  memory.setControl(CONTROL.in, 32);
  memory.setControl(CONTROL.out, 32);
  const sent = packet(Uint8Array.of(1, 2, 3), {
    transactionId: 0xffff_8000_0000_0001n,
    completionRequested: true,
  });
  assert.equal(packetLength(sent), 32);
  writer.write(sent);
  assert.equal(
    toHex(guestMemory.read(0x102 * 4096 + 32, 32)),
    "0600" + // packet_type
      "0200" + // data_offset8
      "0300" + // length8
      "0100" + // flags: completion requested
      "010000000080ffff" + // transaction_id
      "0102030000000000" + // payload, filled up
      "0000000020000000", // trailer: reserved, offset
  );
  assert.equal(memory.control(CONTROL.in), 64);
});

test("IncomingRing.takeEach() gives packets back, whole words and ids exactly", () => {
  const { reader, writer } = ring();
  writer.write(packet(Uint8Array.of(1, 2, 3), { transactionId: 2n ** 64n - 1n }));
  const ranges = Uint8Array.from({ length: 24 }, (_, index) => index + 1);
  writer.write(packet(Uint8Array.of(9), { type: PACKET_TYPE.gpaDirect, extension: ranges }));
  const [first, second] = taken(reader);
  assert.equal(first?.transactionId, 2n ** 64n - 1n);
  assert.deepEqual(first?.payload, Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0));
  assert.deepEqual(second?.extension, ranges);
  assert.ok(reader.isEmpty);
});

test("IncomingRing.takeEach() leaves a packet that is not used, and what is behind it", () => {
  const { reader, writer } = ring();
  for (const id of [1n, 2n, 3n]) writer.write(packet(NOTHING, { transactionId: id }));
  const seen: bigint[] = [];
  reader.takeEach(({ transactionId }) => {
    seen.push(transactionId);
    return transactionId < 2n;
  });
  assert.deepEqual(seen, [1n, 2n]);
  assert.deepEqual(
    taken(reader).map(({ transactionId }) => transactionId),
    [2n, 3n],
  );
});

test("Rings go on from their last page to the first, in every place of a packet", () => {
  for (const pages of [1, 3]) {
    const { reader, writer } = ring(pages);
    let next = 0;
    for (let round = 0; round < 2000; round++) {
      const length = 8 * (1 + ((round * 7) % 40));
      const payload = new Uint8Array(length).fill(next++ % 251);
      writer.write(packet(payload, { transactionId: BigInt(round) }));
      const [back] = taken(reader);
      assert.equal(back?.transactionId, BigInt(round));
      assert.deepEqual(back?.payload, payload);
    }
  }
});

test("OutgoingRing.fits() to the last packet, and 8 octets stay free", () => {
  const { memory, reader, writer } = ring();
  const each = packet(new Uint8Array(104));
  const length = packetLength(each);
  let count = 0;
  for (; writer.fits(each); count++) writer.write(each);
  assert.equal(count, Math.floor((memory.size - 8) / length));
  assert.throws(() => writer.write(each), { message: "ring buffer full" });
  assert.equal(taken(reader).length, count);
  assert.ok(writer.fits(each));
});

test("OutgoingRing.write() refuses a packet that no empty ring holds", () => {
  const { memory, writer } = ring();
  const overhead = DESCRIPTOR_LENGTH + 8;
  const largest = memory.size - 16 - overhead;
  assert.throws(() => writer.write(packet(new Uint8Array(largest + 1))), {
    message: "invalid message length",
  });
  writer.write(packet(new Uint8Array(largest)));
});

test("OutgoingRing.write() signals a reader that wants it, when the ring was empty", () => {
  const { reader, writer } = ring();
  assert.ok(writer.write(packet(NOTHING)));
  assert.ok(!writer.write(packet(NOTHING)));
  taken(reader);
  reader.setInterruptMask(true);
  assert.ok(!writer.write(packet(NOTHING)));
});

test("IncomingRing.takeEach() signals a writer once there is the room that it waits for", () => {
  const { memory, reader, writer } = ring();
  const each = packet(new Uint8Array(1000));
  while (writer.fits(each)) writer.write(each);
  assert.ok(!reader.takeEach(() => false), "nothing was taken");
  writer.awaitRoom(packet(new Uint8Array(2048)));
  let takes = 1;
  const takeOne = () => {
    takes = 1;
    return reader.takeEach(() => takes-- > 0);
  };
  assert.ok(!takeOne(), "one of the two that are needed");
  assert.ok(takeOne(), "the second one");
  assert.ok(!takeOne(), "there was room before");
  // One octet less than the ring: its low bits do not count.
  writer.write(each);
  memory.setControl(CONTROL.pendingSendSize, memory.size - 1);
  assert.ok(reader.takeEach(() => true));
});

test("readerNeedsSignal() and writerNeedsSignal() see who may wait for nothing", () => {
  const { memory, reader, writer } = ring();
  assert.ok(!readerNeedsSignal(memory) && !writerNeedsSignal(memory));
  writer.write(packet(NOTHING));
  assert.ok(readerNeedsSignal(memory));
  reader.setInterruptMask(true);
  assert.ok(!readerNeedsSignal(memory));
  writer.awaitRoom(packet(NOTHING));
  assert.ok(writerNeedsSignal(memory));
});

test("Rings refuse indices that cannot be", () => {
  for (const at of [CONTROL.in, CONTROL.out]) {
    for (const index of [4096, 4, 0xffff_ffff]) {
      const { memory, reader, writer } = ring();
      memory.setControl(at, index);
      const refused = { message: "invalid ring buffer pointer" };
      assert.throws(() => taken(reader), refused);
      assert.throws(() => writer.write(packet(NOTHING)), refused);
    }
  }
});

test("IncomingRing.takeEach() refuses descriptors that cannot be", () => {
  const broken: readonly (readonly [at: number, value: number, message: string])[] = [
    [0, 1, "unknown packet descriptor type"],
    [2, 1, "invalid descriptor offset or length"],
    [2, 4, "invalid descriptor offset or length"],
    [4, 4, "invalid descriptor offset or length"],
    [4, 0xffff, "invalid descriptor offset or length"],
    [6, 2, "unknown packet descriptor flags"],
  ];
  for (const [at, value, message] of broken) {
    const { guestMemory, reader, writer } = ring();
    writer.write(packet(Uint8Array.of(1)));
    const page = guestMemory.writable(0x102);
    page[at] = value & 0xff;
    page[at + 1] = value >>> 8;
    assert.throws(() => taken(reader), { message });
  }
  const { memory, reader } = ring();
  memory.setControl(CONTROL.in, 8);
  assert.throws(() => taken(reader), { message: "invalid data available" });
});

test("IncomingRing.takeEach() refuses extensions that are too short or without ranges", () => {
  for (const type of [PACKET_TYPE.gpaDirect, PACKET_TYPE.transferPages]) {
    const { reader, writer } = ring();
    writer.write(packet(Uint8Array.of(1), { type }));
    assert.throws(() => taken(reader), { message: "invalid descriptor offset or length" });
  }
  const { reader, writer } = ring();
  const extension = new Uint8Array(8);
  writer.write(packet(NOTHING, { type: PACKET_TYPE.gpaDirect, extension }));
  assert.throws(() => taken(reader), { message: "invalid range count for gpa direct packet" });
});

test("RingMemory needs a control page and one of data", () => {
  const memory = new GuestMemory();
  for (const pfns of [[], [1]]) {
    assert.throws(() => new RingMemory(memory, pfns), { message: "invalid ring memory" });
  }
  assert.equal(new RingMemory(memory, [1, 2]).size, 4096);
});
