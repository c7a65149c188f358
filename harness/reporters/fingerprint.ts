/**
 * What tells a finding from others, and is the same when it is found again by another run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Known, Reason } from "../reasons.ts";

/** Hexadecimal digits that are enough for the findings of a run. */
const LENGTH = 40;

export function fingerprintOf(finding: Reason | Known | string): string {
  return createHash("sha256")
    .update(JSON.stringify(partsOf(finding)))
    .digest("hex")
    .slice(0, LENGTH);
}

function partsOf(finding: Reason | Known | string): readonly string[] {
  if (typeof finding === "string") return ["expectation", finding];
  if ("expectation" in finding) return ["known", finding.expectation.name];
  const { scenario, several, verdict, reason, surprise = "" } = finding;
  return ["surprise", several ? "" : scenario, verdict, reason, surprise];
}
