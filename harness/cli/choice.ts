/**
 * The options that choose a part of a plan: patterns, `--where`, `--paths`, `--only-failed`, and
 * those that say how large a part is.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { Space } from "../axis.ts";
import { STRENGTH_MAX } from "../cover.ts";
import type { KnownGrowth } from "../known_growth.ts";
import { namePattern } from "../name_pattern.ts";
import { partsOf, usualParts } from "../parts.ts";
import { queryVocabulary } from "../path_facts.ts";
import { makePlan, type Plan } from "../plan.ts";
import { type BoundOracle, type BoundScenario, bindOracles, bindScenarios } from "../program.ts";
import { parseQuery, QueryError } from "../query.ts";
import type { Vocabulary } from "../query_check.ts";
import { matcherOf } from "../query_match.ts";
import { type Choice, Selection, STRENGTH, SWARM_CONDITIONS } from "../selection.ts";
import { UsageError } from "./exit.ts";
import { knownConditions } from "./known_conditions.ts";
import { demandName, suggestion } from "./nearest.ts";
import type { Implementation } from "./product.ts";

export interface ChoiceOptions {
  readonly where: readonly string[];
  readonly paths: readonly string[];
  readonly strength: number;
  readonly conditions: number;
  readonly seed: number;
  /** Only what shows what is known to break. */
  readonly onlyKnown?: true;
}

/** What is run, planned. */
export interface ChosenPlan {
  readonly plan: Plan;
  readonly scenarios: readonly BoundScenario[];
  readonly oracles: readonly BoundOracle[];
  readonly growths?: readonly KnownGrowth[];
  /** The choice as given; absent when everything is chosen. */
  readonly selection?: readonly string[];
}

/** Adds the options to `command`. */
export function addChoice(command: Command): Command {
  return command
    .argument("[patterns...]", "names of scenarios, conditions or cells, with * for any text")
    .addOption(
      new Option(
        "--where <query>",
        "only edges with these factors, writer=2505,main or 'writer<main & !reader=2505': " +
          "first, writer, reader, an axis of the path, writer.AXIS, reader.AXIS or AXIS.PART; " +
          "exists(hop=main), all(...) and none(...) ask all hops of the path (repeatable)",
      )
        .argParser(collect)
        .default([], "any"),
    )
    .addOption(
      new Option("--paths <parts>", "parts of the plan, with commas: see list parts; or all")
        .argParser(split)
        .default(["all"], "all but swarm"),
    )
    .option(
      "--strength <number>",
      `cover: every combination of so many factors, 1 to ${STRENGTH_MAX}`,
      integer("--strength", 1, STRENGTH_MAX),
      STRENGTH,
    )
    .option(
      "--conditions <number>",
      "swarm: conditions drawn at random",
      integer("--conditions", 1, 1_000_000_000),
      SWARM_CONDITIONS,
    )
    .option(
      "--seed <number>",
      "seed of everything that looks random",
      integer("--seed", 0, 0xffffffff),
      1,
    );
}

/** Reads an integer that an option must be. */
export function integer(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= min && value <= max) return value;
    throw new UsageError(
      `Cannot run as ${option} must be an integer from ${min} to ${max}: current value is ${text}`,
    );
  };
}

/** Plans what `patterns` and `options` choose. Throws when that is nothing. */
export function choose(
  implementation: Implementation,
  patterns: readonly string[],
  options: ChoiceOptions,
  onlyFailed?: ReadonlySet<string>,
): ChosenPlan {
  const { space, suites, oracles, captured, soak, brought = [] } = implementation;
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  const { strength, conditions, seed } = options;
  const parts = partNames(options.paths, space);
  const choice: Choice = {
    ...(parts === undefined ? {} : { parts }),
    strength,
    conditions,
    ...whereOf(options.where, space),
    patterns,
    ...(onlyFailed === undefined ? {} : { names: onlyFailed }),
  };
  const planOf = (choice: Choice) => makePlan({ space, ...bound, seed }, new Selection(choice));
  const all = planOf(choice);
  const known = () => knownConditions(implementation, all, bound.scenarios, bound.oracles);
  const plan = options.onlyKnown ? planOf({ ...choice, names: known() }) : all;
  const isWhole = new Selection(choice).whole && options.onlyKnown !== true;
  const file = captured === undefined ? [] : [`--file ${captured}`];
  const given = [...describe(patterns, options, onlyFailed), ...file, ...brought];
  if (plan.planned === 0) {
    const ids = [...bound.scenarios, ...bound.oracles].map(({ id }) => id);
    const lost = patterns.find((pattern) => !ids.some(namePattern(pattern)));
    const hint = lost === undefined ? "" : `; scenarios: ${suggestion(lost, ids)}`;
    throw new UsageError(`Cannot run anything as nothing matches ${given.join(" ")}${hint}`);
  }
  const growths = soak === undefined ? {} : { growths: soak.growths };
  return {
    plan,
    ...bound,
    ...growths,
    ...(isWhole && brought.length === 0 ? {} : { selection: given }),
  };
}

