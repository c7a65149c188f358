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
  type StoredTrend,
  type Triple,
  trendPlaces,
  whyNoBaseline,
} from "../bench/mod.ts";
import { History } from "../history/history.ts";
import { UsageError } from "./exit.ts";
import { isHistory } from "./past_runs.ts";

/** Octets of a result; that of all pairs of OpenHCL has 2 MB. */
const RESULT_SIZE_MAX = 64 * 2 ** 20;

/** Results that a page shows; each of OpenHCL has up to 70 KB there. */
const TREND_MAX = 30;

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
  readonly metrics: Readonly<Record<string, Triple>>;
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

/** What the last of `results` and `now` came to, where they are of the same implementation. */
export function trendFor(
  now: StoredHeader & Pick<StoredResult, "costs">,
  results: readonly NamedResult[],
): readonly StoredTrend[] {
  const same = results.filter(({ header }) => header.implementation === now.implementation);
  const before = same.slice(-TREND_MAX).map(({ name, header, costs }) => {
    return { name, foreign: whyNoBaseline(header, now) ?? null, places: trendPlaces(costs) };
  });
  const here = { name: "this one", foreign: null, places: trendPlaces(now.costs) };
  return before.length === 0 ? [] : [...before, here];
}

/** What a result came to between two releases. */
export function pointOf(
  { name, header, costs }: NamedResult,
  why: string | undefined,
  [writer, reader]: readonly [string, string] = [ALL, ALL],
): TrendPoint {
  const found = trendPlaces(costs).find((place) => {
    return place.writer === writer && place.reader === reader && place.keepalive === ALL;
  });
  return { name, version: header.version, foreign: why ?? null, metrics: found?.metrics ?? {} };
}
