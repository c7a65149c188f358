/**
 * Line difference of two values, for the message of a failed comparison.
 *
 * @module
 */
import { format } from "./format.ts";

/** Lines beyond which both values are shown whole: the table is quadratic. */
const LINES_MAX = 500;

/** `- ` before lines of `actual` only, `+ ` before lines of `expected` only. */
export function difference(actual: unknown, expected: unknown): string {
  const left = format(actual).split("\n");
  const right = format(expected).split("\n");
  const lines =
    Math.max(left.length, right.length) > LINES_MAX
      ? [...left.map((line) => `- ${line}`), ...right.map((line) => `+ ${line}`)]
      : align(left, right);
  return `    [Diff] Actual / Expected\n\n${lines.join("\n")}`;
}

/** Walks both sides along their longest common subsequence. */
function align(left: readonly string[], right: readonly string[]): string[] {
  const rest = commonLengths(left, right);
  const lines: string[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    if (l < left.length && left[l] === right[r]) {
      lines.push(`  ${left[l]}`);
      l++;
      r++;
    } else if (r >= right.length || (l < left.length && at(rest, l + 1, r) >= at(rest, l, r + 1))) {
      lines.push(`- ${left[l++]}`);
    } else {
      lines.push(`+ ${right[r++]}`);
    }
  }
  return lines;
}

/** `[l][r]` is the length of the longest common subsequence of what follows `l` and `r`. */
function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const rest = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  for (let l = left.length - 1; l >= 0; l--) {
    const row = rest[l] ?? [];
    for (let r = right.length - 1; r >= 0; r--) {
      row[r] =
        left[l] === right[r]
          ? at(rest, l + 1, r + 1) + 1
          : Math.max(at(rest, l + 1, r), at(rest, l, r + 1));
    }
  }
  return rest;
}

function at(table: readonly (readonly number[])[], row: number, column: number): number {
  return table[row]?.[column] ?? 0;
}
