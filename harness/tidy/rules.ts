/**
 * All house rules over all sources.
 *
 * @module
 */
import { checkContents } from "./contents.ts";
import type { Finding } from "./finding.ts";
import { checkCycles, checkDead } from "./graph.ts";
import { checkLayers } from "./layers.ts";
import { checkLengths } from "./lengths.ts";
import { checkNames } from "./names.ts";
import type { Source } from "./source.ts";

/** Every finding, by path and line. `packageText` is the text of `package.json`. */
export function checkAll(sources: readonly Source[], packageText: string): Finding[] {
  const perFile = [checkContents, checkLayers, checkLengths, checkNames];
  const findings = [
    ...sources.flatMap((source) => perFile.flatMap((check) => check(source))),
    ...checkCycles(sources),
    ...checkDead(sources, packageText),
  ];
  return findings.sort((a, b) => compare(a.path, b.path) || a.line - b.line);
}

/** By code unit: the same order everywhere. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
