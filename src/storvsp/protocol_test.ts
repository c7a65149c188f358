import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodePacket,
  NT_STATUS,
  OPERATION,
  STORVSP_VERSION,
  type StorvspPacket,
} from "./packet.ts";
import { subchannelsMaxOf, wordPayload } from "./packet_payloads.ts";
import { StorvspProtocol } from "./protocol.ts";

const SUBCHANNELS_MAX = 3;

const packet = (operation: number, payload: Uint8Array = new Uint8Array(2)): StorvspPacket => ({
  operation,
  status: 0,
  payload,
});

const BEGIN = packet(OPERATION.BEGIN_INITIALIZATION);
const VERSION = packet(OPERATION.QUERY_PROTOCOL_VERSION, wordPayload(STORVSP_VERSION));
const PROPERTIES = packet(OPERATION.QUERY_PROPERTIES);
const create = (count: number) => packet(OPERATION.CREATE_SUB_CHANNELS, wordPayload(count));
const END = packet(OPERATION.END_INITIALIZATION);

function statusOf(protocol: StorvspProtocol, asked: StorvspPacket): number | undefined {
  return decodePacket(protocol.take(asked))?.status;
}

function protocolAfter(...asked: StorvspPacket[]): StorvspProtocol {
  const protocol = new StorvspProtocol(SUBCHANNELS_MAX);
  for (const one of asked) assert.equal(statusOf(protocol, one), NT_STATUS.SUCCESS);
  return protocol;
}

test("StorvspProtocol goes step by step to a controller with subchannels", () => {
  const protocol = protocolAfter(BEGIN, VERSION, PROPERTIES, create(2), END);
  assert.deepEqual([protocol.ready, protocol.subchannels], [true, 2]);
});

test("StorvspProtocol tells how many subchannels there may be, and allows no more", () => {
  const protocol = protocolAfter(BEGIN, VERSION);
  const properties = decodePacket(protocol.take(PROPERTIES)) as StorvspPacket;
  assert.equal(subchannelsMaxOf(properties), SUBCHANNELS_MAX);
  assert.equal(statusOf(protocol, create(SUBCHANNELS_MAX + 1)), NT_STATUS.INVALID_PARAMETER);
  assert.equal(statusOf(protocol, create(SUBCHANNELS_MAX)), NT_STATUS.SUCCESS);
  assert.equal(statusOf(protocol, create(1)), NT_STATUS.INVALID_DEVICE_STATE);
});

test("StorvspProtocol refuses whatever is not the next step", () => {
  const ahead = [BEGIN, VERSION, PROPERTIES, END];
  for (const [step, done] of ahead.entries()) {
    const others = [...ahead, create(1)].filter((asked) => asked !== done);
    for (const asked of others) {
      if (step === 3 && asked.operation === OPERATION.CREATE_SUB_CHANNELS) continue;
      const protocol = protocolAfter(...ahead.slice(0, step));
      assert.equal(statusOf(protocol, asked), NT_STATUS.INVALID_DEVICE_STATE);
    }
  }
  const old = packet(OPERATION.QUERY_PROTOCOL_VERSION, wordPayload(0x0603));
  assert.equal(statusOf(protocolAfter(BEGIN), old), NT_STATUS.REVISION_MISMATCH);
});

test("StorvspProtocol is restored as it was saved, at every step", () => {
  const steps = [BEGIN, VERSION, PROPERTIES, create(2), END];
  for (let done = 0; done <= steps.length; done++) {
    const before = protocolAfter(...steps.slice(0, done));
    const after = new StorvspProtocol(SUBCHANNELS_MAX);
    after.restore(before.save(), before.subchannels + 1);
    assert.deepEqual(after.save(), before.save());
    assert.equal(after.subchannels, before.subchannels);
    for (const asked of steps.slice(done)) assert.equal(statusOf(after, asked), NT_STATUS.SUCCESS);
  }
});

test("StorvspProtocol.restore() refuses impossible channels and unknown versions", () => {
  const restore = (saved: ReturnType<StorvspProtocol["save"]>, channels: number) =>
    new StorvspProtocol(SUBCHANNELS_MAX).restore(saved, channels);
  const ready = protocolAfter(BEGIN, VERSION, PROPERTIES, END).save();
  restore(ready, SUBCHANNELS_MAX + 1);
  for (const channels of [0, SUBCHANNELS_MAX + 2]) {
    const message = `wrong number of channel states: ${channels}`;
    assert.throws(() => restore(ready, channels), { message });
  }
  const asking = protocolAfter(BEGIN, VERSION, PROPERTIES).save();
  const message = "wrong number of channel states: 2";
  assert.throws(() => restore(asking, 2), { message });
  const unknown = { variant: "Ready", value: { version: 0x0700 } } as const;
  assert.throws(() => restore(unknown, 1), { message: "invalid protocol version" });
});
