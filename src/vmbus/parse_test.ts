import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf, MESSAGE, type MessageName } from "./messages.ts";
import { parse } from "./parse.ts";
import { FEATURE, VERSION } from "./protocol.ts";

const ALL = 0x7f;
const COPPER = { version: VERSION.copper, featureFlags: ALL };

function sized(name: MessageName, length = MESSAGE[name].length): Uint8Array {
  const octets = new Uint8Array(length);
  octets[0] = MESSAGE[name].type;
  return octets;
}

test("parse() knows every message under Copper with all features", () => {
  for (const name of Object.keys(MESSAGE) as MessageName[]) {
    // With the features, only the longer form is sent.
    const expected = name === "openChannel" ? "openChannel2" : name;
    if (expected === name) assert.equal(parse(sized(name), COPPER), name);
  }
});

test("parse() refuses each message before its version, and without its features", () => {
  for (const name of Object.keys(MESSAGE) as MessageName[]) {
    const { since, features } = conditionOf(name);
    if (since === 0) {
      assert.equal(parse(sized(name), null), name);
      continue;
    }
    const before = { version: since - 1, featureFlags: ALL };
    const without = { version: VERSION.copper, featureFlags: ALL & ~features };
    const other = name.replace(/2$/, "") as MessageName;
    for (const version of features === 0 ? [before] : [before, without]) {
      if (other !== name) assert.equal(parse(sized(name), version), other);
      else assert.throws(() => parse(sized(name), version), /unexpected or unsupported/);
    }
    assert.throws(() => parse(sized(name), null), /unexpected or unsupported/);
  }
});

test("parse() tells forms apart by length where the version cannot", () => {
  const { length } = MESSAGE.initiateContact2;
  assert.equal(parse(sized("initiateContact2", length - 1), null), "initiateContact");
  assert.equal(parse(sized("versionResponse3", 8 + 31), null), "versionResponse2");
  assert.equal(parse(sized("versionResponse2", 8 + 11), null), "versionResponse");
  const rs5 = { version: VERSION.win10Rs5, featureFlags: 0 };
  assert.equal(parse(sized("tlConnectRequest2", 8 + 47), rs5), "tlConnectRequest");
});

test("parse() refuses messages that are too short, at each length", () => {
  for (const name of ["openChannel2", "gpadlHeader", "versionResponse"] as const) {
    for (let length = 8; length < MESSAGE[name].length; length++) {
      assert.throws(() => parse(sized(name, length), COPPER), /^ChainError: message too small/);
    }
  }
  assert.throws(() => parse(sized("gpadlHeader", 19), COPPER), {
    message: "message too small: Some(GPADL_HEADER)",
  });
  for (let length = 0; length < 8; length++) {
    assert.throws(() => parse(new Uint8Array(length), null), {
      message: "message too small: None",
    });
  }
});

test("parse() refuses numbers that no message has, all four octets counting", () => {
  for (const octets of [[0], [30], [255], [3, 1], [3, 0, 0, 1]]) {
    const message = new Uint8Array(16);
    message.set(octets);
    assert.throws(() => parse(message, COPPER), /unexpected or unsupported message type: \d+$/);
  }
});

test("parse() takes an open by one of two features", () => {
  for (const featureFlags of [
    FEATURE.guestSpecifiedSignalParameters,
    FEATURE.channelInterruptRedirection,
  ]) {
    const version = { version: VERSION.copper, featureFlags };
    assert.equal(parse(sized("openChannel2"), version), "openChannel2");
  }
  const plain = { version: VERSION.copper, featureFlags: FEATURE.modifyConnection };
  assert.equal(parse(sized("openChannel"), plain), "openChannel");
});
