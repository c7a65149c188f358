/**
 * What the harness costs over the bare round trips of the same messages, and how fast many cells of
 * an adapter in Python are. Both take turns in short stretches, with one process of the adapter
 * each. What counts is the processor time of both sides, as the median of what pairs of stretches
 * show: other work on the machine lengthens the clock's time of both, and not by the same share.
 * That is told, too.
 *
 * A ratio above its limit, or too many seconds of processor time, make the exit code 1. Nothing in
 * the tests runs this.
 *
 * Run: `node harness/cli/adapter_bench.ts`, `deno run -A ...`, `bun ...`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { ANY_SUITES } from "../../suites/mod.ts";
import { rpcAdapter } from "../adapters/rpc/adapter.ts";
import type { Channel } from "../adapters/rpc/channel.ts";
import { ChildChannel } from "../adapters/rpc/child_channel.ts";
import { pythonCommand, toyCommand } from "../adapters/rpc/paths.ts";
import { Pool } from "../adapters/rpc/pool.ts";
import { spaceOf } from "../adapters/rpc/space.ts";
import { makePlan, type Plan, type Planned } from "../plan.ts";
import { bindScenarios } from "../program.ts";
import { Run } from "../run.ts";
import { Selection } from "../selection.ts";

/** How often a cell may cost what its messages cost. */
const RATIO_MAX = 1.3;
/** Cells of the adapter in Python, and the seconds that they may take of the processors. */
const CELLS = 10_000;
const SECONDS_MAX = 8;
const ROUNDS = 300;
const WARM_ROUNDS = 100;
/** Conditions of one stretch. */
const STRETCH = 20;
const VALUES = 400;

async function main(): Promise<void> {
  const commands = { TypeScript: toyCommand(), Python: pythonCommand() };
  for (const [language, command] of Object.entries(commands)) {
    if (command === undefined) console.log(`${language}: not run: there is none`);
    else await compare(language, [...command, String(VALUES)]);
  }
}

async function compare(language: string, command: readonly string[]): Promise<void> {
  const sent: string[] = [];
  const children: number[] = [];
  const pool = new Pool({
    open: (listener) => recorded(new ChildChannel({ command, cwd: "." }, listener), sent, children),
    timeoutMs: 60_000,
    logBytesMax: 1_000_000,
    harness: "bench",
  });
  const hello = await pool.hello();
  const adapter = rpcAdapter(pool, hello, { jobs: 1, timeoutMs: 60_000 });
  const common = {
    space: spaceOf(hello),
    scenarios: bindScenarios(ANY_SUITES),
    oracles: [],
    seed: 1,
  };
  const plan = makePlan(common, new Selection({ parts: ["pairs"] }));
  const run = new Run({ ...common, adapter, plan, expectations: [] });
  await using walk = run.walk();
  const some = Iterator.from(plan.conditions()).take(STRETCH).toArray();
  const harness = async (planned: readonly Planned[]) => {
    await run.stretch(walk, planned);
  };
  using bare = new Bare(command);
  await bare.ask(JSON.parse(sent[0] ?? ""));
  sent.length = 0;
  await harness(some);
  const messages = sent.map((text): unknown => JSON.parse(text));
  const spent: [Spent[], Spent[]] = [[], []];
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    const works = [() => harness(some), () => bare.repeat(messages)];
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const who of order) {
      const pids = who === 0 ? children : [bare.pid];
      const one = await spentOn(works[who] as () => Promise<void>, pids);
      if (round >= WARM_ROUNDS) spent[who as 0 | 1].push(one);
    }
    sent.length = 0;
  }
  report(language, messages.length, spent);
  if (language === "Python") await many(plan, harness, children);
  await pool.close();
}

/** Milliseconds of a stretch, of the processors and by the clock. */
interface Spent {
  readonly cpu: number;
  readonly clock: number;
}

async function spentOn(work: () => Promise<void>, pids: readonly number[]): Promise<Spent> {
  const own = process.cpuUsage();
  const theirs = runMsOf(pids);
  const clock = await timed(work);
  const { user, system } = process.cpuUsage(own);
  return { cpu: (user + system) / 1e3 + runMsOf(pids) - theirs, clock };
}

/** Milliseconds that processes have run, of which the kernel knows the nanoseconds. */
function runMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    return sum + Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  }, 0);
}

function report(language: string, messages: number, [harness, bare]: [Spent[], Spent[]]): void {
  // Of neighbours in time, as the machine has fast and slow spells that last for many stretches.
  const ratio = (of: (spent: Spent) => number) =>
    median(harness.map((one, at) => of(one) / of(bare[at] ?? one)));
  const cpu = ratio((it) => it.cpu);
  const clock = ratio((it) => it.clock);
  const each = (messages / STRETCH).toFixed(1);
  console.log(
    `${language}: ${cpu.toFixed(2)} times the processor time of the bare ${each} messages of a ` +
      `condition; ${clock.toFixed(2)} times by the clock`,
  );
  if (cpu > RATIO_MAX) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** As many cells as there should be, in one go. */
async function many(
  plan: Plan,
  harness: (planned: readonly Planned[]) => Promise<void>,
  children: readonly number[],
): Promise<void> {
  const scenarios = bindScenarios(ANY_SUITES).length;
  const planned = Iterator.from(plan.conditions())
    .take(Math.ceil(CELLS / scenarios))
    .toArray();
  const before = process.cpuUsage();
  const childBefore = secondsOf(children);
  const wall = await timed(() => harness(planned));
  const { user, system } = process.cpuUsage(before);
  const own = (user + system) / 1e6;
  const theirs = secondsOf(children) - childBefore;
  const cells = planned.length * scenarios;
  console.log(
    `Python: ${cells} cells in ${(wall / 1000).toFixed(2)} s; processor time ` +
      `${own.toFixed(2)} s of the harness, ${theirs.toFixed(2)} s of the adapter`,
  );
  if (own + theirs > SECONDS_MAX) process.exitCode = 1;
}

/** Seconds of processor time that processes have used; ticks are hundredths. */
function secondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
}

/** `channel`, with what is sent on it written down. */
function recorded(channel: ChildChannel, sent: string[], children: number[]): Channel {
  if (channel.pid !== undefined) children.push(channel.pid);
  return {
    canFrame: false,
    send(message) {
      sent.push(message.text);
      channel.send(message);
    },
    agreeOnFrames: () => {},
    end: () => channel.end(),
    close: () => channel.close(),
  };
}

/** The least that can be done: a message is written as a line, and another one comes back. */
class Bare implements Disposable {
  readonly #child: ReturnType<typeof spawn>;
  #answer: (line: string) => void = () => {};
  #line = "";

  constructor([program = "", ...args]: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
    this.#child.stdout?.setEncoding("utf8");
    this.#child.stdout?.on("data", (text: string) => {
      this.#line += text;
      if (!text.endsWith("\n")) return;
      const line = this.#line;
      this.#line = "";
      this.#answer(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask(message: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      this.#answer = (line) => resolve(JSON.parse(line));
      this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
  }

  async repeat(messages: readonly unknown[]): Promise<void> {
    for (const message of messages) await this.ask(message);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

await main();
