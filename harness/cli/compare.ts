/**
 * `freezethaw compare`: what was gained and lost from one run to another, in words.
 *
 * @module
 */
import type { Command } from "commander";
import {
  type Comparison,
  compareRuns,
  type Difference,
  type Silent,
} from "../evidence/comparison.ts";
import { factorsText } from "../evidence/explain.ts";
import type { Group } from "../evidence/failures.ts";
import { visible } from "../visible.ts";
import { EXIT_FINDING, EXIT_OK, UsageError } from "./exit.ts";
import { oneRun } from "./past_runs.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

/** Names that a line lists. */
const NAMES_MAX = 5;

export function addCompare(program: Command, session: Session): void {
  program
    .command("compare")
    .description("what was gained and lost from one run to another; exits with 1 for a loss")
    .argument("<before>", "a run as NDJSON, or HISTORY#NUMBER")
    .argument("<after>", "likewise")
    .option("--json", "print as JSON")
    .action(async (before: string, after: string, { json }: { readonly json?: true }) => {
      using old = await oneRun(before);
      using now = await oneRun(after);
      const [was, is] = [old, now].map(({ run }) => run.report.header.implementation);
      if (was !== is) {
        throw new UsageError(`Cannot compare runs of different implementations: ${was} and ${is}`);
      }
      const comparison = compareRuns(old.run.report, now.run.report);
      const isLoss = loses(comparison);
      session.exitCode = isLoss ? EXIT_FINDING : EXIT_OK;
      const digests = { before: old.run.digest, after: now.run.digest };
      if (json) await session.print(jsonOf(comparison, digests, isLoss), true);
      else await session.shell.write(`${[...linesOf(comparison)].map(visible).join("\n")}\n`);
    });
}

function loses({ lost, lostSilently, releases, scenarios }: Comparison): boolean {
  const names = releases.lost.length + scenarios.lost.length;
  return lost.length + lostSilently.length + names > 0;
}

function jsonOf(comparison: Comparison, digests: Json, isLoss: boolean): Json {
  const plain = ({ edges: _, ...group }: Group) => group;
  const named = ({ scenarios, ...group }: Silent) => ({ ...group, scenarios: [...scenarios] });
  return {
    digests,
    isLoss,
    ...comparison,
    lost: comparison.lost.map(plain),
    gained: comparison.gained.map(plain),
    changed: comparison.changed.map(plain),
    lostSilently: comparison.lostSilently.map(named),
    gainedSilently: comparison.gainedSilently.map(named),
    balances: Object.fromEntries(comparison.balances),
  } as unknown as Json;
}

function* linesOf(comparison: Comparison): Generator<string> {
  const { lost, lostSilently, gained, gainedSilently, changed, balances, same } = comparison;
  yield* namesOf("Lost", "lost", comparison);
  for (const group of lost) yield* groupLines(`Lost: ${group.cells} cells that passed`, group);
  for (const one of lostSilently) yield silentLine(`Lost: ${one.cells} cells that passed`, one);
  yield* namesOf("Gained", "gained", comparison);
  for (const group of gained)
    yield* groupLines(`Gained: ${group.cells} cells pass that`, group, "were ");
  for (const one of gainedSilently) yield silentLine(`Gained: ${one.cells} cells pass that`, one);
  for (const group of changed)
    yield* groupLines(`Changed: ${group.cells} cells that failed`, group);
  for (const [way, { lost: fewer, gained: more }] of balances) {
    yield `${way}: ${fewer} cells lost, ${more} gained`;
  }
  yield `Same: ${same} cells`;
  yield loses(comparison) ? "Something was lost" : "Nothing was lost";
}

function* namesOf(
  title: string,
  how: keyof Difference,
  { releases, scenarios }: Comparison,
): Generator<string> {
  if (releases[how].length > 0) yield `${title}: releases ${listed(releases[how])}`;
  if (scenarios[how].length > 0) yield `${title}: scenarios ${listed(scenarios[how])}`;
}

function* groupLines(title: string, group: Group, were = "are "): Generator<string> {
  const { verdict, reason, scenarios, example, explanations } = group;
  yield `${title} ${were}${verdict}: ${reason}`;
  const [best] = explanations;
  if (best !== undefined) {
    const exactly = best.passing === 0 ? "exactly" : `with ${best.passing} others`;
    yield `  where ${factorsText(best.factors)} (${exactly}), such as on ${example}`;
  }
  yield `  ${listed(scenarios)}`;
}

function silentLine(title: string, { what, reason, scenarios, example }: Silent): string {
  const words = {
    unsupported: "not supported",
    error: "not asked, by an error",
    absent: "not there",
  };
  const why = reason === "" ? "" : `: ${reason}`;
  const when = title.startsWith("Lost") ? "are" : "were";
  return `${title} ${when} ${words[what]}${why}; ${listed([...scenarios])}, such as on ${example}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return `${names.slice(0, NAMES_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
