import assert from "node:assert/strict";
import { test } from "node:test";
import { MESSAGE } from "./messages.ts";
import { STATUS, VERSION } from "./protocol.ts";
import { type HeldKind, RingDevice } from "./ring_device.ts";
import { offerNumber, TestServer } from "./test_server.ts";

/** A connected guest with channel 1 offered and GPADL 5 created. */
function ready(held: readonly HeldKind[] = [], version: number = VERSION.copper) {
  const test = new TestServer();
  const device = test.offer(1);
  test.connect(version);
  test.gpadl(1, 5);
  test.take();
  device.hold(held);
  return { test, device };
}

function result(status: number) {
  return ["openResult", { channelId: 1, openId: 77, status }];
}

test("VmbusServer opens a channel once its device does, and closes it without an answer", () => {
  const { test, device } = ready(["open"]);
  test.open(1, 5);
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.states().channels, ["Opening"]);
  device.answerHeld();
  assert.deepEqual(test.take(), [result(STATUS.success)]);
  assert.deepEqual(test.states().channels, ["Open"]);
  test.send("closeChannel", { channelId: 1 });
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.states().channels, ["Closed"]);
});

test("VmbusServer opens without signals for guests before Copper", () => {
  const { test } = ready([], VERSION.iron);
  test.open(1, 5);
  assert.deepEqual(test.take(), [result(STATUS.success)]);
  const saved = test.save().server.state?.channels[0]?.state;
  assert.ok(saved?.variant === "Open");
  assert.equal(saved.value.params.guest_specified_interrupt_info, null);
});

test("VmbusServer saves the signals of an open that names them", () => {
  const { test } = TestServer.opened();
  const saved = test.save().server.state?.channels[0]?.state;
  assert.ok(saved?.variant === "Open");
  assert.deepEqual(saved.value.params.guest_specified_interrupt_info, {
    event_flag: 1,
    connection_id: 0x2001,
  });
});

test("VmbusServer passes a refusal of the device on, and the channel stays closed", () => {
  const { test } = ready();
  test.open(1, 6);
  assert.deepEqual(test.take(), [result(STATUS.unsuccessful)]);
  assert.deepEqual(test.states().channels, ["Closed"]);
});

test("VmbusServer refuses to open what is open and to close what is not", () => {
  const { test } = ready(["open"]);
  test.send("closeChannel", { channelId: 1 });
  assert.match(test.warnings()[0] ?? "", /trying to close a closed channel/);
  test.open(1, 5);
  test.open(1, 5);
  test.send("closeChannel", { channelId: 1 });
  assert.match(test.warnings()[1] ?? "", /trying to open an open channel/);
  assert.match(test.warnings()[2] ?? "", /trying to close a closed channel/);
  test.send("closeChannel", { channelId: 4 });
  assert.match(test.warnings()[3] ?? "", /unknown channel ID/);
});

test("VmbusServer opens a channel again that is still closing", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close"]);
  test.send("closeChannel", { channelId: 1 });
  assert.deepEqual(test.states().channels, ["Closing"]);
  test.open(1, 5);
  assert.deepEqual(test.states().channels, ["ClosingReopen"]);
  test.open(1, 5);
  assert.match(test.warnings().join(), /trying to open an open channel/);
  device.answerHeld();
  assert.deepEqual(test.take(), [result(STATUS.success)]);
  assert.deepEqual(test.states().channels, ["Open"]);
});

test("VmbusServer logs answers of devices that were not asked", () => {
  const { test } = ready();
  const channel = test.server.offer(offerNumber(2));
  channel.opened(true);
  channel.closed();
  channel.gpadlTaken(3, true);
  channel.gpadlLetGo(3);
  channel.modified(0);
  assert.equal(test.warnings().length, 4);
});

test("VmbusServer keeps a reserved channel open while its guest is not connected", () => {
  const { test, device } = ready();
  const target = { targetVp: 3, targetSint: 5 };
  const reserve = { channelId: 1, ringBufferGpadlId: 5, downstreamRingBufferPageOffset: 4 };
  test.send("openReservedChannel", { ...reserve, ...target });
  assert.deepEqual(test.elsewhere, [[{ vp: 3, sint: 5 }, "openResult"]]);
  test.send("closeChannel", { channelId: 1 });
  test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  test.gpadl(1, 6);
  assert.match(test.warnings()[0] ?? "", /invalid operation on reserved channel/);
  assert.match(test.warnings()[1] ?? "", /invalid operation on reserved channel/);
  assert.equal(test.take().length, 1, "the refused GPADL");
  test.send("unload", {});
  assert.deepEqual(test.names(), ["unloadComplete"]);
  assert.deepEqual(test.states(), { connection: "Disconnected", channels: ["Open"] });
  assert.ok(device.isOpen);
  // Without a connection the response goes nowhere.
  test.version = null;
  const sint = { channelId: 1, targetVp: 0, targetSint: 7 };
  test.server.post(MESSAGE.closeReservedChannel.encode(sint));
  assert.equal(test.elsewhere.length, 1);
  assert.deepEqual(test.states().channels, ["ClientReleased"]);
});

test("VmbusServer answers the close of a reserved channel where the message says", () => {
  const { test, device } = ready();
  const reserve = { channelId: 1, ringBufferGpadlId: 5, downstreamRingBufferPageOffset: 4 };
  const close = { channelId: 1, targetVp: 1, targetSint: 6 };
  test.send("closeReservedChannel", close);
  test.send("openReservedChannel", { ...reserve, targetVp: 3, targetSint: 5 });
  test.send("openReservedChannel", { ...reserve, targetVp: 3, targetSint: 5 });
  assert.match(test.warnings()[0] ?? "", /trying to close a closed channel/);
  assert.match(test.warnings()[1] ?? "", /trying to open an open channel/);
  device.hold(["close"]);
  test.send("closeReservedChannel", close);
  test.send("openReservedChannel", { ...reserve, targetVp: 3, targetSint: 5 });
  assert.match(test.warnings()[2] ?? "", /invalid channel state for operation/);
  device.answerHeld();
  assert.deepEqual(test.elsewhere.at(-1), [{ vp: 1, sint: 6 }, "closeReservedResponse"]);
  assert.deepEqual(test.states().channels, ["Closed"]);
});

test("VmbusServer does not close a channel as reserved that is not", () => {
  const { test } = TestServer.opened();
  test.send("closeReservedChannel", { channelId: 1, targetVp: 0, targetSint: 0 });
  assert.match(test.warnings().join(), /invalid operation on non-reserved channel/);
  assert.deepEqual(test.states().channels, ["Open"]);
});

test("VmbusServer knows no reserved channels before Windows 10", () => {
  const { test } = ready([], VERSION.win8_1);
  test.send("openReservedChannel", {
    channelId: 1,
    targetVp: 0,
    targetSint: 0,
    ringBufferGpadlId: 5,
    downstreamRingBufferPageOffset: 4,
  });
  assert.match(test.warnings().join(), /unexpected or unsupported message type/);
});

test("VmbusServer lets go of a channel that fails to open for a guest that has left", () => {
  const test = new TestServer();
  const device = new RingDevice(test.surroundings.memory);
  device.open = () => null;
  const channel = test.server.offer(offerNumber(1), device);
  test.connect();
  test.gpadl(1, 5);
  test.open(1, 5);
  test.take();
  test.send("unload", {});
  assert.deepEqual(test.states().channels, ["OpeningClientRelease"]);
  channel.opened(false);
  assert.deepEqual(test.names(), ["unloadComplete"]);
});
