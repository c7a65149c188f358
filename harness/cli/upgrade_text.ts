/**
 * What `can-upgrade` answers, in words and as JSON.
 *
 * @module
 */
import { counted } from "../counted.ts";
import type { Answer, Decision, Loss, Route } from "../evidence/decision.ts";
import { factorsText } from "../evidence/explain.ts";
import { type FailedAlike, wayOf } from "../evidence/route_evidence.ts";
import { signatureOf } from "../evidence/signature.ts";
import type { Circumstances } from "../evidence/upgrade_evidence.ts";
import { whyNot } from "../evidence/why_not.ts";
import type { PastRun } from "../history/history.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

/** A question, and what was found. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly flags: readonly string[];
  readonly answer: Answer;
  /** Forth, and back where that is asked. */
  readonly decisions: readonly { readonly decision: Decision; readonly lost: readonly Loss[] }[];
  /** Over other releases, for each way that is none; without a route where none is known. */
  readonly routes: readonly {
    readonly from: string;
    readonly to: string;
    readonly route?: Route;
  }[];
  readonly builds: ReadonlyMap<string, string>;
  readonly runs: readonly PastRun[];
  readonly circumstances: Circumstances;
}

const WORDS: Readonly<Record<Answer, string>> = { yes: "Yes", no: "No", unknown: "Unknown" };
/** Failures, their causes and scenarios that a text lists. */
const FAILURES_MAX = 8;
const CAUSES_MAX = 3;
const SCENARIOS_MAX = 4;

export async function tellUpgrade(asked: Asked, json: boolean, session: Session): Promise<void> {
  if (json) await session.print(jsonOf(asked), true);
  else await session.shell.write(`${[...linesOf(asked)].map(visible).join("\n")}\n`);
}

function* linesOf(asked: Asked): Generator<string> {
  const { from, to, flags, answer, decisions, routes } = asked;
  const where = flags.length === 0 ? "" : ` where ${flags.join(" & ")}`;
  yield `${WORDS[answer]}: from ${from} to ${to}${where}`;
  for (const { decision, lost } of decisions) {
    for (const reason of decision.reasons) yield `  ${decision.answer}: ${reason}`;
    yield* failureLines(decision, asked);
    yield* lossLines(lost);
  }
  for (const { from: start, to: end, route } of routes) {
    if (route === undefined) {
      yield `Safe route from ${start} to ${end}: none is known`;
      continue;
    }
    const { hops, asAWhole, lost } = route;
    const how =
      asAWhole > 0 ? `${counted(asAWhole, "cell")} passed on all of it` : "known hop by hop only";
    yield `Safe route from ${start} to ${end}: ${wayOf(hops)} (${how})`;
    yield* lossLines(lost);
  }
  yield* pinnedLines(asked);
}

function* failureLines(decision: Decision, asked: Asked): Generator<string> {
  const { failures } = decision.evidence;
  const causes = failures.length === 0 ? [] : causesOf(decision, asked);
  for (const alike of failures.slice(0, FAILURES_MAX)) {
    const { verdict, reason, cells, example } = alike;
    const how = `${counted(cells, "cell")} ${verdict}: ${reason}${knownText(alike, asked)}`;
    yield `    ${SYMBOL[verdict]} ${how}`;
    yield `      such as on ${example}`;
    const own = causes.filter((cause) => signatureOf(cause) === signatureOf(alike));
    for (const { cells: some, explanations } of own.slice(0, CAUSES_MAX)) {
      const [best] = explanations;
      // Where all of it fails, there is nothing to tell apart.
      if (best === undefined || Object.keys(best.factors).length === 0) continue;
      const exactly = best.passing === 0 ? "" : ` (nearly: ${best.passing} pass there)`;
      yield `      ${some} of them where ${factorsText(best.factors)}${exactly}`;
    }
  }
  const more = failures.length - FAILURES_MAX;
  if (more > 0) yield `    and ${more} other reasons`;
}

/** By the newest run that says something of the builds that are asked about. */
function causesOf({ way, evidence }: Decision, { runs, circumstances }: Asked) {
  const newest = runs.findLast(({ id }) => evidence.runs.has(id));
  return newest === undefined ? [] : whyNot(newest.report, way, circumstances);
}

function knownText({ expected }: FailedAlike, { runs }: Asked): string {
  if (expected === undefined) return "";
  const all = runs.toReversed().flatMap(({ report }) => report.header.expectations);
  const link = all.find(({ name }) => name === expected)?.link ?? "";
  return ` (known as ${expected}${link === "" ? "" : `, ${link}`})`;
}

function* lossLines(lost: readonly Loss[]): Generator<string> {
  for (const { why, scenarios } of lost) {
    const more = scenarios.length - SCENARIOS_MAX;
    const names = scenarios.slice(0, SCENARIOS_MAX).join(", ");
    yield `    lost on the way: ${why}; ${names}${more > 0 ? ` and ${more} more` : ""}`;
  }
}

/** What was tested, so that the answer is not taken for one about another build. */
function* pinnedLines({ decisions, routes, builds, runs }: Asked): Generator<string> {
  const stops = routes.map(({ route }) => route?.hops ?? []);
  const ways = [...decisions.map(({ decision }) => decision.way), ...stops];
  for (const release of new Set(ways.flat())) {
    const build = builds.get(release);
    if (build !== undefined) yield `Tested: ${release}${build === "" ? "" : `, ${build}`}`;
  }
  for (const { id, digest, report } of runs) {
    const part = report.header.selection;
    const narrowed = part === undefined ? "" : `, a part of the plan: ${part.join(" ")}`;
    yield `Run ${id}: sha256 ${digest}${narrowed}`;
  }
}

function jsonOf(asked: Asked): Json {
  const { from, to, flags, answer, decisions, routes, builds, runs } = asked;
  return {
    from,
    to,
    flags,
    answer,
    decisions: decisions.map(({ decision, lost }) => {
      const { way, evidence, reasons } = decision;
      const { passed, failed, errors, unsupported, conditions } = evidence;
      const failures = evidence.failures.map(({ scenarios, ...alike }) => {
        return { ...alike, scenarios: [...scenarios] };
      });
      const causes =
        failed === 0 ? [] : causesOf(decision, asked).map(({ edges: _, ...cause }) => cause);
      const counts = { passed, failed, errors, unsupported, conditions: conditions.size };
      return { way, answer: decision.answer, reasons, ...counts, failures, causes, lost };
    }),
    routes,
    builds: Object.fromEntries(builds),
    runs: runs.map(({ id, digest, report: { header, end } }) => {
      return { id, digest, selection: header.selection ?? [], whole: end !== undefined };
    }),
  } as unknown as Json;
}
