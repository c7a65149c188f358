/**
 * Runs every test file under Node, Deno and Bun, one after another, and adds up. What `npm test`
 * starts; `-- TEXT` keeps the files whose path contains it, `--runtime NAME` one runtime.
 *
 * Only lines that matter are shown: failures, reasons of skipped tests, output of tests.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import {
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

async function run(runtime: TestRuntime, files: readonly string[]): Promise<Counts> {
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
      console.error(`Cannot start ${runtime.command}: ${error.message}`);
      resolve(1);
    });
  });
  const read = (stream: Readable) => show(stream, runtime.noise, lines);
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return readCounts(runtime, lines, await ended);
}

/** Prints what is not noise, without runs of empty lines. */
async function show(stream: Readable, noise: RegExp, lines: string[]): Promise<void> {
  let blank = true;
  for await (const line of createInterface({ input: stream })) {
    lines.push(line);
    if (noise.test(line) || (line.trim() === "" && blank)) continue;
    blank = line.trim() === "";
    console.log(line);
  }
}

/** Prints one row per runtime and the sum on a line of its own. Returns the exit code. */
function summarize(table: readonly (readonly [name: string, counts: Counts])[]): number {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  console.log("\nruntime  passed  failed skipped");
  for (const [name, { passed, failed, skipped }] of table) {
    const cells = [passed, failed, skipped].map((count) => String(count).padStart(8));
    console.log(name.padEnd(7) + cells.join(""));
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed === 0 ? 0 : 1;
}
