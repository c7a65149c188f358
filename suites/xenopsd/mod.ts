/**
 * The cases of a xenopsd, and what becomes of them on a target.
 *
 * @module
 */
import type { Capability, XenopsBench } from "../../harness/facets/xenopsd.ts";
import { CheckError } from "../../harness/mod.ts";
import { XenopsError } from "../../src/xenops_interface/mod.ts";
import { CANCEL } from "./cancel.ts";
import type { Check, Checks } from "./check_table.ts";
import { CLAIMS, type Claim } from "./claims_table.ts";
import { CRASH } from "./crash.ts";
import { ELSEWHERE } from "./crash_elsewhere.ts";
import { NUMBERS } from "./device_numbers.ts";
import { IMAGES } from "./images.ts";
import { METADATA_CASES } from "./metadata.ts";
import { MIGRATE } from "./migrate.ts";
import { STREAMS } from "./migrate_streams.ts";
import { OBJECTS } from "./objects.ts";
import { QUEUES } from "./queues.ts";
import { RECORDS } from "./records.ts";
import { START } from "./start.ts";
import { TASKS } from "./tasks.ts";
import { UPDATES } from "./updates.ts";
import { VIEW } from "./view_case.ts";
import { WIRE } from "./wire.ts";

export interface Case extends Claim {
  readonly check: Check;
}

const CHECKS: Checks = {
  ...WIRE,
  ...NUMBERS,
  ...OBJECTS,
  ...START,
  ...CRASH,
  ...ELSEWHERE,
  ...TASKS,
  ...CANCEL,
  ...QUEUES,
  ...UPDATES,
  ...VIEW,
  ...IMAGES,
  ...METADATA_CASES,
  ...RECORDS,
  ...MIGRATE,
  ...STREAMS,
};

export const CASES: readonly Case[] = CLAIMS.map((claim) => {
  const check = CHECKS[claim.id];
  if (check !== undefined) return { ...claim, check };
  throw new TypeError(`Cannot try case as there must be a check: current value is ${claim.id}`);
});

/** `unlisted` is a known deviation that does not show, or another than is known. */
export type CaseVerdict = "passed" | "failed" | "known" | "unlisted" | "skipped" | "error";

export interface CaseResult {
  readonly id: string;
  readonly must: string;
  readonly verdict: CaseVerdict;
  /** What did not hold, or what is missing. */
  readonly reason: string;
}

/** Tries one case after the other. */
export async function* runCases(
  cases: readonly Case[],
  bench: XenopsBench,
  known: Readonly<Record<string, string>>,
): AsyncGenerator<CaseResult> {
  for (const one of cases) {
    const { id, must } = one;
    yield { id, must, ...(await judged(one, bench, known[id])) };
  }
}

type Judgement = Pick<CaseResult, "verdict" | "reason">;

async function judged(
  { needs, check }: Case,
  bench: XenopsBench,
  deviation: string | undefined,
): Promise<Judgement> {
  const missing = missingOf(needs, bench.capabilities);
  if (missing !== undefined) return { verdict: "skipped", reason: `there is no ${missing}` };
  try {
    await check(bench);
  } catch (error) {
    return failed(error, deviation);
  }
  if (deviation === undefined) return { verdict: "passed", reason: "" };
  return { verdict: "unlisted", reason: `it holds, and is known to fail: ${deviation}` };
}

/** A call that is refused where it may not be is a finding, too: the target is there. */
function failed(error: unknown, deviation: string | undefined): Judgement {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  const isFinding = error instanceof CheckError || error instanceof XenopsError;
  if (!isFinding) return { verdict: "error", reason: `it broke: ${reason}` };
  if (deviation === undefined) return { verdict: "failed", reason };
  if (reason.includes(deviation)) return { verdict: "known", reason };
  return { verdict: "unlisted", reason: `${reason}; known is: ${deviation}` };
}

function missingOf(
  needs: readonly Capability[],
  has: ReadonlySet<Capability>,
): Capability | undefined {
  return needs.find((need) => !has.has(need));
}
