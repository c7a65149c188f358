/**
 * Runs every test file under Node, Deno and Bun, one after another, and adds up. What `npm test`
 * starts; `-- TEXT` keeps the files whose path contains it, `--runtime NAME` one runtime.
 *
 * Only lines that matter are shown: failures, reasons of skipped tests, output of tests. A process
 * takes a batch of files; of batches that are run side by side each is shown when it has ended.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { inOrder } from "./in_order.ts";
import {
  addCounts,
  type Counts,
  readCounts,
  TEST_RUNTIMES,
  type TestRuntime,
  type TestRuntimeName,
} from "./test_runtime.ts";

const { values, positionals } = parseArgs({
  options: { runtime: { type: "string", multiple: true } },
  allowPositionals: true,
});
process.exitCode = await main(values.runtime ?? Object.keys(TEST_RUNTIMES), positionals);

async function main(names: readonly string[], parts: readonly string[]): Promise<number> {
  const known = names.filter((name): name is TestRuntimeName => name in TEST_RUNTIMES);
  const files = testFiles(parts);
  if (known.length < names.length || files.length === 0) {
    const valid = Object.keys(TEST_RUNTIMES).join(", ");
    const problem =
      files.length === 0
        ? `as a file must match: current value is "${parts.join(" ")}"`
        : `as the runtime must be one of ${valid}: current value is "${names.join(", ")}"`;
    console.error(`Cannot run tests ${problem}`);
    return 2;
  }
  const table: (readonly [name: string, counts: Counts])[] = [];
  for (const name of known) {
    console.log(`\n== ${name}, ${files.length} files`);
    table.push([name, await run(TEST_RUNTIMES[name], files)]);
  }
  return summarize(table);
}

/** The same list for every runtime, so that none of them picks its own. */
function testFiles(parts: readonly string[]): string[] {
  return globSync("**/*_test.ts", { exclude: ["**/node_modules", "coverage", "reports"] })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort();
}

/** Runs all `files`, batch by batch. */
async function run(runtime: TestRuntime, files: readonly string[]): Promise<Counts> {
  const lanes = Array.from({ length: runtime.lanes }, (_, lane) => lane);
  const batches = batchesOf(files, runtime.batch);
  let sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  const isAlone = runtime.lanes === 1;
  const work = (_: number, batch: readonly string[]) =>
    start(runtime, batch, isAlone ? screen(runtime) : () => {});
  for await (const { lines, exitCode } of inOrder(lanes, batches, work)) {
    if (!isAlone) lines.forEach(screen(runtime));
    sum = addCounts(sum, readCounts(runtime, lines, exitCode));
  }
  return sum;
}

function* batchesOf(files: readonly string[], size: number): Generator<readonly string[]> {
  for (let at = 0; at < files.length; at += size) yield files.slice(at, at + size);
}

interface Ended {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** Runs one batch; `onLine` gets each line as it comes. */
async function start(
  runtime: TestRuntime,
  files: readonly string[],
  onLine: (line: string) => void,
): Promise<Ended> {
  const child = spawn(runtime.command, [...runtime.args, ...files.map((file) => `./${file}`)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NO_COLOR: "1",
      PATH: [join(process.cwd(), "node_modules", ".bin"), process.env.PATH].join(delimiter),
    },
  });
  const lines: string[] = [];
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code) => resolve(code ?? 1));
    child.once("error", (error) => {
      lines.push(`Cannot start ${runtime.command}: ${error.message}`);
      resolve(1);
    });
  });
  const read = async (stream: Readable) => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      onLine(line);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return { lines, exitCode: await ended };
}

/** Prints those of the lines that are not noise, without runs of empty ones. */
function screen({ noise }: TestRuntime): (line: string) => void {
  let blank = true;
  return (line) => {
    if (noise.test(line) || (line.trim() === "" && blank)) return;
    blank = line.trim() === "";
    console.log(line);
  };
}

/** Prints one row per runtime and the sum on a line of its own. Returns the exit code. */
function summarize(table: readonly (readonly [name: string, counts: Counts])[]): number {
  console.log("\nruntime  passed  failed skipped");
  for (const [name, { passed, failed, skipped }] of table) {
    const cells = [passed, failed, skipped].map((count) => String(count).padStart(8));
    console.log(name.padEnd(7) + cells.join(""));
  }
  const sum = table.map(([, counts]) => counts).reduce(addCounts);
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed === 0 ? 0 : 1;
}
