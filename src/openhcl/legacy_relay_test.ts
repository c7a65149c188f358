import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError } from "../machine/mod.ts";
import {
  type ServicingState,
  type VmbusClientSavedState,
  VmbusRelayLegacySavedState,
  VmbusRelaySavedState,
} from "../openhcl_state/mod.ts";
import { guid, offerOf } from "../vmbus/mod.ts";
import { blobsOf } from "./blob.ts";
import { fixPostRestore, fixPreSave, RELAY_UNIT } from "./legacy_relay.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const current = blobsOf(VmbusRelaySavedState, "main");
const legacy = blobsOf(VmbusRelayLegacySavedState, "main");

const RELAY = {
  use_interrupt_relay: true,
  channels: [
    {
      channel_id: 9,
      event_flag: 73,
      intercepted: false,
      intercepted_save_state: new Uint8Array(0),
      is_open: true,
    },
    {
      channel_id: 4,
      event_flag: null,
      intercepted: true,
      intercepted_save_state: Uint8Array.of(1),
      is_open: false,
    },
  ],
};

function clientChannel(id: number, variant: "Opened" | "Offered") {
  const offer = offerOf(
    id,
    guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f"),
    guid(`0000000${id}-0000-4000-8000-000000000000`),
  );
  return { id, state: { variant, value: {} }, offer };
}

const CONNECTED: VmbusClientSavedState = {
  client_state: { variant: "Connected", value: { version: 0x5_0003, feature_flags: 7 } },
  channels: [clientChannel(9, "Opened"), clientChannel(4, "Offered")],
  gpadls: [],
  pending_messages: [],
};

const DISCONNECTED: VmbusClientSavedState = {
  client_state: { variant: "Disconnected", value: {} },
  channels: [],
  gpadls: [],
  pending_messages: [],
};

/** The fields that the conversion looks at. */
function stateWith(client: VmbusClientSavedState | null, names: readonly string[]): ServicingState {
  const units = names.map((name) => ({ name, state: current.pack(RELAY) }));
  return { init_state: { vmbus_client: client }, units } as unknown as ServicingState;
}

test("fixPreSave() moves the client into the relay's unit, without is_open", () => {
  for (const name of SINCE_2505) {
    const fixed = fixPreSave(name)(stateWith(CONNECTED, ["rtc", RELAY_UNIT]));
    assert.equal(fixed.init_state.vmbus_client, null);
    const [first, second] = fixed.units;
    assert.deepEqual(first?.state, current.pack(RELAY));
    const relay = legacy.unpack(second?.state ?? { type_url: "", value: new Uint8Array(0) });
    assert.deepEqual(relay.client_saved_state, CONNECTED);
    assert.equal(relay.relay_state.variant, "Connected");
    assert.deepEqual(
      relay.channels.map((channel) => Object.hasOwn(channel, "is_open")),
      [false, false],
    );
  }
});

test("fixPreSave() writes Connected for a client that is not", () => {
  const fixed = fixPreSave("main")(stateWith(DISCONNECTED, [RELAY_UNIT]));
  const relay = legacy.unpack(fixed.units[0]?.state ?? current.pack(RELAY));
  assert.equal(relay.relay_state.variant, "Connected");
  assert.equal(relay.client_saved_state.client_state.variant, "Disconnected");
});

test("fixPreSave() leaves a client without a relay unit where it is", () => {
  const fixed = fixPreSave("main")(stateWith(CONNECTED, ["rtc"]));
  assert.equal(fixed.init_state.vmbus_client, CONNECTED);
});

test("fixPreSave() converts only the first of two relay units", () => {
  const fixed = fixPreSave("main")(stateWith(CONNECTED, [RELAY_UNIT, RELAY_UNIT]));
  assert.deepEqual(fixed.units[1]?.state, current.pack(RELAY));
});

test("fixPreSave() says which state it could not parse", () => {
  const state = stateWith(CONNECTED, [RELAY_UNIT]);
  const broken = {
    ...state,
    units: [{ name: RELAY_UNIT, state: { type_url: "t.T", value: new Uint8Array(0) } }],
  };
  assert.throws(
    () => fixPreSave("main")(broken),
    (error: Error) =>
      error instanceof ChainError &&
      error.message.startsWith("failed to parse vmbus relay state: "),
  );
});

test("fixPostRestore() is the inverse: the client returns, and open channels are open", () => {
  for (const writer of SINCE_2505) {
    for (const reader of SINCE_2505) {
      const wire = fixPreSave(writer)(stateWith(CONNECTED, [RELAY_UNIT]));
      const fixed = fixPostRestore(reader)(wire);
      assert.deepEqual(fixed.init_state.vmbus_client, CONNECTED);
      assert.deepEqual(fixed.units, [{ name: RELAY_UNIT, state: current.pack(RELAY) }]);
    }
  }
});

test("fixPostRestore() restores a disconnected client without open channels", () => {
  const wire = fixPreSave("main")(stateWith(DISCONNECTED, [RELAY_UNIT]));
  const fixed = fixPostRestore("main")(wire);
  assert.deepEqual(fixed.init_state.vmbus_client, DISCONNECTED);
  const relay = current.unpack(fixed.units[0]?.state ?? current.pack(RELAY));
  assert.deepEqual(
    relay.channels?.map(({ is_open }) => is_open),
    [false, false],
  );
});

test("fixPostRestore() does nothing without a relay unit, or when the client came apart", () => {
  const without = stateWith(null, ["rtc"]);
  assert.deepEqual(fixPostRestore("main")(without).units, without.units);
  const apart = stateWith(CONNECTED, [RELAY_UNIT]);
  assert.equal(fixPostRestore("main")(apart), apart);
});

test("fixPostRestore() adds no context to a blob that it cannot parse", () => {
  // The new layout as a legacy one: its relay_state is missing.
  const state = stateWith(null, [RELAY_UNIT]);
  assert.throws(
    () => fixPostRestore("main")(state),
    (error: Error) => error.message.startsWith("failed to decode protobuf: "),
  );
});

test("Release converts the relay since 2505 and not in 2411", () => {
  const [oldest] = RELEASES;
  const state = stateWith(CONNECTED, [RELAY_UNIT]);
  assert.equal(oldest?.relay.fixPreSave(state), state);
  assert.equal(oldest?.relay.fixPostRestore(state), state);
  assert.notEqual(releaseNamed("2505").relay.fixPreSave(state), state);
});
