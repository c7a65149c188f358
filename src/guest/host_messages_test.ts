import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MESSAGE, VERSION } from "../vmbus/mod.ts";
import { type DriverState, newDriverState, type PlannedChannel } from "./driver_state.ts";
import { takeFromHost } from "./host_messages.ts";
import { offerNumber } from "./test_bus.ts";

const PLAN: readonly PlannedChannel[] = [{ key: offerNumber(1).key, gpadls: [7] }];

/** A guest that has channel 1 open, and channel 2 offered. */
function connected(): DriverState {
  const state = newDriverState();
  state.connection = "requested";
  state.version = { version: VERSION.copper, featureFlags: 7 };
  offer(state, 1);
  offer(state, 2);
  take(state, MESSAGE.allOffersDelivered.encode({}));
  const channel = state.channels.get(1);
  assert.ok(channel);
  channel.state = "open";
  channel.gpadls.push({ id: 7, pfn: 0x1000, pages: 8, state: "created" });
  assert.deepEqual(state.complaints, []);
  return state;
}

function take(state: DriverState, octets: Uint8Array): void {
  takeFromHost(state, PLAN, octets);
}

function offer(state: DriverState, relid: number, instance = relid): void {
  const { key, userDefined } = offerNumber(instance);
  const octets = MESSAGE.offerChannel.encode({
    interfaceId: key.interface_id,
    instanceId: key.instance_id,
    flags: 0,
    mmioMegabytes: 0,
    userDefined,
    subchannelIndex: 0,
    mmioMegabytesOptional: 0,
    channelId: relid,
    monitorId: 0xff,
    monitorAllocated: 0,
    isDedicated: 1,
    connectionId: 0x2000 + relid,
  });
  take(state, octets);
}

const RESPONSE = {
  versionSupported: 1,
  connectionState: 0,
  selectedVersionOrConnectionId: 4,
};

/** What a host sends, and what the guest says about it. */
const COMPLAINTS: readonly (readonly [(state: DriverState) => void, string])[] = [
  [(state) => take(state, Uint8Array.of(1, 2)), "a message that is none"],
  [(state) => take(state, MESSAGE.unload.encode({})), "an unexpected message unload"],
  [(state) => take(state, MESSAGE.versionResponse.encode(RESPONSE)), "an answer to no contact"],
  [(state) => offer(state, 1, 3), "a second offer of relid 1"],
  [(state) => offer(state, 3, 2), "a second offer of {"],
  [(state) => take(state, MESSAGE.allOffersDelivered.encode({})), "an unexpected end of offers"],
  [
    (state) => take(state, MESSAGE.rescindChannelOffer.encode({ channelId: 9 })),
    "a rescind of relid 9, which is not offered",
  ],
  [
    (state) => {
      take(state, MESSAGE.rescindChannelOffer.encode({ channelId: 2 }));
      take(state, MESSAGE.rescindChannelOffer.encode({ channelId: 2 }));
    },
    "a second rescind of relid 2",
  ],
  [
    (state) => take(state, MESSAGE.gpadlCreated.encode({ channelId: 1, gpadlId: 7, status: 0 })),
    "an answer to no GPADL 7 of relid 1",
  ],
  [
    (state) => {
      const [gpadl] = state.channels.get(1)?.gpadls ?? [];
      if (gpadl) gpadl.state = "begun";
      take(state, MESSAGE.gpadlCreated.encode({ channelId: 1, gpadlId: 7, status: 0 }));
    },
    "GPADL 7 was created before it was sent",
  ],
  [
    (state) => take(state, MESSAGE.gpadlTorndown.encode({ gpadlId: 7 })),
    "an answer to no teardown of GPADL 7",
  ],
  [
    (state) => take(state, MESSAGE.openResult.encode({ channelId: 1, openId: 1, status: 0 })),
    "an answer to no open of relid 1",
  ],
  [
    (state) => {
      const channel = state.channels.get(2);
      if (channel) channel.state = "opening";
      take(state, MESSAGE.openResult.encode({ channelId: 2, openId: 1, status: 0 }));
    },
    "an answer to no open of relid 2",
  ],
  [
    (state) => take(state, MESSAGE.modifyChannelResponse.encode({ channelId: 1, status: 0 })),
    "an answer to no modification of relid 1",
  ],
  [
    (state) => take(state, MESSAGE.modifyConnectionResponse.encode({ connectionState: 0 })),
    "an answer to no modification",
  ],
  [(state) => take(state, MESSAGE.unloadComplete.encode({})), "an answer to no unload"],
];

test("takeFromHost() notes what a host may not do", () => {
  for (const [act, complaint] of COMPLAINTS) {
    const state = connected();
    act(state);
    assert.equal(state.complaints.length, 1, complaint);
    assert.ok(state.complaints[0]?.startsWith(complaint), state.complaints[0]);
  }
});

test("takeFromHost() notes an offer that nobody has asked for", () => {
  const state = newDriverState();
  state.connection = "connected";
  state.version = { version: VERSION.iron, featureFlags: 0 };
  offer(state, 1);
  assert.deepEqual(state.complaints, ["an offer of relid 1 that nobody has asked for"]);
  assert.equal(state.channels.size, 0);
});

test("takeFromHost() notes refusals apart, which a host may make", () => {
  const state = connected();
  const channel = state.channels.get(1);
  assert.ok(channel);
  channel.modifying = 1;
  take(state, MESSAGE.modifyChannelResponse.encode({ channelId: 1, status: -1 }));
  const [gpadl] = channel.gpadls;
  assert.ok(gpadl);
  gpadl.state = "sent";
  take(state, MESSAGE.gpadlCreated.encode({ channelId: 1, gpadlId: 7, status: -1 }));
  channel.state = "opening";
  take(state, MESSAGE.openResult.encode({ channelId: 1, openId: 1, status: -1 }));
  assert.deepEqual(state.complaints, []);
  assert.deepEqual(state.refusals, [
    "modification of relid 1",
    "GPADL 7 of relid 1",
    "open of relid 1",
  ]);
  assert.equal(gpadl.state, "none");
});

test("takeFromHost() takes features only with a version that has them", () => {
  for (const [version, featureFlags] of [
    [VERSION.iron, 0],
    [VERSION.copper, 7],
  ] as const) {
    const state = newDriverState();
    state.connection = "contacted";
    state.versionAsked = version;
    take(state, MESSAGE.versionResponse2.encode({ ...RESPONSE, supportedFeatures: 7 }));
    assert.deepEqual(state.version, { version, featureFlags });
  }
});

test("takeFromHost() never throws, and keeps a bounded number of complaints", () => {
  const state = connected();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 }),
      fc.uint8Array({ maxLength: 240 }),
      (type, octets) => {
        if (octets.length > 4) octets.fill(0, 1, 4)[0] = type;
        take(state, octets);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
  assert.ok(state.complaints.length <= 64);
});
