/**
 * The thread behind a {@linkcode Bridge}: it owns the connections and asks what it is told to.
 *
 * @module
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { CrashedError, SaveError } from "../../adapter.ts";
import type { Asked, BridgeData, Failed } from "./bridge.ts";
import type { Link } from "./link.ts";
import { openerOf } from "./opener.ts";
import { Pool } from "./pool.ts";

const { port, flag, target, options } = workerData as BridgeData & { readonly port: MessagePort };
const signal = new Int32Array(flag);
const pool = new Pool({ ...options, open: openerOf(target, options) });
const links = new Map<number, Link>();

port.on("message", async (asked: Asked) => {
  let answer: { readonly result: unknown } | { readonly failed: Failed };
  try {
    answer = { result: await answerTo(asked) };
  } catch (error) {
    answer = { failed: failedBy(error) };
  }
  port.postMessage(answer);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
port.postMessage("ready");

async function answerTo({ link: number, method, params }: Asked): Promise<unknown> {
  if (method === "take") {
    links.set(number, await pool.take());
    return null;
  }
  if (method === "close") {
    await pool.close();
    return null;
  }
  const link = links.get(number) as Link;
  if (method !== "giveBack") return await link.ask(method, params as never);
  links.delete(number);
  pool.giveBack(link);
  return null;
}

function failedBy(error: unknown): Failed {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof CrashedError) return { name, message, killed: error.killed };
  if (error instanceof SaveError) return { name, message, machineRuns: error.machineRuns };
  return { name, message };
}
