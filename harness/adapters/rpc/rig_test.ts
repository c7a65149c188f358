import assert from "node:assert/strict";
import { test } from "node:test";
import type { SavedState } from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import { rpcAdapter } from "./adapter.ts";
import type { Listener, Loss } from "./channel.ts";
import type { Message } from "./framing.ts";
import { Pool } from "./pool.ts";

const hop = (release: string): Hop => ({ implementation: "toy", release, inputs: {} });
const STATE: SavedState = {
  writer: { implementation: "toy", release: "1" },
  codec: "toy",
  bytes: Uint8Array.of(1),
};

/** An adapter whose answers are given by the test, and what it was asked so far. */
function slow(inFlight: number) {
  const asked: string[] = [];
  const held: Message[] = [];
  let listener: Listener | undefined;
  const hear = (request: Message, more: object) => {
    listener?.hear({ jsonrpc: "2.0", id: request.id, ...more });
  };
  const results: Readonly<Record<string, object>> = {
    hello: {
      protocol: 1,
      name: "toy",
      releases: ["1", "2"],
      facets: ["observe"],
      limits: { inFlight },
    },
    start: { machine: "m1", release: "1" },
    restore: { machine: "m2", release: "2" },
    stop: {},
  };
  const pool = new Pool({
    timeoutMs: 60_000,
    logBytesMax: 1_000,
    harness: "test",
    open(given) {
      listener = given;
      return {
        canFrame: false,
        send({ text }) {
          const request = JSON.parse(text) as Message;
          asked.push(String(request.method));
          if (request.method === "hello") hear(request, { result: results.hello });
          else held.push(request);
        },
        agreeOnFrames: () => {},
        end: () => {},
        close: () => Promise.resolve(),
      };
    },
  });
  /** Answers what has waited longest. */
  const answer = async (error?: object) => {
    const request = held.shift() as Message;
    hear(request, error === undefined ? { result: results[String(request.method)] } : { error });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pool, asked, answer, lose: (loss: Loss) => listener?.lose(loss) };
}

/** A rig of it whose first machine is being stopped, and whose second one is to come. */
async function crossing(inFlight: number) {
  const it = slow(inFlight);
  const adapter = rpcAdapter(it.pool, await it.pool.hello(), { jobs: 1, timeoutMs: 60_000 });
  const rig = await adapter.rig({}, 1);
  const starting = rig.start(hop("1"));
  await it.answer();
  const first = await starting;
  const crossed = (async () => {
    await first[Symbol.asyncDispose]();
    return await rig.restore(hop("2"), STATE);
  })();
  crossed.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  return { ...it, rig, crossed };
}

test("RpcRig asks for nothing behind a stop, unless the adapter bears two requests", async () => {
  const one = await crossing(1);
  assert.deepEqual(one.asked, ["hello", "start", "stop"]);
  const two = await crossing(2);
  assert.deepEqual(two.asked, ["hello", "start", "stop", "restore"]);
  for (const { answer, crossed } of [one, two]) {
    await answer();
    await answer();
    assert.equal((await crossed).release, "2");
  }
});

test("RpcRig takes a stop that fails for what it is, and not for a failed restore", async () => {
  const { answer, crossed, rig } = await crossing(2);
  await answer({ code: -32603, message: "no idea" });
  await answer();
  await assert.rejects(crossed, /^ProtocolError: it did not stop 1: .* error -32603: no idea$/);
  await rig[Symbol.asyncDispose]();
});

test("RpcRig blames a stop for the end of an adapter before it has answered that", async () => {
  const { lose, crossed } = await crossing(2);
  lose({ kind: "ended", reason: "it is gone" });
  await assert.rejects(crossed, /^ProtocolError: it did not stop 1: CrashedError: it is gone$/);
});
