/**
 * How long clients of C xenstored 4.20 wait while it is updated into our own daemon: from the
 * moment when the old program has left its state and its process to the first answer of the new
 * one, which is that of a runtime that has started. A bare start of this runtime is the floor.
 *
 * Ours is measured packed, as the grid starts it, and from its sources; all take turns. A median of
 * the first above the limit makes the exit code 1. Nothing in the tests runs this.
 *
 * Run: `node harness/cli/live_update_bench.ts`, `deno run -A ...`; `--json` for data.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { xenstore } from "../adapters/xenstore/mod.ts";
import { xenstoredAdapter } from "../adapters/xenstored/adapter.ts";
import { whyNotInstalled } from "../adapters/xenstored/installation.ts";
import { write } from "../facets/xenstore_requests.ts";
import { medianOf } from "../growth.ts";
import { packed } from "../packed.ts";

const [FROM, INTO] = ["c-4.20", "reference-c-4.20"] as const;
const ROUNDS = 15;
/** Rounds before them, which pack, and leave compiled code for the others. */
const WARM_ROUNDS = 2;
/** Nodes that the old daemon hands over. */
const NODES = 100;
/** Milliseconds that a median may be. */
const WAIT_MAX_MS = 250;

const SETTINGS = { forced: "no" };

async function main(): Promise<void> {
  const whyNot = xenstore.whyNotInherit ?? whyNotInstalled();
  if (whyNot !== undefined) {
    console.log(`Live update into the model: not run: ${whyNot}`);
    return;
  }
  const subjects = {
    "a bare start of the runtime": { measure: bareStart, limitMs: Number.POSITIVE_INFINITY },
    packed: updateInto(packed(xenstore.command), WAIT_MAX_MS),
    "from the sources": updateInto(() => Promise.resolve(xenstore.command)),
  };
  const samples = new Map<string, number[]>(Object.keys(subjects).map((what) => [what, []]));
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    for (const [what, { measure }] of Object.entries(subjects)) {
      const ms = await measure();
      if (round >= WARM_ROUNDS) samples.get(what)?.push(ms);
    }
  }
  const results = Object.entries(subjects).map(([what, { limitMs }]) => {
    const all = samples.get(what) ?? [];
    return { what, medianMs: medianOf(all), fastestMs: Math.min(...all), limitMs };
  });
  if (process.argv.includes("--json")) console.log(JSON.stringify(results));
  else for (const result of results) console.log(lineOf(result));
  if (results.some(({ medianMs, limitMs }) => medianMs > limitMs)) process.exitCode = 1;
}

function lineOf(result: { what: string; medianMs: number; fastestMs: number }): string {
  const [median, fastest] = [result.medianMs, result.fastestMs].map((ms) => `${ms.toFixed(0)} ms`);
  return `Live update ${FROM}>${INTO}, ${result.what}: median ${median}, fastest ${fastest}`;
}

/** An update into what `command` starts, of a daemon with a store. */
function updateInto(command: () => Promise<readonly string[]>, limitMs = Number.POSITIVE_INFINITY) {
  const adapter = xenstoredAdapter({ ...xenstore, command });
  const hop = (release: string) => ({ implementation: "xenstored", release, inputs: {} });
  const measure = async () => {
    await using rig = await adapter.rig(SETTINGS, 1);
    const old = await rig.start(hop(FROM));
    const client = old.xenstore?.socket("client");
    for (let index = 0; index < NODES; index++) await client?.ask(write(`/node/${index}`, "value"));
    const saved = await old.save({ correlationId: "", settings: SETTINGS });
    const begin = performance.now();
    await rig.restore(hop(INTO), saved);
    return performance.now() - begin;
  };
  return { measure, limitMs };
}

async function bareStart(): Promise<number> {
  const args = process.versions.deno === undefined ? ["--eval", "0"] : ["eval", "0"];
  const begin = performance.now();
  await once(spawn(process.execPath, args, { stdio: "ignore" }), "close");
  return performance.now() - begin;
}

await main();
