/**
 * `freezethaw run --replay`: runs the condition of one cell again and prints what happened, the
 * same text on every runtime.
 *
 * @module
 */
import { figuresText } from "../figures.ts";
import { planOf } from "../plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import { cellOfToken, type NamedCell } from "../replay_token.ts";
import type { CellResult, ConditionResult } from "../report.ts";
import { Run } from "../run.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import { readCaptured } from "./captured.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_OK, UsageError } from "./exit.ts";
import { withExpectations } from "./expectations.ts";
import { demandName } from "./nearest.ts";
import { type OutsideOptions, outsideImplementation } from "./outside.ts";
import type { Implementation, Json } from "./product.ts";
import type { Session } from "./session.ts";

interface ReplayOptions extends OutsideOptions {
  readonly expectations: readonly string[];
  readonly file?: string;
  readonly json?: true;
}

/** Replays the cell of `token`; the exit code says whether it is as expected. */
export async function replay(
  token: string,
  options: ReplayOptions,
  session: Session,
): Promise<number> {
  const named = asked(() => cellOfToken(token));
  const implementation = await implementationOf(named, options, session);
  const result = await resultOf(named, implementation);
  const cell = result.cells.find(({ scenario }) => scenario === named.scenario);
  if (cell === undefined) {
    throw new UsageError(
      `Cannot replay token as its scenario must speak of its condition: current value is ${token}`,
    );
  }
  const exitCode = exitCodeOf(result, cell);
  if (options.json) {
    const { transcript } = result;
    await session.print({ token, ...named, transcript, cell, exitCode } as unknown as Json, true);
  } else {
    await session.shell.write(`${[...lines(named, result, cell, implementation)].join("\n")}\n`);
  }
  return exitCode;
}

async function implementationOf(
  { condition }: NamedCell,
  options: ReplayOptions,
  session: Session,
): Promise<Implementation> {
  const { file, expectations } = options;
  const outside = await outsideImplementation(options, session);
  const own = outside?.space.implementation;
  const names = [...(own === undefined ? [] : [own]), ...session.names()];
  const name = demandName("implementation", condition.split("@", 1)[0] ?? "", names);
  const found =
    outside !== undefined && name === own ? outside : await session.implementation(name);
  const implementation = await withExpectations(found, expectations);
  if (file === undefined) return implementation;
  const { space } = implementation;
  const plan = asked(() => planOf(space, condition));
  const [first] = [...plan.conditions()].map((planned) => planned.condition.path[0].release);
  return await readCaptured(implementation, session, file, first ?? "");
}

/** Runs the whole condition: an oracle has looked at every round of it. */
async function resultOf(
  { condition, scenario, seed }: NamedCell,
  { adapter, space, suites, oracles, expectations }: Implementation,
): Promise<ConditionResult> {
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  const ids = [...bound.scenarios, ...bound.oracles].map(({ id }) => id);
  demandName("scenario", scenario, ids);
  const plan = asked(() => planOf(space, condition));
  const run = new Run({
    adapter,
    space,
    expectations,
    seed,
    plan,
    selection: [],
    traced: true,
    ...bound,
  });
  // Only a walk that comes to its end lets go of its watchdog.
  const results: ConditionResult[] = [];
  for await (const result of run.results()) results.push(result);
  return results[0] as ConditionResult;
}

/** What `find` finds; when there is no such thing, the command line asked for it. */
function asked<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof RangeError || error instanceof URIError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

function exitCodeOf({ adapterFault }: ConditionResult, { surprise }: CellResult): number {
  if (adapterFault !== undefined) return EXIT_ADAPTER;
  return surprise === undefined ? EXIT_OK : EXIT_FINDING;
}

function* lines(
  { condition, scenario, seed }: NamedCell,
  { transcript }: ConditionResult,
  cell: CellResult,
  { expectations }: Implementation,
): Generator<string> {
  yield scenario;
  yield condition;
  yield `seed ${seed}`;
  yield "";
  for (const { event, release, detail, figures } of transcript) {
    const text = figures === undefined ? detail : figuresText(figures);
    yield visible(`${event.padEnd(12)}  ${release.padEnd(8)}  ${text}`).trimEnd();
  }
  yield "";
  const { verdict, edge, reason, expected, surprise } = cell;
  const where = edge === undefined ? "" : ` on edge ${edge}`;
  yield visible(`${SYMBOL[verdict]} ${verdict}${where}${reason ? `: ${reason}` : ""}`);
  if (surprise !== undefined) yield visible(`expected ${surprise}`);
  const known = expectations.find(({ name }) => name === expected);
  if (known !== undefined) yield `known as ${known.name}: ${known.note} ${known.link}`;
}
