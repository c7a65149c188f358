import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { wholePages } from "./gpa_ranges.ts";
import { gpadlMessages } from "./gpadl_messages.ts";
import { MESSAGE } from "./messages.ts";
import { STATUS } from "./protocol.ts";
import type { ServerRules } from "./server_rules.ts";
import { TestServer } from "./test_server.ts";

const { success, unsuccessful } = STATUS;

/** A connected guest with channel 1 offered. */
function offered(rules: Partial<ServerRules> = {}, held: "gpadl" | "teardown" | null = null) {
  const test = new TestServer(rules);
  const device = test.offer(1, held === null ? [] : [held]);
  test.connect();
  return { test, device };
}

function long(gpadlId = 9): Uint8Array[] {
  return gpadlMessages(1, gpadlId, { count: 1, octets: wholePages(0x1000, 60) });
}

function post(test: TestServer, messages: readonly (Uint8Array | undefined)[]): void {
  for (const octets of messages) test.server.post(octets ?? new Uint8Array(0));
}

function created(gpadlId: number, status: number, channelId = 1) {
  return ["gpadlCreated", { channelId, gpadlId, status }];
}

test("VmbusServer creates a GPADL in one message, and in several", () => {
  const { test } = offered();
  test.gpadl(1, 5);
  assert.deepEqual(test.take(), [created(5, success)]);
  const [header, first, second] = long();
  post(test, [header, first]);
  assert.deepEqual(test.take(), []);
  post(test, [second]);
  assert.deepEqual(test.take(), [created(9, success)]);
  assert.deepEqual(test.server.channels()[0]?.gpadls, [5, 9]);
});

test("VmbusServer takes no more of a message than is missing", () => {
  const { test } = offered();
  const octets = new Uint8Array(240);
  octets.set(MESSAGE.gpadlHeader.encode({ channelId: 1, gpadlId: 5, length: 16, count: 1 }));
  octets.set(wholePages(0x77, 1), MESSAGE.gpadlHeader.length);
  test.server.post(octets);
  assert.deepEqual(test.take(), [created(5, success)]);
});

test("VmbusServer answers a bad header, and knows nothing of it afterwards", () => {
  const { test } = offered();
  const send = (channelId: number, gpadlId: number, count: number, data: Uint8Array) =>
    test.send("gpadlHeader", { channelId, gpadlId, length: data.length, count }, data);
  send(7, 5, 1, wholePages(1, 1));
  assert.deepEqual(test.take(), [created(5, unsuccessful, 7)]);
  send(1, 5, 2, wholePages(1, 1));
  assert.deepEqual(test.take(), [created(5, unsuccessful)]);
  send(1, 5, 1, wholePages(1, 1));
  assert.deepEqual(test.take(), [created(5, success)]);
  send(1, 5, 1, wholePages(1, 1));
  assert.deepEqual(test.take(), [created(5, unsuccessful)], "a duplicate");
});

test("VmbusServer answers a bad body, and forgets the GPADL", () => {
  const { test } = offered();
  const octets = wholePages(0x1000, 60);
  octets.fill(0, 0, 4);
  post(test, gpadlMessages(1, 9, { count: 1, octets }));
  assert.deepEqual(test.take(), [created(9, unsuccessful)]);
  post(test, [long()[1]]);
  assert.deepEqual(test.take(), []);
  assert.match(test.warnings().join(), /unknown GPADL ID/);
  post(test, long());
  assert.deepEqual(test.take(), [created(9, success)]);
});

test("VmbusServer passes a refusal of the device on", () => {
  const { test, device } = offered({}, "gpadl");
  test.gpadl(1, 5);
  assert.deepEqual(test.take(), []);
  const { channels } = { channels: test.server.channels() };
  assert.deepEqual(channels[0]?.gpadls, []);
  device.answerHeld();
  assert.deepEqual(test.take(), [created(5, success)]);
});

test("VmbusServer tears a GPADL down once its device has let go of it", () => {
  const { test, device } = offered({}, "teardown");
  test.gpadl(1, 5);
  test.take();
  test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  assert.deepEqual(test.take(), []);
  test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  assert.match(test.warnings().join(), /invalid GPADL state for operation/);
  device.answerHeld();
  assert.deepEqual(test.take(), [["gpadlTorndown", { gpadlId: 5 }]]);
  test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  assert.match(test.warnings().join(), /unknown GPADL ID/);
});

test("VmbusServer answers for a device that is gone", () => {
  const { test, device } = offered({}, "gpadl");
  test.gpadl(1, 5);
  const [header] = long();
  post(test, [header]);
  device.revoke();
  assert.deepEqual(test.take(), [
    created(5, unsuccessful),
    ["rescindChannelOffer", { channelId: 1 }],
  ]);
  const tearing = offered({}, "teardown");
  tearing.test.gpadl(1, 5);
  tearing.test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  tearing.test.take();
  tearing.device.revoke();
  assert.deepEqual(tearing.test.names(), ["gpadlTorndown", "rescindChannelOffer"]);
});

test("VmbusServer takes GPADLs for a channel that is revoked, or refuses them (PR 3959)", () => {
  for (const gpadlsForRevokedChannels of [true, false]) {
    const { test, device } = offered({ gpadlsForRevokedChannels });
    device.revoke();
    test.take();
    test.gpadl(1, 5);
    const status = gpadlsForRevokedChannels ? success : unsuccessful;
    assert.deepEqual(test.take(), [created(5, status)]);
    test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
    assert.deepEqual(test.names(), gpadlsForRevokedChannels ? ["gpadlTorndown"] : []);
  }
});

test("VmbusServer forgets an incomplete GPADL with its channel, or panics later (PR 2410)", () => {
  for (const forgetsIncompleteGpadls of [true, false]) {
    const { test } = offered({ forgetsIncompleteGpadls });
    test.offer(2);
    test.take();
    post(test, [long()[0]]);
    test.send("relIdReleased", { channelId: 1 });
    const again = () => {
      const header = { channelId: 2, gpadlId: 9, length: 488, count: 1 };
      test.send("gpadlHeader", header, wholePages(0x1000, 60).subarray(0, 216));
    };
    if (forgetsIncompleteGpadls) {
      again();
      assert.deepEqual(test.take(), []);
    } else assert.throws(again, Panic);
  }
});

test("VmbusServer refuses an id that is incomplete for another channel", () => {
  const { test } = offered();
  test.offer(2);
  test.take();
  post(test, [long()[0]]);
  const header = { channelId: 2, gpadlId: 9, length: 488, count: 1 };
  test.send("gpadlHeader", header, wholePages(0x1000, 60).subarray(0, 216));
  assert.deepEqual(test.take(), [created(9, unsuccessful, 2)]);
  post(test, long().slice(1));
  assert.deepEqual(test.take(), [created(9, success)]);
});

test("VmbusServer waits for a GPADL that its guest has released meanwhile", () => {
  const { test, device } = offered({}, "gpadl");
  test.gpadl(1, 5);
  test.send("unload", {});
  assert.equal(test.states().connection, "Disconnecting");
  assert.deepEqual(test.take(), []);
  device.answerHeld();
  assert.deepEqual(test.names(), ["unloadComplete"]);
});
