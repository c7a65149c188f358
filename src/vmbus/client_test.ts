import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import type { VmbusClientSavedState } from "../openhcl_state/mod.ts";
import { VmbusClient } from "./client.ts";
import { guid } from "./guid.ts";
import { offerOf } from "./offer.ts";
import { MESSAGE_LENGTH_MAX, messageType, VERSION } from "./protocol.ts";

const RULES = { versions: [VERSION.iron], featureFlags: 0x7 };
const INTERFACE = guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f");

function offers(...ids: number[]) {
  return ids.map((id) => offerOf(id, INTERFACE, guid(`00000000-0000-4000-8000-00000000000${id}`)));
}

/** A client with channel 1 open, channel 2 offered, and one GPADL. */
function connected(): VmbusClient {
  const client = new VmbusClient(RULES);
  client.connect(VERSION.iron, 0x7, offers(1, 2));
  client.open(1, [0xa1]);
  return client;
}

function saved(client = connected()): VmbusClientSavedState {
  client.stop();
  return client.save();
}

function restored(state: VmbusClientSavedState): VmbusClient {
  const client = new VmbusClient(RULES);
  client.stop();
  client.restore(state);
  return client;
}

test("VmbusClient saves channels and GPADLs, and restores them unclaimed", () => {
  const client = restored(saved());
  assert.ok(client.connected);
  assert.ok(client.isOpen(1));
  assert.ok(!client.isOpen(2));
  assert.equal(client.claim(1), true);
  client.postRestore();
  assert.deepEqual(client.queued, []);
  assert.deepEqual(saved(client), saved());
});

test("VmbusClient.hostSide() is what the host has of a channel", () => {
  const client = restored(saved());
  assert.deepEqual(client.hostSide(1), { state: "opened", gpadls: [0xa1] });
  assert.deepEqual(client.hostSide(2), { state: "offered", gpadls: [] });
  assert.equal(client.hostSide(3), undefined);
  client.postRestore();
  assert.deepEqual(client.hostSide(1), { state: "offered", gpadls: [] });
  client.revoke(2);
  assert.equal(client.hostSide(2), undefined);
});

test("VmbusClient.postRestore() closes an open channel that nobody claims", () => {
  const client = restored(saved());
  client.postRestore();
  assert.ok(!client.isOpen(1));
  assert.deepEqual(client.queued.map(messageType), [7, 11]);
  const [gpadl] = saved(client).gpadls;
  assert.equal(gpadl?.state.variant, "TearingDown");
});

test("VmbusClient.save() leaves a revoked channel out and releases its id", () => {
  const client = connected();
  client.revoke(2);
  const state = saved(client);
  assert.deepEqual(
    state.channels.map(({ id }) => id),
    [1],
  );
  assert.deepEqual(
    [...(state.pending_messages[0]?.data ?? [])],
    [13, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],
  );
});

test("VmbusClient.save() panics while it runs, and while a channel opens", () => {
  assert.throws(() => connected().save(), Panic);
  const opening = connected();
  opening.beginOpen(2);
  assert.throws(() => saved(opening), /Cannot save channel in opening state/);
});

test("VmbusClient.restore() does nothing for a client that was disconnected", () => {
  const state = saved(new VmbusClient(RULES));
  assert.equal(state.client_state.variant, "Disconnected");
  const client = restored(state);
  assert.ok(!client.connected);
  assert.deepEqual(client.offers(), []);
});

test("VmbusClient.restore() refuses what it cannot continue", () => {
  const state = saved();
  const [channel] = state.channels;
  const [gpadl] = state.gpadls;
  assert.ok(channel && gpadl);
  const value = { version: 0x4_0000, feature_flags: 0 };
  const broken: readonly (readonly [Partial<VmbusClientSavedState>, string])[] = [
    [{ client_state: { variant: "Connected", value } }, "unsupported protocol version 0x40000"],
    [
      {
        client_state: {
          variant: "Connected",
          value: { version: VERSION.iron, feature_flags: 0x17 },
        },
      },
      "unsupported feature flags 0x17",
    ],
    [
      { channels: [channel, channel] },
      "failed to offer restored channel: channel id 1 already exists",
    ],
    [{ gpadls: [gpadl, gpadl] }, "duplicate gpadl id 161"],
    [{ gpadls: [{ ...gpadl, channel_id: 9 }] }, "gpadl for unknown channel id 9"],
    [
      { pending_messages: [{ data: new Uint8Array(MESSAGE_LENGTH_MAX + 1) }] },
      "invalid pending message",
    ],
  ];
  for (const [change, message] of broken) {
    assert.throws(() => restored({ ...state, ...change }), { message });
  }
});

test("VmbusClient.restore() takes messages up to the longest one", () => {
  const data = new Uint8Array(MESSAGE_LENGTH_MAX);
  assert.equal(restored({ ...saved(), pending_messages: [{ data }] }).queued.length, 1);
});
