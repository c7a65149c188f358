/**
 * What the harness costs over the bare exchange of the same messages, and how fast many cells of an
 * adapter in Python are.
 *
 * Each figure is of a fresh process that does one of the two for a while, with a fresh process of
 * the adapter: two in one process would share compiled code, timers and luck. The two take turns,
 * with the same seeds and without threads of the runtime, and what counts is the processor time of
 * both processes, of the median stretch. The clock's time is told, too; it is longer by what else
 * the machine does. Messages, their order, and which of them are under way together are the same.
 *
 * A median ratio above its limit, or too many seconds of processor time, make the exit code 1.
 * Nothing in the tests runs this.
 *
 * Run: `node harness/cli/adapter_bench.ts`, `deno run -A ...`, `bun ...`; `--pairs 3` for fewer.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ANY_SUITES } from "../../suites/mod.ts";
import { rpcAdapter } from "../adapters/rpc/adapter.ts";
import { BareExchange, Exchange } from "../adapters/rpc/bare_exchange.ts";
import { ChildChannel } from "../adapters/rpc/child_channel.ts";
import { pythonCommand, toyCommand } from "../adapters/rpc/paths.ts";
import { Pool } from "../adapters/rpc/pool.ts";
import { spaceOf } from "../adapters/rpc/space.ts";
import { makePlan, type Planned } from "../plan.ts";
import { bindScenarios } from "../program.ts";
import { Run } from "../run.ts";
import { Selection } from "../selection.ts";

/** How often a cell may cost what its messages cost. */
const RATIO_MAX = 1.3;
/** Cells of the adapter in Python, and the seconds that they may take of the processors. */
const CELLS = 10_000;
const SECONDS_MAX = 8;
/** Pairs of processes, and stretches in each that count and that do not. */
const PAIRS = 7;
const ROUNDS = 150;
const WARM_ROUNDS = 100;
/** Conditions of one stretch. */
const STRETCH = 20;
const VALUES = 400;
/** Request and answer with which each connection begins. */
const HELLO = 2;

const COMMANDS = { TypeScript: toyCommand(), Python: pythonCommand() };
type Language = keyof typeof COMMANDS;
type Side = "harness" | "bare";

/** Milliseconds of a stretch, of the processors and by the clock, and its messages. */
interface Spent {
  readonly cpu: number;
  readonly clock: number;
  readonly messages: number;
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  const [language = "TypeScript"] = rest as Language[];
  if (first === "harness" || first === "bare") {
    console.log(JSON.stringify(await measured(first, language)));
    return;
  }
  if (first === "cells") {
    await many();
    return;
  }
  const pairs = first === "--pairs" ? Number(rest[0]) : PAIRS;
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (command === undefined) console.log(`${name}: not run: there is none`);
    else compare(name, pairs);
  }
  if (COMMANDS.Python !== undefined) again(["cells"], 0, "inherit");
}

/** Pairs of fresh processes, of which each one begins in turn. */
function compare(language: string, pairs: number): void {
  const ratios: { cpu: number; clock: number }[] = [];
  let messages = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const of = (side: Side) => JSON.parse(again([side, language], pair, "pipe")) as Spent;
    const order: readonly Side[] = pair % 2 === 0 ? ["harness", "bare"] : ["bare", "harness"];
    const spent = Object.fromEntries(order.map((side) => [side, of(side)])) as Record<Side, Spent>;
    const { harness, bare } = spent;
    ratios.push({ cpu: harness.cpu / bare.cpu, clock: harness.clock / bare.clock });
    messages = bare.messages / STRETCH;
  }
  const cpu = ratios.map((it) => it.cpu).toSorted((a, b) => a - b);
  const clock = median(ratios.map((it) => it.clock));
  const range = `${cpu[0]?.toFixed(2)} to ${cpu.at(-1)?.toFixed(2)}`;
  console.log(
    `${language}: ${median(cpu).toFixed(2)} times the processor time of the bare ` +
      `${messages.toFixed(1)} messages of a condition (${range} in ${pairs} pairs); ` +
      `${clock.toFixed(2)} times by the clock`,
  );
  if (median(cpu) > RATIO_MAX) process.exitCode = 1;
}

