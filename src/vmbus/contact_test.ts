import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import type { ModifyRequest } from "./connection.ts";
import { guid } from "./guid.ts";
import { MESSAGE } from "./messages.ts";
import { CONNECTION_STATE, FEATURE, VERSION } from "./protocol.ts";
import { FEATURES, TestServer } from "./test_server.ts";

const CLIENT = guid("00000001-0002-0003-0405-060708090a0b");

function contact(version: number, info: bigint, pages: readonly [bigint, bigint] = [0n, 0n]) {
  return {
    versionRequested: version,
    targetMessageVp: 3,
    interruptPageOrTargetInfo: info,
    parentToChildMonitorPageGpa: pages[0],
    childToParentMonitorPageGpa: pages[1],
  };
}

function flags(value: number): bigint {
  return 2n | (BigInt(value) << 32n);
}

/** A server whose relay writes down what it is asked, and answers when it is told. */
function relayed(): { test: TestServer; asked: ModifyRequest[] } {
  const test = new TestServer();
  const asked: ModifyRequest[] = [];
  test.server.relayTo({ modifyConnection: (request) => asked.push(request) });
  return { test, asked };
}

test("VmbusServer answers each version that it has, and no other one", () => {
  for (const version of Object.values(VERSION)) {
    const test = new TestServer();
    test.contact(version, 0);
    const [response] = test.take();
    const selected = version >= VERSION.win10Rs3_1 ? 4 : version;
    const form = version >= VERSION.copper ? "versionResponse2" : "versionResponse";
    assert.equal(response?.[0], form);
    const { versionSupported, selectedVersionOrConnectionId } = response[1] as {
      versionSupported: number;
      selectedVersionOrConnectionId: number;
    };
    assert.deepEqual([versionSupported, selectedVersionOrConnectionId], [1, selected]);
    assert.equal(test.server.connection.kind, "Connected");
  }
  for (const version of [0, 0x6_0001, 0x5_0004, 0xffff_ffff]) {
    const test = new TestServer();
    test.contact(version, 0);
    const refusal = {
      versionSupported: 0,
      connectionState: 0,
      selectedVersionOrConnectionId: 0,
    };
    assert.deepEqual(test.take(), [["versionResponse", refusal]]);
    assert.equal(test.server.connection.kind, "Disconnected");
  }
});

test("VmbusServer answers no version beyond the cap", () => {
  for (const [version, kind] of [
    [VERSION.win10Rs5, "Connected"],
    [VERSION.iron, "Connected"],
    [VERSION.copper, "Disconnected"],
  ] as const) {
    const test = new TestServer({ versionMax: VERSION.iron });
    test.contact(version, 0);
    assert.equal(test.server.connection.kind, kind);
  }
});

test("VmbusServer agrees on features that both have, from Copper on only", () => {
  const agreed = (version: number, asked: number, trusted = false): unknown => {
    const test = new TestServer();
    const message = MESSAGE.initiateContact2.encode({
      ...contact(version, flags(asked)),
      clientId: CLIENT,
    });
    test.server.post(message, trusted);
    const { connection } = test.server;
    return connection.kind === "Connected" ? connection.info.version.featureFlags : null;
  };
  const confidential = FEATURE.confidentialChannels;
  assert.equal(agreed(VERSION.copper, 0xffff_ffff), 0x27);
  assert.equal(agreed(VERSION.copper, 0xffff_ffff, true), 0x27 | confidential);
  assert.equal(agreed(VERSION.copper, FEATURE.modifyConnection), FEATURE.modifyConnection);
  assert.equal(agreed(VERSION.iron, 0xffff_ffff), 0);
});

test("VmbusServer takes the client's id where it is named, and demands it then", () => {
  const named = flags(FEATURE.clientId);
  const test = new TestServer();
  test.send("initiateContact2", { ...contact(VERSION.copper, named), clientId: CLIENT });
  const { connection } = test.server;
  assert.deepEqual(connection.kind === "Connected" && connection.info.clientId, CLIENT);
  const short = new TestServer();
  short.send("initiateContact", contact(VERSION.copper, named));
  assert.deepEqual(short.take(), []);
  assert.match(short.warnings().join(), /message too small: Some\(INITIATE_CONTACT\)/);
});

test("VmbusServer wants both monitor pages or none", () => {
  const test = new TestServer();
  test.send("initiateContact", contact(VERSION.copper, flags(0), [0x1000n, 0n]));
  const [response] = test.take();
  assert.equal(response?.[0], "versionResponse2");
  const { failedUnknownFailure: failed } = CONNECTION_STATE;
  assert.equal((response[1] as { connectionState: number }).connectionState, failed);
  // A guest before Windows 8 cannot be told of a failure.
  test.send("initiateContact", contact(VERSION.win7, 0n, [0x1000n, 0n]));
  const [old] = test.take();
  assert.ok(old);
  assert.equal((old[1] as { versionSupported: number }).versionSupported, 0);
  test.send("initiateContact", contact(VERSION.copper, flags(0), [0x1000n, 0x2000n]));
  const { connection } = test.server;
  assert.deepEqual(connection.kind === "Connected" && connection.info.monitorPages, {
    parentToChild: 0x1000n,
    childToParent: 0x2000n,
  });
});

