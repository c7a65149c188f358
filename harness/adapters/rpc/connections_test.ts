import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "../../adapter.ts";
import { Connections } from "./connections.ts";
import type { Message } from "./framing.ts";
import { AdapterServer } from "./server.ts";

/** An adapter whose rigs start nothing, and how many of them there are. */
function counted() {
  let rigs = 0;
  const adapter: Adapter = {
    implementation: "toy",
    releases: ["1"],
    capabilities: () => new Set(),
    rig: () => {
      rigs++;
      const restore = () => Promise.reject(new Error("none"));
      const start = () => {
        const save = () => Promise.reject(new Error("none"));
        return Promise.resolve({
          release: "1",
          save,
          [Symbol.asyncDispose]: () => Promise.resolve(),
        });
      };
      const end = () => {
        rigs--;
        return Promise.resolve();
      };
      return Promise.resolve({ start, restore, [Symbol.asyncDispose]: end });
    },
  };
  const space = {
    implementation: "toy",
    releases: ["1"],
    axes: [],
    configurations: [{}],
    constraints: [],
  };
  const served = { adapter, space, codec: "toy" };
  return { served, connections: new Connections(served), rigs: () => rigs };
}

/** Starts a machine on the rig of that name, whose name is in the answer. */
function start(server: AdapterServer): Promise<Message | undefined> {
  const params = { release: "1", inputs: {}, settings: {}, seed: 1, rig: "rig-1" };
  return server.answer({ jsonrpc: "2.0", id: 1, method: "start", params });
}

test("Connections give each its own rigs, and end those of one that is gone", async () => {
  const { connections, rigs } = counted();
  await start(connections.at("dead"));
  await start(connections.at("alive"));
  await connections.sweep();
  await start(connections.at("alive"));
  for (let sweep = 1; sweep < 9; sweep++) await connections.sweep();
  assert.equal(rigs(), 2);
  await connections.sweep();
  assert.equal(rigs(), 1);
  await connections.close();
  assert.equal(rigs(), 0);
});

test("Connections end the one that has waited longest when they are too many", async () => {
  const { connections, rigs } = counted();
  for (let at = 0; at < 256; at++) await start(connections.at(`c${at}`));
  await connections.sweep();
  assert.equal(rigs(), 256);
  await start(connections.at("c0"));
  await start(connections.at("one more"));
  await connections.sweep();
  assert.equal(rigs(), 256);
  const answer = await start(connections.at("c0"));
  assert.equal((answer?.result as { machine: string } | undefined)?.machine, "m3");
});

test("AdapterServer frames where both sides can, and never behind HTTP", async () => {
  const { served, connections } = counted();
  const hello = (frames: boolean) => {
    const params = { protocol: { min: 1, max: 1 }, harness: "test", frames };
    return { jsonrpc: "2.0", id: 1, method: "hello", params };
  };
  for (const frames of [true, false]) {
    const stream = new AdapterServer(served, true);
    const said = (await stream.answer(hello(frames)))?.result as Message;
    assert.equal(said.frames, frames);
    assert.equal(stream.frames, frames);
  }
  const said = (await connections.at("").answer(hello(true)))?.result as Message;
  assert.equal(said.frames, false);
});
