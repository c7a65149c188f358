/**
 * What the harness costs over the same messages without it, and how fast many cells of an adapter
 * in Python are. The same messages are bare round trips, one after the other; and, as the harness
 * sends some before others are answered, the bare exchange, which does so, too.
 *
 * Each figure is of a fresh process that does one of the three for a while, with a fresh process of
 * the adapter: two in one process would share compiled code, timers and luck. They take turns,
 * with the same seeds and without threads of the runtime, and what counts is the processor time of
 * both processes, of the median stretch. The clock's time is told, too; it is longer by what else
 * the machine does.
 *
 * A median ratio to round trips above its limit, or too many seconds of processor time, make the
 * exit code 1.
 * Nothing in the tests runs this.
 *
 * Run: `node harness/cli/adapter_bench.ts`, `deno run -A ...`, `bun ...`; `--sets 3` for fewer.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ANY_SUITES } from "../../suites/mod.ts";
import { rpcAdapter } from "../adapters/rpc/adapter.ts";
import { asRoundTrips, BareExchange, Exchange } from "../adapters/rpc/bare_exchange.ts";
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
/** Sets of processes, and stretches in each that count and that do not. */
const SETS = 7;
const ROUNDS = 150;
const WARM_ROUNDS = 100;
/** Conditions of one stretch. */
const STRETCH = 20;
const VALUES = 400;
/** Request and answer with which each connection begins. */
const HELLO = 2;

const COMMANDS = { TypeScript: toyCommand(), Python: pythonCommand() };
type Language = keyof typeof COMMANDS;
/** What counts is the first bare one. */
const BARE = ["round trips", "exchange"] as const;
type Side = "harness" | (typeof BARE)[number];

/** Milliseconds of a stretch, of the processors and by the clock, and its messages. */
interface Spent {
  readonly cpu: number;
  readonly clock: number;
  readonly messages: number;
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  const [language = "TypeScript"] = rest as Language[];
  if (first === "harness" || BARE.some((bare) => bare === first)) {
    console.log(JSON.stringify(await measured(first as Side, language)));
    return;
  }
  if (first === "cells") {
    await many();
    return;
  }
  const sets = first === "--sets" ? Number(rest[0]) : SETS;
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (command === undefined) console.log(`${name}: not run: there is none`);
    else compare(name, sets);
  }
  if (COMMANDS.Python !== undefined) again(["cells"], 0, "inherit");
}

/** Sets of fresh processes, of which another one begins in turn. */
function compare(language: string, sets: number): void {
  const spent: Record<Side, Spent>[] = [];
  const sides: Side[] = ["harness", ...BARE];
  for (let set = 0; set < sets; set++) {
    const of = (side: Side) => [side, JSON.parse(again([side, language], set, "pipe"))] as const;
    spent.push(Object.fromEntries(sides.map(of)) as Record<Side, Spent>);
    sides.push(sides.shift() as Side);
  }
  for (const bare of BARE) tell(language, bare, spent);
}

function tell(language: string, bare: Side, spent: readonly Record<Side, Spent>[]): void {
  const ratios = (kind: "cpu" | "clock") =>
    spent.map((it) => it.harness[kind] / it[bare][kind]).toSorted((a, b) => a - b);
  const cpu = ratios("cpu");
  const messages = (spent[0]?.harness.messages ?? 0) / STRETCH;
  console.log(
    `${language}: ${median(cpu).toFixed(2)} times the processor time of the bare ${bare} of ` +
      `${messages.toFixed(1)} messages of a condition (${cpu[0]?.toFixed(2)} to ` +
      `${cpu.at(-1)?.toFixed(2)} in ${spent.length} sets); ` +
      `${median(ratios("clock")).toFixed(2)} times by the clock`,
  );
  if (bare === BARE[0] && median(cpu) > RATIO_MAX) process.exitCode = 1;
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
  const repeated = side === "exchange" ? said : asRoundTrips(said);
  return { ...(await spentOn(() => bare.repeat(repeated), [bare.pid])), messages };
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
