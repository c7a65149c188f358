/**
 * What a compatibility statement says: for each writer and reader whether machines come through,
 * what is known to break, and digests of what was tested and found. Of a report alone: no clock and
 * no machine is in it, so whoever has the report makes the same statement, octet for octet.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { lineOf } from "../ndjson_writer.ts";
import { Reasons } from "../reasons.ts";
import type { ConditionResult, Report, RunEnd } from "../report.ts";

/** Version of the statement's JSON. */
const STATEMENT_SCHEMA = 1;

/**
 * - `yes`: every cell passed.
 * - `limited`: what did not pass is known, with a link.
 * - `no`: something surprised.
 * - `unknown`: nothing was asked, or the run did not come to its end.
 */
export type Answer = "yes" | "limited" | "no" | "unknown";

/** Paths of two hops between two releases, or longer ones by their length. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  readonly answer: Answer;
  readonly conditions: number;
  readonly passed: number;
  readonly known: number;
  readonly surprising: number;
}

export interface Statement {
  readonly schema: typeof STATEMENT_SCHEMA;
  readonly implementation: string;
  readonly releases: readonly string[];
  readonly seed: number;
  /** What narrowed the plan; empty when the whole plan ran. */
  readonly selection: readonly string[];
  readonly complete: boolean;
  readonly counts: Partial<Omit<RunEnd, "type">>;
  readonly directions: readonly Direction[];
  readonly longer: readonly (Omit<Direction, "from" | "to"> & { readonly hops: number })[];
  readonly known: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly note: string;
    readonly link: string;
    readonly conditions: number;
  }[];
  readonly surprises: readonly {
    readonly scenario: string;
    readonly verdict: string;
    readonly reason: string;
    readonly cells: number;
    readonly condition: string;
  }[];
  readonly notAsked: readonly { readonly reason: string; readonly cells: number }[];
  /** SHA-256 in hexadecimal. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Counts of conditions that are alike. */
interface Counts {
  conditions: number;
  passed: number;
  known: number;
  surprising: number;
}

export function statementOf(report: Report): Statement {
  const { header, end } = report;
  const { implementation, releases, axes, seed, selection = [], scenarios, expectations } = header;
  const reasons = new Reasons(expectations);
  const [pairs, longer] = [new Map<string, Counts>(), new Map<number, Counts>()];
  const lines = createHash("sha256").update(lineOf(header));
  const names = createHash("sha256");
  for (const result of report.conditions()) {
    lines.update(lineOf(result));
    names.update(`${result.name}\n`);
    reasons.add(result);
    const { path } = result.condition;
    if (path.length > 2) count(longer, path.length, result);
    else count(pairs, JSON.stringify([path[0].release, path[1].release]), result);
  }
  if (end !== undefined) lines.update(lineOf(end));
  const isWhole = end !== undefined;
  const { type: _, ...counts } = end ?? { type: "end" };
  return {
    schema: STATEMENT_SCHEMA,
    implementation,
    releases,
    seed,
    selection,
    complete: isWhole,
    counts,
    directions: releases.flatMap((from) =>
      releases.map((to) => directionOf(from, to, pairs, isWhole)),
    ),
    longer: [...longer.keys()]
      .sort((a, b) => a - b)
      .map((hops) => {
        const counted = longer.get(hops) ?? nothing();
        return { hops, answer: answerOf(counted, isWhole), ...counted };
      }),
    known: reasons.known.map(({ expectation: { name, verdict, note, link }, conditions }) => {
      return { name, verdict, note, link, conditions };
    }),
    surprises: reasons.surprises.map(({ scenario, verdict, reason, cells, condition }) => {
      return { scenario, verdict, reason, cells, condition };
    }),
    notAsked: reasons.unsupported.map(({ reason, cells }) => ({ reason, cells })),
    digests: {
      subject: digestOf({ implementation, releases, axes }),
      claims: digestOf(scenarios),
      expectations: digestOf(expectations),
      conditions: hex(names),
      report: hex(lines),
    },
  };
}

function directionOf(
  from: string,
  to: string,
  pairs: ReadonlyMap<string, Counts>,
  isWhole: boolean,
): Direction {
  const counts = pairs.get(JSON.stringify([from, to])) ?? nothing();
  return { from, to, answer: answerOf(counts, isWhole), ...counts };
}

function answerOf({ passed, known, surprising }: Counts, isWhole: boolean): Answer {
  if (surprising > 0) return "no";
  if (!isWhole || passed + known === 0) return "unknown";
  return known > 0 ? "limited" : "yes";
}

function nothing(): Counts {
  return { conditions: 0, passed: 0, known: 0, surprising: 0 };
}

/** A condition of which nothing could be asked is counted and neither passed nor known. */
function count<K>(all: Map<K, Counts>, key: K, { cells, adapterFault }: ConditionResult): void {
  const counts = all.get(key) ?? nothing();
  all.set(key, counts);
  counts.conditions++;
  const surprises = cells.some(({ surprise }) => surprise !== undefined);
  if (surprises || adapterFault !== undefined) counts.surprising++;
  else if (cells.some(({ expected }) => expected !== undefined)) counts.known++;
  else if (cells.some(({ verdict }) => verdict === "passed")) counts.passed++;
}

function digestOf(value: unknown): string {
  return hex(createHash("sha256").update(JSON.stringify(value)));
}

function hex(hash: Hash): string {
  return hash.digest("hex");
}