test("VmbusServer answers another SINT there, and leaves another VTL alone", () => {
  const test = new TestServer();
  test.send("initiateContact", contact(VERSION.copper, 5n));
  assert.deepEqual(test.elsewhere, [[{ vp: 3, sint: 5 }, "versionResponse"]]);
  test.send("initiateContact", contact(VERSION.copper, 2n | (2n << 8n)));
  assert.deepEqual(test.take(), []);
  assert.equal(test.server.connection.kind, "Disconnected");
});

test("VmbusServer takes the interrupt page of old guests, and 0 as their processor", () => {
  const of = (version: number) => {
    const test = new TestServer();
    test.send("initiateContact", contact(version, 0x3000n));
    const { connection } = test.server;
    return connection.kind === "Connected" ? connection.info : null;
  };
  assert.equal(of(VERSION.win7)?.interruptPage, 0x3000n);
  assert.equal(of(VERSION.win7)?.targetMessageVp, 0);
  assert.equal(of(VERSION.win8)?.interruptPage, null);
  assert.equal(of(VERSION.win8_1)?.targetMessageVp, 3);
});

test("VmbusServer asks its relay, and answers the guest as the relay does", () => {
  const { test, asked } = relayed();
  test.contact();
  assert.deepEqual(test.take(), []);
  const expected = { version: VERSION.copper, monitorPages: "reset", usesInterruptPage: false };
  assert.deepEqual(asked, [expected]);
  assert.equal(test.server.connection.kind, "Connecting");
  test.server.relayAnswered({ connectionState: 0, featureFlags: FEATURE.modifyConnection });
  const [response] = test.take();
  assert.equal(response?.[0], "versionResponse2");
  const { supportedFeatures } = response[1] as { supportedFeatures: number };
  assert.equal(supportedFeatures, FEATURE.modifyConnection);
});

test("VmbusServer passes a refusal of its relay on", () => {
  const unsupported = relayed().test;
  unsupported.contact();
  unsupported.server.relayAnswered("unsupported");
  assert.deepEqual(unsupported.names(), ["versionResponse"]);
  assert.equal(unsupported.server.connection.kind, "Disconnected");
  const failed = relayed().test;
  failed.contact();
  failed.server.relayAnswered({ connectionState: 2, featureFlags: FEATURES });
  assert.deepEqual(failed.names(), ["versionResponse2"]);
  assert.equal(failed.server.connection.kind, "Disconnected");
});

test("VmbusServer does what a guest asks for while the relay is busy, afterwards", () => {
  const { test, asked } = relayed();
  test.contact(VERSION.iron, 0);
  test.contact(VERSION.copper, 0);
  assert.equal(asked.length, 1);
  test.server.relayAnswered({ connectionState: 0, featureFlags: FEATURES });
  // The first contact is answered, and ends at once.
  assert.equal(test.server.connection.kind, "Disconnecting");
  test.server.relayAnswered({ connectionState: 0, featureFlags: FEATURES });
  test.server.relayAnswered({ connectionState: 0, featureFlags: FEATURES });
  assert.deepEqual(test.names(), ["versionResponse", "versionResponse2"]);
  const versions = asked.map(({ version }) => version);
  assert.deepEqual(versions, [VERSION.iron, null, VERSION.copper]);
});

test("VmbusServer.relayAnswered() panics where nothing was asked", () => {
  const answer = { connectionState: 0, featureFlags: 0 };
  assert.throws(() => new TestServer().server.relayAnswered(answer), Panic);
  const test = new TestServer();
  test.connect();
  assert.throws(() => test.server.relayAnswered(answer), Panic);
});

test("VmbusServer does not take untrusted messages of a trusted connection", () => {
  const test = new TestServer();
  test.server.post(MESSAGE.initiateContact.encode(contact(VERSION.copper, flags(0))), true);
  test.version = { version: VERSION.copper, featureFlags: 0 };
  test.take();
  test.send("requestOffers", {});
  assert.deepEqual(test.take(), []);
  assert.match(test.warnings().join(), /received untrusted message for trusted connection/);
  test.server.post(MESSAGE.requestOffers.encode({}), true);
  assert.deepEqual(test.names(), ["allOffersDelivered"]);
});

test("VmbusServer knows only contact and unload without a connection", () => {
  const test = new TestServer();
  for (const octets of [
    MESSAGE.requestOffers.encode({}),
    MESSAGE.unload.encode({}),
    MESSAGE.closeChannel.encode({ channelId: 1 }),
    Uint8Array.of(1),
  ]) {
    assert.ok(test.server.post(octets));
  }
  assert.equal(test.warnings().length, 4);
  assert.deepEqual(test.take(), []);
});

test("VmbusServer does what a guest has asked for before the relay answered its contact", () => {
  const test = new TestServer();
  let asked = 0;
  test.server.relayTo({
    modifyConnection: () => {
      asked++;
    },
  });
  test.contact();
  test.contact(VERSION.iron, 0);
  assert.equal(asked, 1);
  const answer = { connectionState: 0, featureFlags: 0 };
  test.server.relayAnswered(answer);
  test.server.relayAnswered(answer);
  test.server.relayAnswered(answer);
  assert.equal(asked, 3);
  assert.equal(test.states().connection, "Connected");
  const { connection } = test.server;
  assert.equal(connection.kind === "Connected" && connection.info.version.version, VERSION.iron);
});
