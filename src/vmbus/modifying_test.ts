import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { CONNECTION_STATE, STATUS, VERSION } from "./protocol.ts";
import { TestServer } from "./test_server.ts";

const PAGES = {
  parentToChildMonitorPageGpa: 0x1000n,
  childToParentMonitorPageGpa: 0x2000n,
};
const ONE_PAGE = { ...PAGES, childToParentMonitorPageGpa: 0n };

function response(status: number, channelId = 1) {
  return ["modifyChannelResponse", { channelId, status }];
}

function connectionResponse(connectionState: number) {
  return ["modifyConnectionResponse", { connectionState }];
}

test("VmbusServer modifies a channel, and saves the new processor before the answer", () => {
  const { test, device } = TestServer.opened();
  device.hold(["modify"]);
  test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  assert.deepEqual(test.take(), []);
  const saved = test.save().server.state?.channels[0]?.state;
  assert.ok(saved?.variant === "Open");
  assert.equal(saved.value.params.target_vp, 3);
  assert.equal(saved.value.modify_state.variant, "Modifying");
  test.server.start();
  device.answerHeld();
  assert.deepEqual(test.take(), [response(STATUS.success)]);
});

test("VmbusServer refuses a second modification before the answer since Iron", () => {
  const { test, device } = TestServer.opened();
  device.hold(["modify"]);
  test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  test.send("modifyChannel", { channelId: 1, targetVp: 4 });
  device.answerHeld();
  assert.deepEqual(test.take(), [response(STATUS.success)]);
  assert.match(test.warnings().join(), /before receiving ModifyChannelResponse/);
});

test("VmbusServer does the last of several modifications before Iron, without answers", () => {
  const test = new TestServer();
  const device = test.offer(1);
  test.connect(VERSION.win10Rs5, 0);
  test.gpadl(1, 5);
  test.open(1, 5);
  test.take();
  device.hold(["modify"]);
  for (const targetVp of [3, 4, 2]) test.send("modifyChannel", { channelId: 1, targetVp });
  device.answerHeld();
  assert.deepEqual(test.take(), []);
  const saved = test.save().server.state?.channels[0]?.state;
  assert.ok(saved?.variant === "Open");
  assert.equal(saved.value.params.target_vp, 2);
  assert.equal(saved.value.modify_state.variant, "NotModifying");
});

test("VmbusServer answers the modification of a channel that is not open", () => {
  const test = new TestServer();
  test.offer(1);
  test.connect();
  test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  test.send("modifyChannel", { channelId: 9, targetVp: 3 });
  const { unsuccessful } = STATUS;
  assert.deepEqual(test.take(), [response(unsuccessful), response(unsuccessful, 9)]);
});

test("VmbusServer does not wait for a modification when a channel is closed", () => {
  const { test, device } = TestServer.opened();
  device.hold(["modify"]);
  test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  test.send("closeChannel", { channelId: 1 });
  assert.match(test.warnings().join(), /with a modify in progress/);
  device.answerHeld();
  assert.deepEqual(test.take(), []);
});

test("VmbusServer changes monitor pages, and takes them away again", () => {
  const test = new TestServer();
  test.connect();
  const { successful } = CONNECTION_STATE;
  const pages = () => {
    const { connection } = test.server;
    return connection.kind === "Connected" ? connection.info.monitorPages : undefined;
  };
  test.send("modifyConnection", PAGES);
  assert.deepEqual(test.take(), [connectionResponse(successful)]);
  assert.deepEqual(pages(), { parentToChild: 0x1000n, childToParent: 0x2000n });
  test.send("modifyConnection", {
    parentToChildMonitorPageGpa: 0n,
    childToParentMonitorPageGpa: 0n,
  });
  assert.deepEqual(test.take(), [connectionResponse(successful)]);
  assert.equal(pages(), null);
});

test("VmbusServer answers a modification that it refuses, or panics", () => {
  const { failedUnknownFailure } = CONNECTION_STATE;
  const sound = new TestServer();
  sound.connect();
  sound.send("modifyConnection", ONE_PAGE);
  assert.deepEqual(sound.take(), [connectionResponse(failedUnknownFailure)]);
  const test = new TestServer({ answersRefusedModify: false });
  test.connect();
  assert.throws(() => test.send("modifyConnection", ONE_PAGE), Panic);
});

test("VmbusServer refuses a second modification while its relay is busy", () => {
  const test = new TestServer();
  test.server.relayTo({ modifyConnection: () => {} });
  test.contact();
  test.server.relayAnswered({ connectionState: 0, featureFlags: 0xff });
  test.take();
  test.send("modifyConnection", PAGES);
  test.send("modifyConnection", PAGES);
  const { failedUnknownFailure, successful } = CONNECTION_STATE;
  assert.deepEqual(test.take(), [connectionResponse(failedUnknownFailure)]);
  test.server.relayAnswered({ connectionState: successful, featureFlags: 0 });
  assert.deepEqual(test.take(), [connectionResponse(successful)]);
});

test("VmbusServer sends nothing behind the answer to a pause until it is resumed", () => {
  const { test } = TestServer.opened();
  test.send("pause", {});
  assert.deepEqual(test.names(), ["pauseResponse"]);
  test.offer(2);
  assert.deepEqual(test.take(), []);
  test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  assert.match(test.warnings().join(), /received message while paused/);
  assert.equal(test.save().server.pending_messages?.length, 1);
  test.server.start();
  test.send("resume", {});
  assert.deepEqual(test.names(), ["offerChannel"]);
});

test("VmbusServer takes contact and unload of a guest that has paused", () => {
  for (const again of ["unload", "contact"] as const) {
    const test = new TestServer();
    test.connect();
    test.send("pause", {});
    test.take();
    if (again === "unload") test.send("unload", {});
    else test.contact();
    assert.deepEqual(test.names(), [again === "unload" ? "unloadComplete" : "versionResponse2"]);
  }
});
