import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { FEATURE, STATUS } from "./protocol.ts";
import { ChannelDiary, HOST_FEATURES, OPEN, TestClient } from "./test_client.ts";

test("HostChannel opens and closes, and signals only while it is open", () => {
  const { test, host, diary } = TestClient.connected();
  host.signal();
  host.open(OPEN);
  const [sent] = test.take();
  assert.equal(sent?.[0], "openChannel2");
  const { connectionId, eventFlag, flags, openId } = sent[1] as Record<string, number>;
  assert.deepEqual([connectionId, eventFlag, flags, openId], [0x2001, 1, 0, 0]);
  host.signal();
  test.send("openResult", { channelId: 1, openId: 0, status: STATUS.success });
  assert.deepEqual(diary.entries, [["opened", true, null]]);
  host.signal();
  assert.deepEqual(test.signals, [0x2001]);
  host.close();
  host.close();
  assert.deepEqual(test.names(), ["closeChannel"]);
  assert.match(test.warnings().join(), /invalid channel state for close channel/);
});

test("HostChannel redirects interrupts by flags of the client's own, which come back", () => {
  const { test, host, diary } = TestClient.connected();
  const other = new ChannelDiary();
  const second = test.client.use(2, other);
  const redirected = { ...OPEN, redirected: true };
  host.open(redirected);
  second.open(redirected);
  const flags = test.take().map(([, open]) => {
    const { eventFlag, flags: bits } = open as Record<string, number>;
    return [eventFlag, bits];
  });
  assert.deepEqual(flags, [
    [1, 1],
    [2, 1],
  ]);
  test.send("openResult", { channelId: 1, openId: 0, status: 0 });
  test.send("openResult", { channelId: 2, openId: 0, status: -1 });
  assert.deepEqual(diary.entries, [["opened", true, 1]]);
  assert.deepEqual(other.entries, [["opened", false, null]]);
  test.client.interrupt(1, true);
  test.client.interrupt(2, true);
  assert.deepEqual(diary.entries.at(-1), ["interrupt"]);
  second.open(redirected);
  const [again] = test.take();
  assert.ok(again);
  assert.equal((again[1] as Record<string, number>).eventFlag, 2, "free again");
});

test("HostChannel fails what the host does not support, or the state does not allow", () => {
  const plain = TestClient.connected({}, FEATURE.modifyConnection);
  plain.host.open({ ...OPEN, eventFlag: 9 });
  plain.host.open({ ...OPEN, redirected: true });
  assert.deepEqual(plain.diary.entries, [
    ["opened", false, null],
    ["opened", false, null],
  ]);
  plain.host.open(OPEN);
  assert.deepEqual(plain.test.names(), ["openChannel"]);
  const { test, host, diary } = TestClient.opened();
  host.open(OPEN);
  test.send("rescindChannelOffer", { channelId: 1 });
  host.open(OPEN);
  assert.deepEqual(diary.entries, [["opened", false, null], ["revoked"], ["opened", false, null]]);
});

test("HostChannel is told that an open has failed when the host takes the channel", () => {
  const { test, host, diary } = TestClient.connected();
  host.open(OPEN);
  test.send("rescindChannelOffer", { channelId: 1 });
  assert.deepEqual(diary.entries, [["opened", false, null], ["revoked"]]);
  host.release();
  assert.deepEqual(test.names(), ["openChannel2", "relIdReleased"]);
});

test("HostChannel creates GPADLs and tears them down, each id once", () => {
  const { test, host, diary } = TestClient.opened();
  const ranges = { count: 1, octets: new Uint8Array(400) };
  host.gpadl(0xa2, ranges);
  assert.deepEqual(test.names(), ["gpadlHeader", "gpadlBody"]);
  assert.throws(() => host.gpadl(0xa2, ranges), Panic);
  host.teardownGpadl(0xa2);
  host.teardownGpadl(0xff);
  assert.deepEqual(diary.entries, [
    ["gpadlTorndown", 0xa2],
    ["gpadlTorndown", 0xff],
  ]);
  test.send("gpadlCreated", { channelId: 1, gpadlId: 0xa2, status: STATUS.unsuccessful });
  assert.deepEqual(diary.entries.at(-1), ["gpadlCreated", 0xa2, false]);
  host.teardownGpadl(0xa1);
  host.teardownGpadl(0xa1);
  assert.deepEqual(test.names(), ["gpadlTeardown"]);
  test.send("gpadlTorndown", { gpadlId: 0xa1 });
  assert.deepEqual(diary.entries.at(-1), ["gpadlTorndown", 0xa1]);
});

test("HostChannel modifies once at a time", () => {
  const { test, host, diary } = TestClient.opened();
  host.modify(3);
  assert.throws(() => host.modify(4), Panic);
  test.send("modifyChannelResponse", { channelId: 1, status: 5 });
  assert.deepEqual(diary.entries, [["modified", 5]]);
});

test("HostChannel.release() closes a channel that is still open", () => {
  const { test, host } = TestClient.opened();
  host.release();
  assert.deepEqual(test.names(), ["closeChannel"]);
  test.send("rescindChannelOffer", { channelId: 1 });
  assert.deepEqual(test.names(), ["relIdReleased"]);
  host.release();
});

test("HostChannel.restoreOpened() claims an open channel with an event flag that is free", () => {
  const { test: before } = TestClient.opened();
  const state = before.save();
  const test = new TestClient();
  test.client.restore(state);
  const host = test.client.use(1, new ChannelDiary());
  for (const flag of [0, 2048]) {
    assert.throws(() => host.restoreOpened(0x2001, flag), { message: "invalid event flag" });
  }
  host.restoreOpened(0x2001, 7);
  assert.throws(() => host.restoreOpened(0x2001, 7), {
    message: "invalid channel state: Opened",
  });
  const closed = test.client.use(2, new ChannelDiary());
  assert.throws(() => closed.restoreOpened(0x2002, null), {
    message: "invalid channel state: Offered",
  });
  assert.equal(HOST_FEATURES, 7);
});
