/**
 * The signature of a failure: its verdict, and its reason without the numbers in it.
 *
 * @module
 */
import type { CellResult } from "../report.ts";

const NUMBER = /0x[0-9a-f]+|\d+/gi;

/** Equal for failures that are the same but for numbers. */
export function signatureOf({
  verdict,
  reason = "",
}: Pick<CellResult, "verdict" | "reason">): string {
  return `${verdict} ${reason.replace(NUMBER, "#")}`;
}

/** The longest text without a number that all `reasons` have; the reason itself when it is one. */
export function sharedReason(reasons: Iterable<string>): string {
  const [first = "", ...others] = new Set(reasons);
  if (others.length === 0) return first;
  const parts = first
    .split(NUMBER)
    .map((part) => part.trim())
    .filter((part) => others.every((reason) => reason.includes(part)));
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}
