/**
 * How fast our own daemon is in `test-xenstore`, Xen's own measure, beside C xenstored 4.20: each
 * row in both, in runs that take turns, so that a machine that slows down slows down both.
 *
 * The first run of each is discarded; a figure is the median of the other five, and a ratio above
 * the limit makes the exit code 1. Nothing in the tests runs this.
 *
 * Run: `node harness/cli/test_xenstore_bench.ts`, `deno run -A ...`, `bun ...`; `--json` for data.
 *
 * @module
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Daemon } from "../adapters/xenstored/daemon.ts";
import { installed, type Program } from "../adapters/xenstored/installation.ts";
import { beginningOf } from "../adapters/xenstored/programs.ts";
import { realNamed } from "../adapters/xenstored/releases.ts";
import { RunDirectory } from "../adapters/xenstored/run_directory.ts";
import { medianOf } from "../growth.ts";

const RIVAL = "c-4.20";
/** Times that each row is done in one run. */
const ITERATIONS = 2000;
/** Runs that count, after one that does not. */
const RUNS = 5;
/** Times of the rival's time that ours may be. */
const RATIO_MAX = 2.5;
const START_MS = 10_000;

/** Nanoseconds by row. */
type Rows = ReadonlyMap<string, number>;

async function main(): Promise<void> {
  const program = installed(realNamed(RIVAL));
  if (typeof program === "string") {
    console.log(`test-xenstore: not run: ${program}`);
    return;
  }
  await using real = await startReal(program);
  await using own = await startOwn();
  const runs: { own: Rows; real: Rows }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const first = run % 2 === 0 ? real : own;
    const one = await measure(program, first.socket);
    const other = await measure(program, first === real ? own.socket : real.socket);
    runs.push(first === real ? { real: one, own: other } : { real: other, own: one });
  }
  runs.shift();
  const rows = [...(runs[0]?.real.keys() ?? [])].map((row) => {
    const [ours, theirs] = (["own", "real"] as const).map((who) =>
      medianOf(runs.map((run) => run[who].get(row) ?? Number.NaN)),
    ) as [number, number];
    return { row, ours, theirs, ratio: ours / theirs };
  });
  print(rows);
  if (rows.some(({ ratio }) => !(ratio <= RATIO_MAX))) process.exitCode = 1;
}

function print(
  rows: readonly { row: string; ours: number; theirs: number; ratio: number }[],
): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(rows));
    return;
  }
  console.log(`| row | ${RIVAL}, µs | ours, µs | ratio |\n| --- | --: | --: | --: |`);
  for (const { row, ours, theirs, ratio } of rows) {
    const times = [theirs, ours].map((ns) => (ns / 1000).toFixed(1)).join(" | ");
    console.log(`| ${row} | ${times} | ${ratio.toFixed(2)} |`);
  }
}

/** One run of every row at the daemon that listens at `socket`. */
async function measure({ loader, libraries, path }: Program, socket: string): Promise<Rows> {
  const test = join(dirname(path), "test-xenstore");
  const args = ["--library-path", libraries, test, "-i", String(ITERATIONS)];
  const { stdout } = await promisify(execFile)(loader, args, {
    env: { PATH: "/usr/bin:/bin", XENSTORED_PATH: socket },
  });
  const rows = new Map(
    [...stdout.matchAll(/^(\S.*?)\s*: avg: (\d+) ns/gm)].map(([, row = "", ns]) => [
      row,
      Number(ns),
    ]),
  );
  if (rows.size === 0) throw new Error(`Cannot measure: test-xenstore says ${stdout.trim()}`);
  return rows;
}

interface Running extends AsyncDisposable {
  readonly socket: string;
}

async function startReal(program: Program): Promise<Running> {
  const directory = new RunDirectory();
  const daemon = new Daemon(beginningOf(realNamed(RIVAL), program), directory);
  const listens = await daemon.herald.announced("listening", START_MS);
  const running = {
    socket: directory.socket,
    async [Symbol.asyncDispose]() {
      await daemon.kill();
      directory[Symbol.dispose]();
    },
  };
  if (listens) return running;
  await running[Symbol.asyncDispose]();
  throw new Error(`Cannot measure: ${RIVAL} does not start`);
}

/** Our own daemon on the runtime that this runs on, in a process of its own as the other one is. */
async function startOwn(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-bench-"));
  const socket = join(folder, "socket");
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const run = "Deno" in globalThis ? ["run", "-A", main] : [main];
  const child = spawn(process.execPath, [...run, "serve", "xenstore", "--socket", socket], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  // It says so when it serves.
  await once(child.stderr, "data");
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

await main();
