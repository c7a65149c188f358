/**
 * `freezethaw can-upgrade`: may we upgrade, and may we roll back? By what runs have shown.
 *
 * @module
 */
import type { Command } from "commander";
import { type Answer, type Decision, Decisions, worst } from "../evidence/decision.ts";
import { BuildError } from "../evidence/pinned_builds.ts";
import { type Circumstances, UpgradeEvidence } from "../evidence/upgrade_evidence.ts";
import type { PastRun } from "../history/history.ts";
import { queryVocabulary } from "../path_facts.ts";
import { parseQuery, type Query } from "../query.ts";
import { matcherOf } from "../query_match.ts";
import { collect, demandQuery } from "./choice.ts";
import { EXIT_FINDING, EXIT_OK, EXIT_UNKNOWN, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { pastRuns } from "./past_runs.ts";
import type { Session } from "./session.ts";
import { type Asked, tellUpgrade } from "./upgrade_text.ts";

interface UpgradeOptions {
  readonly from: string;
  readonly to: string;
  readonly flags: readonly string[];
  readonly build: readonly string[];
  readonly rollback?: true;
  readonly allowKnown?: true;
  readonly history?: string;
  readonly implementation?: string;
  readonly json?: true;
}

const EXITS: Readonly<Record<Answer, number>> = {
  yes: EXIT_OK,
  no: EXIT_FINDING,
  unknown: EXIT_UNKNOWN,
};

export function addCanUpgrade(program: Command, session: Session): void {
  program
    .command("can-upgrade")
    .description("may we upgrade? yes (0), no (1), or unknown for lack of evidence (5)")
    .argument("[run]", "a run as NDJSON, or a history", "reports/run.ndjson")
    .requiredOption("--from <release>", "what runs now")
    .requiredOption("--to <release>", "what shall run")
    .option(
      "--flags <query>",
      "only as far as the factors are so: devices=nvme, 'request=nvme & writer.host=host', or a " +
        "fault (repeatable)",
      collect,
      [],
    )
    .option(
      "--build <name>",
      "about this build in place of the one that was tested last: a word of what a release says " +
        "of itself, or of a digest (repeatable)",
      collect,
      [],
    )
    .option("--rollback", "and may we go back again?")
    .option("--allow-known", "failures that are expected do not count")
    .option("--history <file>", "all runs of this history in place of one run")
    .option("--implementation <name>", "where a history has several")
    .option("--json", "print as JSON")
    .action(async (run: string, options: UpgradeOptions) => {
      using past = await pastRuns(options.history ?? run);
      const asked = askedOf(past.runs, options);
      await tellUpgrade(asked, options.json === true, session);
      session.exitCode = EXITS[asked.answer];
    });
}

function askedOf(runs: readonly PastRun[], options: UpgradeOptions): Asked {
  const { from, to, rollback, allowKnown } = options;
  const own = ofImplementation(runs, options.implementation);
  const newest = own.at(-1);
  if (newest === undefined) throw new UsageError("Cannot answer as there is no run");
  const releases = [...new Set(own.toReversed().flatMap(({ report }) => report.header.releases))];
  for (const release of [from, to]) demandName("release", release, releases);
  if (from === to)
    throw new UsageError(`Cannot upgrade from ${from} as it must be another release`);
  const vocabulary = queryVocabulary({ ...newest.report.header, releases });
  const flags = flagsOf(options.flags);
  if (flags !== undefined) demandQuery(() => matcherOf(flags, vocabulary));
  const circumstances = {
    ...(flags === undefined ? {} : { flags }),
    allowsKnown: allowKnown === true,
    vocabulary,
    builds: options.build,
  };
  const evidence = evidenceOf(own, circumstances);
  const decisions = new Decisions(evidence, releases, own);
  const forth = decisions.of([from, to]);
  const back = rollback ? decisions.back(from, to) : [];
  const all: readonly Decision[] = [forth, ...back];
  return {
    from,
    to,
    flags: options.flags,
    answer: worst([forth.answer, ...backAnswer(back)]),
    decisions: all.map((decision) => ({ decision, lost: decisions.lost(decision.way) })),
    routes: [...routeOf(decisions, [forth]), ...routeOf(decisions, back)],
    builds: evidence.builds,
    runs: own,
    circumstances,
  };
}

function evidenceOf(runs: readonly PastRun[], circumstances: Circumstances): UpgradeEvidence {
  try {
    return new UpgradeEvidence(runs, circumstances);
  } catch (error) {
    throw error instanceof BuildError ? new UsageError(error.message) : error;
  }
}

/** One of the ways back must have been tried, and none may fail. */
function backAnswer(back: readonly Decision[]): Answer[] {
  if (back.length === 0) return [];
  const answers = back.map(({ answer }) => answer);
  return [answers.includes("no") ? "no" : worst(answers)];
}

/** Where a way is no way: another one, if any is known. */
function routeOf(decisions: Decisions, ways: readonly Decision[]): Asked["routes"] {
  const refused = ways.find(({ answer }) => answer === "no");
  if (refused === undefined) return [];
  // A machine that came and goes back begins its route where it is.
  const [from = "", to = ""] = refused.way.slice(-2);
  const route = decisions.route(from, to);
  return [{ from, to, ...(route === undefined ? {} : { route }) }];
}

function ofImplementation(runs: readonly PastRun[], name: string | undefined): readonly PastRun[] {
  const names = [...new Set(runs.map(({ report }) => report.header.implementation))];
  if (name === undefined && names.length > 1) {
    throw new UsageError(`Cannot answer as --implementation must be one of ${names.join(", ")}`);
  }
  const chosen = demandName("implementation", name ?? names[0] ?? "", names);
  return runs.filter(({ report }) => report.header.implementation === chosen);
}

function flagsOf(texts: readonly string[]): Query | undefined {
  const all = texts.map((text) => demandQuery(() => parseQuery(text)));
  return all.length === 0 ? undefined : { kind: "all", of: all };
}
