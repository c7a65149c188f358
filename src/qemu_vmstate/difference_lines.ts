/**
 * What a comparison found, as lines. Types of devices that say the same stand in one line.
 *
 * @module
 */
import type { Comparison, Difference, Severity } from "./difference.ts";
import { shown } from "./shown.ts";

/** Types that a line names; others are counted. */
const NAMED_MAX = 3;
const SEVERITIES: readonly Severity[] = ["breaks", "may break", "harmless"];

/** One line for all, then one for each difference; harmless ones where they are asked for. */
export function* comparisonLines(
  title: string,
  { differences, opaque, sectionCount }: Comparison,
  showsHarmless: boolean,
): Generator<string> {
  const grouped = groups(differences);
  const counts = SEVERITIES.map((severity) => {
    return `${grouped.filter(([first]) => first.severity === severity).length} ${severity}`;
  });
  const dark = `${new Set(opaque.map(({ section }) => section)).size} of them partly opaque`;
  yield `${shown(title)}: ${counts.join(", ")}; ${sectionCount} types of devices compared, ${dark}`;
  for (const severity of SEVERITIES) {
    if (severity === "harmless" && !showsHarmless) continue;
    for (const [first, types] of grouped) {
      if (first.severity === severity) yield line(first, types);
    }
  }
}

function line({ kind, path, severity, reason }: Difference, types: readonly string[]): string {
  const names = types.slice(0, NAMED_MAX).map(shown).join(", ");
  const others = types.length - NAMED_MAX;
  const who = others > 0 ? `${names} and ${others} more` : names;
  return `  ${severity}: ${who}: ${kind} ${shown(path)}: ${shown(reason)}`;
}

/** Differences that are the same but for the type, with all types. */
function groups(differences: readonly Difference[]): (readonly [Difference, readonly string[]])[] {
  const types = new Map<string, readonly [Difference, string[]]>();
  for (const difference of differences) {
    const { kind, path, severity, reason, section } = difference;
    const key = [kind, path, severity, reason].join("\n");
    const group = types.get(key);
    if (group === undefined) types.set(key, [difference, [section]]);
    else group[1].push(section);
  }
  return [...types.values()];
}
