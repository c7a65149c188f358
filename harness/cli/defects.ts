/**
 * `freezethaw run --defects`: gives the implementation one real bug after the other, and tells
 * which cells notice.
 *
 * @module
 */
import { DefectHunt, type Finding } from "../defect_hunt.ts";
import { pairsOf } from "../defect_plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import { Selection } from "../selection.ts";
import { defectsJson, defectsMarkdown, defectsTable } from "./defects_text.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { demandWritable, outputPath, writePieces } from "./output_files.ts";
import type { Implementation } from "./product.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";

/** What of the options of a run matters here. */
export interface DefectOptions {
  readonly implementation?: string;
  readonly out: string;
  readonly json?: true;
  readonly seed: number;
}

/** Looks for the defects called `names`, or for all; `patterns` narrow who looks. */
export async function huntDefects(
  names: readonly string[],
  patterns: readonly string[],
  options: DefectOptions,
  session: Session,
): Promise<number> {
  const path = outputPath(options.out, "defects") ?? "";
  const hunt = await newHunt(names, patterns, options, session);
  demandWritable(options.out, [path]);
  const findings = await findingsOf(hunt, session);
  if (findings === undefined) return EXIT_INTERRUPTED;
  const exitCode = findings.every(({ caught }) => caught) ? EXIT_OK : EXIT_FINDING;
  session.exitCode = exitCode;
  const { seed } = options;
  writePieces(path, [defectsMarkdown(findings, seed)]);
  if (options.json) await session.print(defectsJson(findings, seed, exitCode), true);
  else await session.shell.write(`${defectsTable(findings)}Report: ${path}\n`);
  return exitCode;
}

async function newHunt(
  names: readonly string[],
  patterns: readonly string[],
  { implementation: name, seed }: DefectOptions,
  session: Session,
): Promise<DefectHunt> {
  const implementation = await session.implementation(name);
  const { adapter, space, suites, oracles, expectations } = implementation;
  const selection = new Selection({ patterns });
  const pairs = chosenDefects(implementation, names).flatMap((defect) =>
    pairsOf(space, defect, (condition) => selection.scenariosOn(condition)),
  );
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  return new DefectHunt({ adapter, space, expectations, seed, ...bound }, pairs);
}

function chosenDefects({ defects = [], space }: Implementation, names: readonly string[]) {
  if (defects.length === 0) {
    throw new UsageError(
      `Cannot look for defects as ${space.implementation} must have some: current value is none`,
    );
  }
  const all = defects.map((defect) => defect.name);
  const chosen = new Set(names.map((name) => demandName("defect", name, all)));
  return chosen.size === 0 ? defects : defects.filter((defect) => chosen.has(defect.name));
}

/** Undefined when it was interrupted. */
async function findingsOf(
  hunt: DefectHunt,
  { shell }: Session,
): Promise<readonly Finding[] | undefined> {
  const findings: Finding[] = [];
  const progress = new Progress(shell, hunt.run.header.planned);
  let stopped = false;
  using _ = shell.onInterrupt(() => {
    stopped = true;
  });
  for await (const finding of hunt.findings()) {
    progress.show(hunt.run.tally);
    if (finding !== null) findings.push(finding);
    if (stopped) break;
  }
  progress.clear();
  if (!stopped) return findings;
  shell.tell(`Interrupted after ${findings.length} of ${hunt.defects} defects\n`);
  return undefined;
}
