/**
 * What a run showed, as one JSON value: what was asked, what it counted and covered, and a reason
 * for every cell that did not pass.
 *
 * @module
 */
import { Reasons } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import { cellName, type Report } from "../report.ts";
import type { ChosenPlan } from "./choice.ts";
import type { Json } from "./product.ts";

export function runSummary(
  report: Report,
  { plan, selection }: Pick<ChosenPlan, "plan" | "selection">,
  files: readonly string[],
  exitCode: number,
): Json {
  const reasons = new Reasons(report.header.expectations);
  for (const result of report.conditions()) reasons.add(result);
  const { implementation, releases, seed } = report.header;
  const surprises = reasons.surprises.map((reason) => {
    const { scenario, condition } = reason;
    const token = tokenOf({ scenario, condition, seed });
    return { ...reason, example: cellName(scenario, condition), token };
  });
  const known = reasons.known.map(({ expectation, scenario, condition, ...counts }) => ({
    name: expectation.name,
    link: expectation.link,
    example: cellName(scenario, condition),
    ...counts,
  }));
  const { unsupported } = reasons;
  const { parts, planned, pruned } = plan;
  const asked = { implementation, releases, seed, selection: selection ?? [] };
  const found = { surprises, known, unsupported, files, exitCode };
  const { shard } = report.header;
  const own = shard === undefined ? {} : { shard };
  return {
    ...asked,
    planned,
    parts,
    ...own,
    pruned,
    end: report.end ?? null,
    ...found,
  } as unknown as Json;
}
