/**
 * How a run came out, as an exit code; and who reports it.
 *
 * @module
 */
import { isSurprising } from "../attempts.ts";
import type { Report, Reporter, RunEnd } from "../report.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_OK, EXIT_UNKNOWN } from "./exit.ts";
import type { Session } from "./session.ts";

/** Reporters of a run that is not told otherwise. */
export const REPORTERS = ["terminal", "junit", "markdown", "html"];

/** The reporter `name`, in colour where what it prints can be. */
export function reporterOf(name: string, { product, shell }: Session): Reporter | undefined {
  const inColour = name === "terminal" && shell.colour;
  return inColour ? product.terminalInColour : product.reporters[name];
}

/**
 * The exit code of a report. Without an end, or with results left out, the answer is unknown,
 * unless what there is gives it away already.
 */
export function exitCodeOf(report: Report, leftOut = 0): number {
  const { end } = report;
  const { adapterFaults = 0, surprises, stale, expired = [] } = end ?? seenIn(report);
  if (adapterFaults > 0) return EXIT_ADAPTER;
  if (surprises + stale.length + expired.length > 0) return EXIT_FINDING;
  return end === undefined || leftOut > 0 || isSilent(report) ? EXIT_UNKNOWN : EXIT_OK;
}

/** Whether nothing was asked: that nothing went wrong then says nothing. A shard has others. */
export function isSilent({ header, end }: Report): boolean {
  const asked = Object.keys(end?.verdicts ?? {}).some((kind) => kind !== "unsupported");
  return header.shard === undefined && end !== undefined && !asked;
}

/** What the conditions of a report without an end show. */
function seenIn(report: Report): Pick<RunEnd, "adapterFaults" | "surprises" | "stale" | "expired"> {
  let [adapterFaults, surprises] = [0, 0];
  for (const result of report.conditions()) {
    if (result.adapterFault !== undefined) adapterFaults++;
    else if (isSurprising(result)) surprises++;
  }
  return { adapterFaults, surprises, stale: [] };
}