function describe(
  patterns: readonly string[],
  { where, paths, strength, conditions, onlyKnown }: ChoiceOptions,
  onlyFailed: ReadonlySet<string> | undefined,
): string[] {
  return [
    ...patterns,
    ...where.map((text) => `--where ${text}`),
    ...(paths.join() === "all" ? [] : [`--paths ${paths.join(",")}`]),
    ...(strength === STRENGTH ? [] : [`--strength ${strength}`]),
    ...(paths.includes("swarm") ? [`--conditions ${conditions}`] : []),
    ...(onlyFailed === undefined ? [] : ["--only-failed"]),
    ...(onlyKnown ? ["--only-known"] : []),
  ];
}

/** The parts that `--paths` names, in the order in which they are run; undefined for all. */
function partNames(paths: readonly string[], space: Space): readonly string[] | undefined {
  const all = [...partsOf(space).keys()];
  const named = paths.map((name) => demandName("paths", name, [...all, "all"]));
  if (named.join() === "all") return undefined;
  const usual = named.includes("all") ? usualParts(space) : [];
  return all.filter((name) => named.includes(name) || usual.includes(name));
}

function whereOf(texts: readonly string[], space: Space): Pick<Choice, "where" | "queries"> {
  const vocabulary = queryVocabulary(space);
  const where: Record<string, string[]> = {};
  const queries: NonNullable<Choice["queries"]>[number][] = [];
  for (const text of texts) {
    const [factor, given] = pairOf(text);
    const { values: valid = [], of } = vocabulary.get(factor) ?? {};
    const isPlain = of === "edge" && given.length > 0 && given.every((it) => valid.includes(it));
    if (!isPlain && (QUERY_SIGNS.test(text) || of === "hop" || of === "place")) {
      queries.push(demandQuery(() => matcherOf(parseQuery(text), vocabulary)));
      continue;
    }
    const values = demandValues(text, vocabulary);
    // A factor that is given twice must be both.
    where[factor] = values.filter((value) => where[factor]?.includes(value) ?? true);
  }
  return { where, queries };
}

/** What only a query has, and no plain `factor=value,value`. */
const QUERY_SIGNS = /[&|!()<>~"*]| (?:and|or) |^not /;

function pairOf(text: string): [factor: string, values: string[]] {
  const at = text.indexOf("=");
  return at === -1 ? [text, []] : [text.slice(0, at), text.slice(at + 1).split(",")];
}

/** The values that `factor=value,value` names, or the nearest that there are. */
function demandValues(text: string, vocabulary: Vocabulary): readonly string[] {
  if (!text.includes("=")) {
    throw new UsageError(`Cannot select as --where must be factor=value: current value is ${text}`);
  }
  const [name, given] = pairOf(text);
  const factors = [...vocabulary].filter(([, { of }]) => of === "edge").map(([known]) => known);
  const factor = demandName("factor", name, factors);
  const valid = vocabulary.get(factor)?.values ?? [];
  return given.map((value) => demandName(`value of ${factor}`, value, valid));
}

/** What `make` makes of a query; one that cannot be understood is wrong use. */
export function demandQuery<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof QueryError) throw new UsageError(error.message);
    throw error;
  }
}

/** Gathers a repeatable option. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function split(value: string): string[] {
  return value.split(",");
}
