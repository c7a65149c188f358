/**
 * Results of `bench grid` that were stored, in a file each or in a history.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import {
  ALL,
  readResult,
  type StoredHeader,
  type StoredResult,
  whyNoBaseline,
} from "../bench/mod.ts";
import { History } from "../history/history.ts";
import { UsageError } from "./exit.ts";
import { isHistory } from "./past_runs.ts";

/** Octets of a result; that of all pairs of OpenHCL has 2 MB. */
const RESULT_SIZE_MAX = 64 * 2 ** 20;

/** A stored result, and what it is called. */
export interface NamedResult extends StoredResult {
  readonly name: string;
}

/** What a metric came to in a result, over all hops or those between two releases. */
export interface TrendPoint {
  readonly name: string;
  readonly version: string;
  /** Why the result is no baseline; null when it is one. */
  readonly foreign: string | null;
  /** p50, p99 and maximum by metric. */
  readonly metrics: Readonly<Record<string, readonly [number, number, number]>>;
}

/** The results in `path`, oldest first: one as JSON, or all of a history. */
export async function resultsOf(path: string): Promise<readonly NamedResult[]> {
  if (isHistory(path)) {
    using history = await History.open(path, "read");
    return history
      .measurements()
      .map(({ id, ...result }) => ({ ...result, name: `${path}#${id}` }));
  }
  const { size } = statSync(path);
  if (size > RESULT_SIZE_MAX) {
    throw new UsageError(
      `Cannot read ${path} as a result must have at most ${RESULT_SIZE_MAX} octets: it has ${size}`,
    );
  }
  try {
    return [{ ...readResult(readFileSync(path, "utf8")), name: path }];
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${error.message} (${path})`);
    throw error;
  }
}

/** The result `text`, in a file or as `FILE#N`, if what is measured now can be compared with it. */
export async function baselineFor(
  text: string,
  now: Omit<StoredHeader, "complete">,
): Promise<NamedResult> {
  const [, file = text, number] = /^(.*)#(\d{1,9})$/s.exec(text) ?? [];
  const results = await resultsOf(file);
  const found = number === undefined ? results[0] : results.find(({ name }) => name === text);
  if (found === undefined || (number === undefined && results.length > 1)) {
    const names = results.map(({ name }) => name).join(", ") || "none";
    throw new UsageError(`Cannot read ${text} as a result must be named: there are ${names}`);
  }
  const why = whyNoBaseline(found.header, now);
  if (why === undefined) return found;
  throw new UsageError(
    `Cannot take ${text} as a baseline as it must be like what is measured: it is ${why}`,
  );
}

/** Adds the result with this JSON to the history `path`. Answers in words what became of it. */
export async function keepMeasurement(text: string, path: string): Promise<string> {
  using history = await History.open(path, "write");
  const digest = createHash("sha256").update(text).digest("hex");
  const { id, isNew } = history.addMeasurement(readResult(text), digest);
  return `${isNew ? "Kept" : "There already"} as measurement ${id} of ${path}`;
}

/** What `results` and `now` came to, where they are of the same implementation. */
export function trendFor(
  now: StoredHeader & Pick<StoredResult, "costs">,
  results: readonly NamedResult[],
): readonly TrendPoint[] {
  const same = results.filter(({ header }) => header.implementation === now.implementation);
  const before = same.map((result) => pointOf(result, whyNoBaseline(result.header, now)));
  const here = { name: "this one", header: now, costs: now.costs };
  return same.length === 0 ? [] : [...before, pointOf(here, undefined)];
}

/** What a result came to between two releases. */
export function pointOf(
  { name, header, costs }: NamedResult,
  why: string | undefined,
  [writer, reader]: readonly [string, string] = [ALL, ALL],
): TrendPoint {
  const own = costs.filter(
    (cost) =>
      cost.writer === writer &&
      cost.reader === reader &&
      cost.keepalive === ALL &&
      cost.configuration === ALL,
  );
  const metrics = own.map(({ metric, p50, p99, max }) => [metric, [p50, p99, max]] as const);
  const { version } = header;
  return { name, version, foreign: why ?? null, metrics: Object.fromEntries(metrics) };
}
