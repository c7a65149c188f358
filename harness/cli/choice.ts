/**
 * The options that choose a part of a plan: patterns, `--where`, `--paths`, `--only-failed`.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { Space } from "../axis.ts";
import { namePattern } from "../name_pattern.ts";
import { makePlan, type Plan } from "../plan.ts";
import { type BoundOracle, type BoundScenario, bindOracles, bindScenarios } from "../program.ts";
import { type Choice, type PathShape, Selection, SHAPES } from "../selection.ts";
import { UsageError } from "./exit.ts";
import { demandName, suggestion } from "./nearest.ts";
import type { Implementation } from "./product.ts";

export interface ChoiceOptions {
  readonly where: readonly string[];
  readonly paths: readonly string[];
}

/** What is run, planned. */
export interface ChosenPlan {
  readonly plan: Plan;
  readonly scenarios: readonly BoundScenario[];
  readonly oracles: readonly BoundOracle[];
  /** The choice as given; absent when everything is chosen. */
  readonly selection?: readonly string[];
}

/** Adds the options to `command`. */
export function addChoice(command: Command): Command {
  return command
    .argument("[patterns...]", "names of scenarios, conditions or cells, with * for any text")
    .addOption(
      new Option(
        "--where <factor=value[,value]>",
        "only edges with these factors: first, writer, reader, an axis of the path, " +
          "writer.AXIS or reader.AXIS (repeatable)",
      )
        .argParser(collect)
        .default([], "any"),
    )
    .addOption(
      new Option("--paths <shapes>", `${SHAPES.join(", ")} or all, with commas`)
        .argParser(split)
        .default(["all"], "all"),
    );
}

/** Plans what `patterns` and `options` choose. Throws when that is nothing. */
export function choose(
  { space, suites, oracles, captured }: Implementation,
  patterns: readonly string[],
  options: ChoiceOptions,
  onlyFailed?: ReadonlySet<string>,
): ChosenPlan {
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  const choice: Choice = {
    shapes: shapesOf(options.paths),
    where: whereOf(options.where, space),
    patterns,
    ...(onlyFailed === undefined ? {} : { names: onlyFailed }),
  };
  const selection = new Selection(choice);
  const plan = makePlan({ space, ...bound }, selection);
  const file = captured === undefined ? [] : [`--file ${captured}`];
  const given = [...describe(patterns, options, onlyFailed), ...file];
  if (plan.planned === 0) {
    const ids = [...bound.scenarios, ...bound.oracles].map(({ id }) => id);
    const lost = patterns.find((pattern) => !ids.some(namePattern(pattern)));
    const hint = lost === undefined ? "" : `; scenarios: ${suggestion(lost, ids)}`;
    throw new UsageError(`Cannot run anything as nothing matches ${given.join(" ")}${hint}`);
  }
  return { plan, ...bound, ...(selection.whole ? {} : { selection: given }) };
}

function describe(
  patterns: readonly string[],
  { where, paths }: ChoiceOptions,
  onlyFailed: ReadonlySet<string> | undefined,
): string[] {
  return [
    ...patterns,
    ...where.map((text) => `--where ${text}`),
    ...(paths.includes("all") ? [] : [`--paths ${paths.join(",")}`]),
    ...(onlyFailed === undefined ? [] : ["--only-failed"]),
  ];
}

function shapesOf(paths: readonly string[]): readonly PathShape[] {
  const names = paths.map((name) => demandName("paths", name, [...SHAPES, "all"]));
  return names.includes("all") ? SHAPES : SHAPES.filter((shape) => names.includes(shape));
}

function whereOf(where: readonly string[], space: Space): Record<string, string[]> {
  const factors = factorsOf(space);
  const chosen: Record<string, string[]> = {};
  for (const text of where) {
    const at = text.indexOf("=");
    if (at === -1) {
      throw new UsageError(
        `Cannot select as --where must be factor=value: current value is ${text}`,
      );
    }
    const factor = demandName("factor", text.slice(0, at), [...factors.keys()]);
    const valid = factors.get(factor) ?? [];
    const given = text.slice(at + 1).split(",");
    const values = given.map((value) => demandName(`value of ${factor}`, value, valid));
    // A factor that is given twice must be both.
    chosen[factor] = values.filter((value) => chosen[factor]?.includes(value) ?? true);
  }
  return chosen;
}

/** Every factor of `space` with its values, as `factorsOf` of a condition names them. */
function factorsOf({ releases, axes }: Space): Map<string, readonly string[]> {
  const factors = new Map([
    ["first", releases],
    ["writer", releases],
    ["reader", releases],
  ]);
  for (const { name, per, values } of axes) {
    const names = per === "hop" ? [`writer.${name}`, `reader.${name}`] : [name];
    for (const factor of names) factors.set(factor, values);
  }
  return factors;
}

/** Gathers a repeatable option. */
function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function split(value: string): string[] {
  return value.split(",");
}