/** This program in a fresh process without threads of its runtime; answers what it prints. */
function again(words: readonly string[], seed: number, stdout: "inherit" | "pipe"): string {
  const flags = ["--single-threaded", `--hash-seed=${seed + 1}`, `--random-seed=${seed + 1}`];
  const { deno, bun } = process.versions;
  const own = fileURLToPath(import.meta.url);
  const run = deno === undefined ? flags : ["run", "-A", `--v8-flags=${flags.join()}`];
  const args = [...(bun === undefined ? run : []), own, ...words];
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" };
  const quiet = { BUN_JSC_useConcurrentJIT: "0", BUN_JSC_useConcurrentGC: "0" };
  const ended = spawnSync(process.execPath, args, {
    env: bun === undefined ? env : { ...env, ...quiet },
    stdio: ["ignore", stdout, "inherit"],
    encoding: "utf8",
  });
  if (ended.status !== 0) process.exitCode = ended.status ?? 3;
  return ended.stdout ?? "";
}

/** A run of an adapter whose conditions differ in one axis. */
async function begun(language: Language) {
  const command = [...(COMMANDS[language] ?? []), String(VALUES)];
  const children: number[] = [];
  const exchange = new Exchange();
  const open = exchange.recorded((listener) => {
    const channel = new ChildChannel({ command, cwd: "." }, listener);
    if (channel.pid !== undefined) children.push(channel.pid);
    return channel;
  });
  const pool = new Pool({ open, timeoutMs: 60_000, logBytesMax: 1_000_000, harness: "bench" });
  const hello = await pool.hello();
  const adapter = rpcAdapter(pool, hello, { jobs: 1, timeoutMs: 60_000 });
  const scenarios = bindScenarios(ANY_SUITES);
  const common = { space: spaceOf(hello), scenarios, oracles: [], seed: 1 };
  const plan = makePlan(common, new Selection({ parts: ["pairs"] }));
  const run = new Run({ ...common, adapter, plan, expectations: [] });
  const some = (count: number) => Iterator.from(plan.conditions()).take(count).toArray();
  return { command, children, exchange, pool, run, some, scenarios: scenarios.length };
}

/** The median stretch of one side. */
async function measured(side: Side, language: Language): Promise<Spent> {
  const { command, children, exchange, pool, run, some } = await begun(language);
  await using walk = run.walk();
  const planned: readonly Planned[] = some(STRETCH);
  await run.stretch(walk, planned);
  const all = exchange.take();
  const said = all.slice(HELLO);
  const messages = said.filter((one) => "asked" in one).length;
  if (side === "harness") {
    const spent = await spentOn(() => run.stretch(walk, planned), children);
    await pool.close();
    return { ...spent, messages };
  }
  await pool.close();
  using bare = new BareExchange(command);
  await bare.repeat(all.slice(0, HELLO));
  return { ...(await spentOn(() => bare.repeat(said), [bare.pid])), messages };
}

async function spentOn(work: () => Promise<unknown>, pids: readonly number[]) {
  const cpu: number[] = [];
  const clock: number[] = [];
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    const own = process.cpuUsage();
    const theirs = runMsOf(pids);
    const begin = performance.now();
    await work();
    const end = performance.now();
    const { user, system } = process.cpuUsage(own);
    if (round < WARM_ROUNDS) continue;
    cpu.push((user + system) / 1e3 + runMsOf(pids) - theirs);
    clock.push(end - begin);
  }
  return { cpu: median(cpu), clock: median(clock) };
}

/** Milliseconds that processes have run, of which the kernel knows the nanoseconds. */
function runMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    return sum + Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  }, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** As many cells as there should be, in one go. */
async function many(): Promise<void> {
  const { children, exchange, pool, run, some, scenarios } = await begun("Python");
  await using walk = run.walk();
  const planned = some(Math.ceil(CELLS / scenarios));
  exchange.take();
  const before = process.cpuUsage();
  const childBefore = runMsOf(children);
  const begin = performance.now();
  await run.stretch(walk, planned);
  const wall = (performance.now() - begin) / 1e3;
  const { user, system } = process.cpuUsage(before);
  const own = (user + system) / 1e6;
  const theirs = (runMsOf(children) - childBefore) / 1e3;
  await pool.close();
  console.log(
    `Python: ${planned.length * scenarios} cells in ${wall.toFixed(2)} s; processor time ` +
      `${own.toFixed(2)} s of the harness, ${theirs.toFixed(2)} s of the adapter`,
  );
  if (own + theirs > SECONDS_MAX) process.exitCode = 1;
}

await main();
