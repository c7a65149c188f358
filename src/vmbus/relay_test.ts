import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import type { OpenRequest, VmbusRelaySavedState } from "../openhcl_state/mod.ts";
import { VmbusClient } from "./client.ts";
import { guid } from "./guid.ts";
import { keyText, offerOf } from "./offer.ts";
import { VERSION } from "./protocol.ts";
import { VmbusRelay } from "./relay.ts";
import { VmbusServer } from "./server.ts";

const RULES = { versions: [VERSION.iron], featureFlags: 0 };
const SERVER_RULES = {
  ...RULES,
  restoreVersionMax: null,
  pendingMessages: true,
  disconnectedState: true,
};

const OFFERS = [3, 4].map((id) =>
  offerOf(
    id,
    guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f"),
    guid(`00000000-0000-4000-8000-00000000000${id}`),
  ),
);

const OPEN: OpenRequest = {
  open_id: 3,
  ring_buffer_gpadl_id: { 0: 1 },
  target_vp: 0,
  downstream_ring_buffer_page_offset: 1,
  user_data: new Uint8Array(120),
  guest_specified_interrupt_info: null,
  flags: 0,
};

interface Bus {
  readonly client: VmbusClient;
  readonly server: VmbusServer;
  readonly relay: VmbusRelay;
  readonly log: Log;
}

function bus(): Bus {
  const log = new Log();
  const client = new VmbusClient(RULES);
  const server = new VmbusServer(SERVER_RULES, log);
  return { client, server, relay: new VmbusRelay(client, server, log), log };
}

/** A bus with channel 3 open, and the state of its three parts. */
function saved() {
  const { client, server, relay } = bus();
  client.connect(VERSION.iron, 0, OFFERS);
  relay.offerAll();
  const [offer] = OFFERS;
  assert.ok(offer);
  server.connect({
    variant: "Connected",
    value: {
      version: { version: VERSION.iron, feature_flags: 0 },
      offers_sent: true,
      interrupt_page: null,
      monitor_page: null,
      target_message_vp: 0,
      modifying: false,
      client_id: null,
      trusted: false,
    },
  });
  server.open(keyText(offer), OPEN, []);
  relay.open(3, 0x43, [1]);
  client.stop();
  return { client: client.save(), server: server.save(), relay: relay.save() };
}

/** A bus on which client and server have been restored, but not the relay. */
function halfRestored(intercepted: ReadonlySet<number> = new Set()): Bus {
  const made = bus();
  const state = saved();
  made.client.stop();
  made.client.restore(state.client);
  made.relay.offerAll(intercepted);
  made.server.restore(state.server);
  return made;
}

function changed(change: Partial<NonNullable<VmbusRelaySavedState["channels"]>[number]>) {
  const { relay } = saved();
  return {
    ...relay,
    channels: (relay.channels ?? []).map((channel) => ({ ...channel, ...change })),
  };
}

test("VmbusRelay restores an open channel and claims it from the client", () => {
  const { client, server, relay } = halfRestored();
  relay.restore(saved().relay);
  server.postRestore();
  client.postRestore();
  assert.deepEqual(client.queued, []);
  assert.deepEqual(relay.save(), saved().relay);
  assert.deepEqual(
    server.channels().map(({ open }) => open),
    [true, false],
  );
});

test("VmbusRelay.restore() skips a channel that is not there any more", () => {
  const { relay, log } = halfRestored();
  const state = saved().relay;
  const [channel] = state.channels ?? [];
  assert.ok(channel);
  relay.restore({ ...state, channels: [{ ...channel, channel_id: 99 }] });
  assert.ok(log.lines().some(({ text }) => text.includes("channel_id=99")));
});

test("VmbusRelay.restore() refuses channels that were or are intercepted", () => {
  const intercepted = halfRestored(new Set([3, 4]));
  assert.throws(() => intercepted.relay.restore(saved().relay), {
    message: "cannot restore intercepted channel 3",
  });
  assert.throws(() => halfRestored().relay.restore(changed({ intercepted: true })), {
    message: "cannot restore an intercepted channel",
  });
});

test("VmbusRelay.restore() refuses an open state that the server does not share", () => {
  assert.throws(
    () => halfRestored().relay.restore(changed({ is_open: false })),
    /failed to restore vmbus relay channel: channel .* has a mismatched open state$/,
  );
});

test("VmbusRelay.restore() needs an event flag for a relayed interrupt", () => {
  assert.throws(() => halfRestored().relay.restore(changed({ event_flag: null })), {
    message: "using an interrupt relay but no event flag was provided",
  });
});

test("VmbusRelay.save() leaves out a channel that does not answer and logs an error", () => {
  const { client, relay, log } = bus();
  client.connect(VERSION.iron, 0, OFFERS);
  relay.offerAll();
  relay.silence(3);
  assert.deepEqual(
    relay.save().channels?.map(({ channel_id }) => channel_id),
    [4],
  );
  assert.equal(log.lines()[0]?.level, "error");
});
