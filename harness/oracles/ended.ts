/**
 * Compares how a hop ended with what the tables foretell.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Outcome } from "../oracle.ts";
import type { Foretold } from "./foretold.ts";

/** Throws unless `outcome` is the one foretold, with the foretold text in its reason. */
export function checkEnded(step: string, outcome: Outcome, { kind, text, by }: Foretold): void {
  const { reason = "" } = outcome;
  check(
    outcome.kind === kind,
    `${step} ${outcome.kind}${reason && ` (${reason})`}, table of ${by} says ${kind}`,
  );
  if (text === undefined) return;
  check(reason.includes(text), `${step} ${kind} with "${reason}", table of ${by} says "${text}"`);
}
