import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type HeldKind, keyText } from "../vmbus/mod.ts";
import { createGpadl, prepareMemory, teardownGpadl } from "./channel_memory.ts";
import {
  closeChannel,
  modifyChannel,
  openChannel,
  releaseChannel,
  sendPackets,
} from "./channel_requests.ts";
import { contact, modifyConnection, requestOffers, unload } from "./connection_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import { goOn } from "./going_on.ts";
import { TestBus } from "./test_bus.ts";

const PLANNED = [[0xe1, 0xe2], [0xe3], [0xe4, 0xe5]];

const HELD: readonly (HeldKind | "connection")[] = [
  "open",
  "close",
  "gpadl",
  "teardown",
  "modify",
  "packets",
  "connection",
];

const ON_A_CHANNEL = [
  "gpadl",
  "begin",
  "open",
  "close",
  "teardown",
  "modify",
  "packets",
  "revoke",
] as const;

const STEPS = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...ON_A_CHANNEL), fc.nat(2)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("connect" as const)) },
    fc.tuple(fc.constant("modifyConnection" as const)),
    fc.tuple(fc.constant("unload" as const)),
    fc.tuple(fc.constant("slot" as const), fc.boolean()),
    fc.tuple(fc.constant("hold" as const), fc.subarray([...HELD])),
    fc.tuple(fc.constant("answer" as const)),
    { weight: 2, arbitrary: fc.tuple(fc.constant("service" as const)) },
  ),
  { maxLength: 50, size: "max" },
);

type Step = typeof STEPS extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** What the guest may do with a channel at the moment, and does. */
function actOn(test: TestBus, what: (typeof ON_A_CHANNEL)[number], channel: GuestChannel): void {
  const { guest } = test;
  const { state, gpadls, rescinded } = channel;
  if (what === "revoke") {
    test.revoke(channel.key);
    return;
  }
  if (rescinded) {
    releaseChannel(guest, channel);
    return;
  }
  switch (what) {
    case "gpadl":
    case "begin":
      prepareMemory(guest, channel);
      for (const gpadl of channel.gpadls) {
        const can = gpadl.state === "none" || (gpadl.state === "begun" && what === "gpadl");
        if (can) createGpadl(guest, channel, gpadl, what === "begin" && gpadl.pages > 8);
      }
      break;
    case "open":
      if (state === "offered" && gpadls[0]?.state === "created") openChannel(guest, channel);
      break;
    case "close":
      // No server answers a modification that a close has overtaken, so guests wait for it.
      if (state === "open" && channel.modifying === 0) closeChannel(guest, channel);
      break;
    case "teardown":
      if (state !== "offered") break;
      for (const gpadl of gpadls) {
        if (gpadl.state === "created") teardownGpadl(guest, channel, gpadl);
      }
      break;
    case "modify":
      if (state === "open" && channel.modifying === 0) modifyChannel(guest, channel, 3);
      break;
    case "packets":
      if (state === "open") sendPackets(guest, channel, 3);
  }
}

function act(test: TestBus, step: Step): void {
  const { guest } = test;
  const { connection } = guest.state;
  switch (step[0]) {
    case "connect":
      if (connection === "none") contact(guest);
      else if (connection === "connected") requestOffers(guest);
      break;
    case "modifyConnection":
      if (connection === "delivered" && guest.state.modifying === 0) modifyConnection(guest);
      break;
    case "unload":
      // The server does not save a channel that is released while it is being opened.
      if (connection === "delivered" && !opens(test)) unload(guest);
      break;
    case "slot":
      guest.setHoldsSlot(step[1]);
      break;
    case "hold":
      test.hold(step[1]);
      break;
    case "answer":
      test.answerHeld();
      break;
    case "service":
      // A GPADL that is torn down for a guest that has left has no saved form.
      if (connection === "unloading") test.answerHeld();
      test.service();
      break;
    default: {
      const channel = connection === "delivered" ? guest.planned()[step[1]] : undefined;
      if (channel !== undefined) actOn(test, step[0], channel);
    }
  }
}

function opens({ guest }: TestBus): boolean {
  return [...guest.state.channels.values()].some(({ state }) => state === "opening");
}

/** Channels as one side sees them, with their GPADLs. */
type View = Map<string, { open: boolean; gpadls: readonly number[] }>;

function guestView({ guest }: TestBus): View {
  const view: View = new Map();
  for (const { key, state, gpadls, rescinded } of guest.state.channels.values()) {
    if (rescinded) continue;
    const created = gpadls.filter((gpadl) => gpadl.state === "created");
    view.set(keyText(key), { open: state === "open", gpadls: created.map(({ id }) => id) });
  }
  return view;
}

function serverView(channels: ReturnType<TestBus["middle"]["server"]["channels"]>): View {
  const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);
  return new Map(
    channels.map(({ key, open, gpadls }) => [keyText(key), { open, gpadls: sorted(gpadls) }]),
  );
}

/** Everything is answered: guest, server and host see the same, and the guest goes on. */
function end(test: TestBus): void {
  test.answerHeld();
  test.guest.setHoldsSlot(false);
  test.answerHeld();
  const seen = guestView(test);
  assert.deepEqual(serverView(test.middle.server.channels()), seen);
  const { connection } = test.guest.state;
  if (test.host !== null && connection === "delivered") {
    assert.deepEqual(serverView(test.host.channels()), seen);
  }
  assert.deepEqual(goOn(test.guest), []);
  assert.deepEqual(test.guest.complaints, []);
  const { sent, returned, oddities } = test.guest.traffic;
  assert.deepEqual([returned, oddities], [sent, []]);
}

for (const relayed of [false, true]) {
  test(`guest and ${relayed ? "relayed bus" : "bus"} agree, whenever it is saved`, () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const test = new TestBus({ relayed, channels: PLANNED });
        for (const step of steps) act(test, step);
        end(test);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
}
