/**
 * How each runtime runs the tests, and how to read the counts in its closing lines.
 *
 * The closing lines are those of Node 24 (`spec`), Deno 2.9 (`pretty`) and Bun 1.4.
 *
 * @module
 */
import { availableParallelism } from "node:os";

/** Longest that one test may take in Bun, whose own default is 5 seconds. */
const TIMEOUT_MS = 120_000;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestRuntime {
  readonly command: string;
  readonly args: readonly string[];
  /** Files that one process takes; what a process has ever loaded stays in its memory. */
  readonly batch: number;
  /** Batches that are run side by side. */
  readonly lanes: number;
  /** Lines that say only that a test passed. */
  readonly noise: RegExp;
  /** Patterns over the closing lines, each with the count as its group; counts add up. */
  readonly closing: Readonly<Record<keyof Counts, readonly RegExp[]>>;
}

export const TEST_RUNTIMES = {
  node: {
    command: process.versions.bun || process.versions.deno ? "node" : process.execPath,
    args: ["--test", "--test-reporter=spec", `--test-concurrency=${availableParallelism()}`],
    // Each file has a process of its own anyway.
    batch: Infinity,
    lanes: 1,
    noise: /^\s*(?:✔|▶|ℹ (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) )/,
    closing: {
      passed: [/^ℹ pass (\d+)$/],
      failed: [/^ℹ fail (\d+)$/, /^ℹ cancelled (\d+)$/],
      skipped: [/^ℹ skipped (\d+)$/, /^ℹ todo (\d+)$/],
    },
  },
  deno: {
    command: "deno",
    // Types are checked by `deno check`, once and not per run.
    args: ["test", "-A", "--no-check", "--reporter=pretty"],
    batch: 6,
    lanes: availableParallelism(),
    noise: /(?:\.\.\. ok \(\S+\)$|^running \d+ tests? from )|^(?:ok|FAILED) \| /,
    closing: {
      passed: [/^(?:ok|FAILED) \| (\d+) passed/],
      failed: [/^(?:ok|FAILED) \|.* \| (\d+) failed/],
      skipped: [/^(?:ok|FAILED) \|.* \| (\d+) ignored/],
    },
  },
  bun: {
    command: "bun",
    args: ["test", "--timeout", String(TIMEOUT_MS)],
    batch: 12,
    lanes: availableParallelism(),
    noise: /^(?:\(pass\)|bun test v|Ran \d|\S+_test\.ts:$| *\d+ (?:pass|fail|skip|todo|errors?)$)/,
    closing: {
      passed: [/^\s*(\d+) pass$/],
      failed: [/^\s*(\d+) fail$/],
      skipped: [/^\s*(\d+) skip$/, /^\s*(\d+) todo$/],
    },
  },
} as const satisfies Record<string, TestRuntime>;

export type TestRuntimeName = keyof typeof TEST_RUNTIMES;

/**
 * Counts of a finished run. A run that ends badly without a failed test, or that ends well
 * without any test, counts as one failure: a file that cannot be loaded must not look green.
 */
export function readCounts(
  { closing }: TestRuntime,
  lines: readonly string[],
  exitCode: number,
): Counts {
  const count = (patterns: readonly RegExp[]) =>
    patterns.map((pattern) => lastNumber(pattern, lines)).reduce((sum, value) => sum + value, 0);
  const passed = count(closing.passed);
  const failed = count(closing.failed);
  const skipped = count(closing.skipped);
  const unexplained = failed === 0 && (exitCode !== 0 || passed + skipped === 0);
  return { passed, failed: unexplained ? 1 : failed, skipped };
}

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** Tests may print such lines too, so the last one counts. */
function lastNumber(pattern: RegExp, lines: readonly string[]): number {
  const line = lines.findLast((candidate) => pattern.test(candidate));
  return Number(line?.match(pattern)?.[1] ?? 0);
}
