import assert from "node:assert/strict";
import { test } from "node:test";
import { codecFor } from "../mesh/mod.ts";
import {
  type ServicingState,
  ServicingState as ServicingStateMessage,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { boot } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";
import { IDLE, SAVE_POINTS, savePoint } from "./save_points.ts";

function saved(devices: string, point: string): ServicingState {
  const host = hostWith({ devices, ...savePoint(point) });
  const bytes = boot(releaseNamed("main"), host, KEPT).save(REQUEST);
  return codecFor(ServicingStateMessage, "main").decode(bytes);
}

const states = SAVE_POINTS.flatMap((point) => ["nvme", "relay"].map((it) => saved(it, point)));

const servers = states.map(({ units }) => {
  const blob = units.find(({ name }) => name === "vmbus")?.state.value ?? new Uint8Array();
  return codecFor(VmbusServerSavedState, "main").decode(blob).server;
});

const connections = new Set(servers.map(({ state }) => state?.connection.variant ?? "none"));
const channels = servers.flatMap(({ state }) => state?.channels ?? []);
const gpadls = servers.flatMap(({ state }) => state?.gpadls ?? []);

test("SAVE_POINTS have names of two parts, each its own, but for the usual one", () => {
  assert.equal(new Set(SAVE_POINTS).size, SAVE_POINTS.length);
  assert.equal(SAVE_POINTS[0], IDLE);
  for (const name of SAVE_POINTS.slice(1)) assert.match(name, /^[a-z-]+:[a-z]+$/);
});

test("savePoint() refuses what is none", () => {
  assert.throws(() => savePoint("gpadl:lost"), /Cannot set up machine as point/);
});

test("SAVE_POINTS reach every state of a connection that a guest can be saved in", () => {
  // A relay that stops waits for its host, which answers contact: nobody is saved Connecting.
  assert.deepEqual([...connections].sort(), ["Connected", "Disconnecting", "none"]);
  const offersSent = servers.flatMap(({ state }) =>
    state?.connection.variant === "Connected" ? state.connection.value.offers_sent : [],
  );
  assert.deepEqual(new Set(offersSent), new Set([false, true]));
});

test("SAVE_POINTS reach every state of a channel that is saved", () => {
  const found = new Set(channels.map(({ state }) => state.variant));
  const expected = ["Closed", "Closing", "ClosingReopen", "Open", "Opening", "Revoked"];
  assert.deepEqual([...found].sort(), expected);
});

test("SAVE_POINTS reach every state of a GPADL", () => {
  const found = new Set(gpadls.map(({ state }) => state.variant));
  assert.deepEqual([...found].sort(), ["Accepted", "InProgress", "Offered", "TearingDown"]);
});

test("SAVE_POINTS reach drivers with all, some and no queues, at work and idle", () => {
  const drivers = states.flatMap(({ init_state }) => {
    const disks = init_state.nvme_state?.nvme_state.nvme_disks ?? [];
    return disks.map(({ driver_state }) => driver_state.worker_data);
  });
  const queues = new Set(drivers.map(({ io }) => io.length));
  assert.deepEqual([...queues].sort(), [1, 2, 3, 4]);
  const pending = drivers.flatMap(({ io }) =>
    io.map(({ queue_data }) => queue_data.handler_data.pending_cmds.commands.length > 0),
  );
  assert.deepEqual(new Set(pending), new Set([false, true]));
  const asking = drivers.map(({ admin }) => admin?.handler_data.pending_cmds.commands.length ?? 0);
  assert.ok(
    asking.some((count) => count > 1),
    "a command besides the request for events",
  );
});
