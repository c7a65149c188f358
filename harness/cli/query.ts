/**
 * `freezethaw query`: asks runs about their cells, and is a gate where a bound is given.
 *
 * @module
 */

import type { Command } from "commander";
import { counted } from "../counted.ts";
import { asksForTime, cellsOf, type FoundCell } from "../evidence/cell_query.ts";
import { parseQuestion, type Question } from "../query.ts";
import { holds } from "../query_match.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import { demandQuery, integer } from "./choice.ts";
import { day, dayNow } from "./day.ts";
import { EXIT_FINDING, EXIT_OK } from "./exit.ts";
import { type PastRuns, pastRuns } from "./past_runs.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

interface QueryOptions {
  readonly max?: number;
  readonly limit: number;
  readonly today?: string;
  readonly json?: true;
}

/** Cells that are shown of those that are found. */
const LIMIT = 50;
const COUNT_MAX = 1_000_000_000;

export function addQuery(program: Command, session: Session): void {
  program
    .command("query")
    .description("which cells of a run, or of a history of runs, are as a query says")
    .argument("<file>", "a run as NDJSON, or a history")
    .argument(
      "<query>",
      "such as 'writer=2505 & verdict=failed', 'all(hop>=2505) & exists(hop.host=nohost)', " +
        "'count(age<=7 & surprise=*) = 0', 'date>=2026-11 & reason~late' or " +
        "'seq(verdict=passed, verdict!=passed)' for what has changed from one run to the next",
    )
    .option("--max <number>", "exit with 1 when there are more", integer("--max", 0, COUNT_MAX))
    .option("--limit <number>", "cells to show", integer("--limit", 0, COUNT_MAX), LIMIT)
    .option(
      "--today <day>",
      "the day from which ages go back; else that of the clock",
      day("--today"),
    )
    .option("--json", "print as JSON")
    .action(async (file: string, text: string, options: QueryOptions) => {
      const question = demandQuery(() => parseQuestion(text));
      using past = await pastRuns(file);
      session.exitCode = await ask(past, question, options, session);
    });
}

async function ask(
  { runs }: PastRuns,
  question: Question,
  { max, limit, json, today = dayNow() }: QueryOptions,
  session: Session,
): Promise<number> {
  const shown: FoundCell[] = [];
  let count = 0;
  demandQuery(() => {
    for (const found of cellsOf(runs, question, today)) {
      if (count++ < limit && !question.counts) shown.push(found);
    }
  });
  const undated = runs.filter(({ date }) => date === undefined).length;
  if (undated > 0 && asksForTime(question)) {
    session.shell.tell(`Of ${undated} of ${runs.length} runs nobody has kept the date\n`);
  }
  const { bound } = question;
  const isBound = bound === undefined || holds(count, bound.relation, bound.number);
  const holdsAll = isBound && (max === undefined || count <= max);
  if (json) {
    const cells = shown.map(({ run, condition, cell }) => ({ run, condition, ...cell }));
    await session.print({ count, holds: holdsAll, cells } as unknown as Json, true);
  } else {
    const more = question.counts ? 0 : count - shown.length;
    const lines = shown.map((found) => lineOfCell(found, runs.length > 1));
    const rest = more > 0 ? [`and ${more} more`] : [];
    const total = question.counts ? String(count) : counted(count, "cell");
    await session.shell.write(`${[...lines, ...rest, total].join("\n")}\n`);
  }
  if (!holdsAll) {
    const wanted = isBound ? `<= ${max}` : `${bound?.relation} ${bound?.number}`;
    session.shell.tell(`The count must be ${wanted}: current value is ${count}\n`);
  }
  return holdsAll ? EXIT_OK : EXIT_FINDING;
}

function lineOfCell({ run, condition, cell }: FoundCell, tellsRun: boolean): string {
  const { scenario, verdict, reason, edge } = cell;
  const where = edge === undefined ? "" : ` on edge ${edge}`;
  const why = reason === undefined ? "" : `: ${reason}`;
  const which = tellsRun ? `run ${run} ` : "";
  return visible(`${which}${SYMBOL[verdict]} ${verdict}${where} ${scenario} ${condition}${why}`);
}
