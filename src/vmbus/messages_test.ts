import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../bytes/hex.ts";
import { guid } from "./guid.ts";
import { MESSAGE, type MessageName } from "./messages.ts";

/** `MESSAGE_SIZE` of each struct in vmbus_core/src/protocol.rs: 8 octets and the struct. */
const SIZES: Readonly<Record<MessageName, readonly [type: number, size: number]>> = {
  offerChannel: [1, 8 + 188],
  rescindChannelOffer: [2, 8 + 4],
  requestOffers: [3, 8],
  allOffersDelivered: [4, 8],
  openChannel2: [5, 8 + 148],
  openChannel: [5, 8 + 140],
  openResult: [6, 8 + 12],
  closeChannel: [7, 8 + 4],
  gpadlHeader: [8, 8 + 12],
  gpadlBody: [9, 8 + 8],
  gpadlCreated: [10, 8 + 12],
  gpadlTeardown: [11, 8 + 8],
  gpadlTorndown: [12, 8 + 4],
  relIdReleased: [13, 8 + 4],
  initiateContact2: [14, 8 + 48],
  initiateContact: [14, 8 + 32],
  versionResponse3: [15, 8 + 32],
  versionResponse2: [15, 8 + 12],
  versionResponse: [15, 8 + 8],
  unload: [16, 8],
  unloadComplete: [17, 8],
  openReservedChannel: [18, 8 + 20],
  closeReservedChannel: [19, 8 + 12],
  closeReservedResponse: [20, 8 + 4],
  tlConnectRequest2: [21, 8 + 48],
  tlConnectRequest: [21, 8 + 32],
  modifyChannel: [22, 8 + 8],
  tlConnectResult: [23, 8 + 36],
  modifyChannelResponse: [24, 8 + 8],
  modifyConnection: [25, 8 + 16],
  modifyConnectionResponse: [26, 8 + 1],
  pause: [27, 8],
  pauseResponse: [28, 8],
  resume: [29, 8],
};

test("MESSAGE has the number and the size of every struct", () => {
  const found = Object.entries(MESSAGE).map(([name, { type, length }]) => [name, [type, length]]);
  assert.deepEqual(Object.fromEntries(found), SIZES);
});

test("MESSAGE.offerChannel places its fields as repr(C) does", () => {
  const octets = MESSAGE.offerChannel.encode({
    interfaceId: guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f"),
    instanceId: guid("00000001-0002-0003-0405-060708090a0b"),
    flags: 0x2011,
    mmioMegabytes: 0x0102,
    userDefined: Uint8Array.from({ length: 120 }, (_, index) => index + 1),
    subchannelIndex: 0x0304,
    mmioMegabytesOptional: 0x0506,
    channelId: 0x0708_090a,
    monitorId: 0x0b,
    monitorAllocated: 1,
    isDedicated: 1,
    connectionId: 0x1213_1415,
  });
  assert.equal(toHex(octets.subarray(0, 8)), "0100000000000000", "type and padding");
  // GUIDs: three little-endian groups, then octets.
  assert.equal(toHex(octets.subarray(8, 24)), "d96361baa104294db60572e2ffb1dc7f", "interface_id");
  assert.equal(toHex(octets.subarray(24, 40)), "01000000020003000405060708090a0b", "instance_id");
  assert.equal(toHex(octets.subarray(40, 56)), "00".repeat(16), "rsvd");
  assert.equal(toHex(octets.subarray(56, 60)), "11200201", "flags, mmio_megabytes");
  assert.deepEqual([octets[60], octets[179]], [1, 120], "user_defined");
  assert.equal(toHex(octets.subarray(180, 184)), "04030605", "subchannel_index, mmio optional");
  assert.equal(toHex(octets.subarray(184, 188)), "0a090807", "channel_id");
  assert.equal(toHex(octets.subarray(188, 192)), "0b010100", "monitor id, allocated, dedicated");
  assert.equal(toHex(octets.subarray(192)), "15141312", "connection_id");
});

test("MESSAGE.initiateContact2 has target info in one word, then pages and client", () => {
  const octets = MESSAGE.initiateContact2.encode({
    versionRequested: 0x6_0000,
    targetMessageVp: 2,
    interruptPageOrTargetInfo: 0x0000_0007_0000_0002n,
    parentToChildMonitorPageGpa: 0x7fe0_0000n,
    childToParentMonitorPageGpa: 0x7fe0_1000n,
    clientId: guid("00000001-0002-0003-0405-060708090a0b"),
  });
  assert.equal(
    toHex(octets),
    "0e00000000000000" + // type, padding
      "00000600" + // version_requested
      "02000000" + // target_message_vp
      "0200000007000000" + // sint, vtl, padding, feature_flags
      "0000e07f00000000" + // parent_to_child_monitor_page_gpa
      "0010e07f00000000" + // child_to_parent_monitor_page_gpa
      "01000000020003000405060708090a0b", // client_id
  );
});

test("MESSAGE.versionResponse3 has four octets of padding before its pages", () => {
  const octets = MESSAGE.versionResponse3.encode({
    versionSupported: 1,
    connectionState: 0,
    selectedVersionOrConnectionId: 4,
    supportedFeatures: 0x47,
    parentToChildMonitorPageGpa: 0x1000n,
    childToParentMonitorPageGpa: 0x2000n,
  });
  assert.equal(
    toHex(octets),
    "0f00000000000000" + // type, padding
      "01000000" + // version_supported, connection_state, padding
      "04000000" + // selected_version_or_connection_id
      "47000000" + // supported_features
      "00000000" + // padding
      "0010000000000000" +
      "0020000000000000",
  );
});

test("MESSAGE.openChannel2 has its signals behind the user data", () => {
  const octets = MESSAGE.openChannel2.encode({
    channelId: 3,
    openId: 4,
    ringBufferGpadlId: 5,
    targetVp: 6,
    downstreamRingBufferPageOffset: 7,
    userData: new Uint8Array(120).fill(0xee),
    connectionId: 0x2003,
    eventFlag: 9,
    flags: 1,
  });
  assert.equal(toHex(octets.subarray(8, 28)), "0300000004000000050000000600000007000000");
  assert.equal(toHex(octets.subarray(28, 148)), "ee".repeat(120));
  assert.equal(toHex(octets.subarray(148)), "0320000009000100");
});

test("MESSAGE reads back what it has written, and failures as negative numbers", () => {
  const created = { channelId: 1, gpadlId: 0xe1e1_0001, status: 0x8000_ffff | 0 };
  const { gpadlCreated } = MESSAGE;
  assert.deepEqual(gpadlCreated.decode(gpadlCreated.encode(created)), created);
  assert.ok(gpadlCreated.decode(gpadlCreated.encode(created)).status < 0);
  const data = Uint8Array.of(1, 2, 3);
  const body = MESSAGE.gpadlBody.encode({ gpadlId: 5 }, data);
  assert.deepEqual(MESSAGE.gpadlBody.dataOf(body), data);
});
