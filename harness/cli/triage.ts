/**
 * `freezethaw triage`: what failed unexpectedly, which factors explain it, and expectations for it.
 *
 * @module
 */

import { existsSync, readFileSync, renameSync } from "node:fs";
import type { Command } from "commander";
import { counted } from "../counted.ts";
import { type Explanation, FACTORS_MAX, factorsText } from "../evidence/explain.ts";
import { Failures, type Group } from "../evidence/failures.ts";
import { proposalsFor, type Remarks } from "../evidence/proposal.ts";
import type { Expectation } from "../expectation.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import type { Report } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import { opened } from "./earlier_run.ts";
import { EXIT_FINDING, EXIT_OK, UsageError } from "./exit.ts";
import { readExpectations } from "./expectations.ts";
import { writePieces } from "./output_files.ts";
import { addOutside, type OutsideOptions, outsideImplementation } from "./outside.ts";
import type { Implementation, Json } from "./product.ts";
import type { Session } from "./session.ts";
import { checkFurther } from "./triage_check.ts";

interface TriageOptions extends Remarks, OutsideOptions {
  readonly write?: string;
  readonly check: boolean;
  readonly json?: true;
}

/** A group, and what is said of it. */
interface Explained {
  readonly group: Group;
  readonly entries: readonly Expectation[];
}

/** Other sets of factors that are shown. */
const OTHERS_MAX = 2;

export function addTriage(program: Command, session: Session): void {
  const command = program
    .command("triage")
    .description("explain what failed unexpectedly in a run by factors, and expect it")
    .argument("<run>", "a run as NDJSON")
    .option("--write <file>", "add the expectations to this file, for run --expectations")
    .option("--no-check", "do not run further conditions to check what is proposed")
    .option("--link <url>", "where the break is described")
    .option("--owner <name>", "who looks after the expectations")
    .option("--expires <end>", "the last day, or the first release, of the expectations")
    .option("--json", "print as JSON");
  addOutside(command).action(async (run: string, options: TriageOptions) => {
    session.exitCode = await triage(opened(run), options, session);
  });
}

async function triage(report: Report, options: TriageOptions, session: Session): Promise<number> {
  const { implementation, unknown } = await implementationOf(report, options, session);
  const before = options.write === undefined ? [] : await earlier(options.write, implementation);
  const failures = new Failures(report.header);
  for (const result of report.conditions()) failures.add(result);
  const checks = options.check && implementation !== undefined;
  const checked = checks ? await checkFurther(failures, implementation, report.header) : undefined;
  const taken = new Set([...report.header.expectations, ...before].map(({ name }) => name));
  const plain = implementation && plainScenarios(implementation);
  const { link, owner, expires } = options;
  const remarks = { ...(link && { link }), ...(owner && { owner }), ...(expires && { expires }) };
  const explained = failures.groups().map((group): Explained => {
    const entries = proposalsFor(group, failures, plain, taken, remarks);
    for (const { name } of entries) taken.add(name);
    return { group, entries };
  });
  const why = checked !== undefined ? undefined : (unknown ?? "as was asked");
  await tell(explained, checked, why, options, session);
  const entries = explained.flatMap((one) => one.entries);
  if (options.write !== undefined) {
    writeEntries(options.write, [...before, ...entries]);
    session.shell.tell(`${options.write}: ${counted(entries.length, "expectation")} more\n`);
  }
  return explained.every((one) => one.entries.length > 0) ? EXIT_OK : EXIT_FINDING;
}

/** What ran, when it is at hand as it was then. */
async function implementationOf(
  { header }: Report,
  options: TriageOptions,
  session: Session,
): Promise<{ readonly implementation?: Implementation; readonly unknown?: string }> {
  const outside = await outsideImplementation(options, session);
  const name = header.implementation;
  const isOutside = outside?.space.implementation === name;
  if (!isOutside && !session.names().includes(name)) return { unknown: `${name} is not at hand` };
  const found = isOutside ? outside : await session.implementation(name);
  const { releases, axes } = found.space;
  const same = JSON.stringify([releases, axes]) === JSON.stringify([header.releases, header.axes]);
  return same ? { implementation: found } : { unknown: `${name} has other releases or axes now` };
}

function plainScenarios({ suites, oracles }: Implementation): ReadonlySet<string> {
  bindOracles(oracles);
  const plain = bindScenarios(suites).filter(
    ({ scenario }) => !scenario.afterFailedSave && !scenario.afterFailedRestore,
  );
  return new Set(plain.map(({ id }) => id));
}

async function earlier(
  file: string,
  implementation: Implementation | undefined,
): Promise<readonly Expectation[]> {
  if (!file.endsWith(".json")) {
    throw new UsageError(`Cannot write ${file} as its name must end in .json`);
  }
  if (!existsSync(file)) return [];
  if (implementation !== undefined) return await readExpectations(file, implementation.space);
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (Array.isArray(list)) return list;
  throw new UsageError(`Cannot add to ${file} as it must be a list of expectations`);
}

/** Whoever reads the file meanwhile finds the old one or the new one. */
function writeEntries(file: string, entries: readonly Expectation[]): void {
  const aside = `${file}.new`;
  try {
    writePieces(aside, [`${JSON.stringify(entries, null, 2)}\n`]);
    renameSync(aside, file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`Cannot write ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function tell(
  explained: readonly Explained[],
  checked: number | undefined,
  unchecked: string | undefined,
  { json }: TriageOptions,
  session: Session,
): Promise<void> {
  if (json) {
    const groups = explained.map(({ group: { edges: _, ...group }, entries }) => {
      return { ...group, exact: entries.length > 0, entries };
    });
    await session.print({ groups, checked: checked ?? null } as unknown as Json, true);
    return;
  }
  const lines = explained.flatMap((one) => [...linesOf(one, (checked ?? 0) > 0)]);
  if (lines.length === 0) lines.push("Nothing failed unexpectedly");
  else if (checked === 0)
    lines.push("Not checked with further conditions: none else is foretold to fail");
  else if (unchecked === undefined) {
    lines.push(`Checked with ${counted(checked ?? 0, "further condition")}`);
  } else lines.push(`Not checked with further conditions: ${unchecked}`);
  await session.shell.write(`${lines.map(visible).join("\n")}\n`);
}

function* linesOf({ group, entries }: Explained, isChecked: boolean): Generator<string> {
  const { verdict, reason, scenarios, cells, further, example, explanations } = group;
  const [best, ...others] = explanations;
  const [first = "", ...more] = scenarios;
  const who = more.length === 0 ? first : `${first} and ${more.length} more`;
  yield `${SYMBOL[verdict]} ${counted(cells, "cell")} ${verdict}: ${reason}`;
  yield `  ${who}, such as on ${example}`;
  if (best === undefined) return;
  if (best.passing > 0) {
    const counts = `all ${best.failing} edges and ${best.passing} that pass`;
    const closest = `closest: ${textOf(best)} covers ${counts}`;
    yield `  no set of up to ${FACTORS_MAX} factors is exact; ${closest}`;
    return;
  }
  const checks = isChecked ? `, and ${further} of further conditions as foretold` : "";
  yield `  where ${textOf(best)}: exactly these${checks}`;
  for (const other of others.slice(0, OTHERS_MAX)) yield `  or where ${textOf(other)}`;
  const left = others.length - OTHERS_MAX;
  if (left > 0) yield `  or by ${left} other sets of as many factors`;
  yield `  expect it as ${entries.map(({ name }) => name).join(", ")}`;
}

function textOf({ factors }: Explanation): string {
  return factorsText(factors);
}
