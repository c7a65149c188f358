/**
 * `freezethaw cases`: tries the cases of an implementation on a target, and prints their table.
 *
 * @module
 */
import type { Command } from "commander";
import { visible } from "../visible.ts";
import type { CaseBook, CaseBookEntry, CaseLine } from "./case_book.ts";
import { integer } from "./choice.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

interface CasesOptions {
  readonly target: string;
  readonly case?: string;
  readonly quirks?: string;
  readonly seed: number;
  readonly json?: true;
}

/** A server that is there already. */
const PLACE = /^(?:unix:.+|tcp:\d{1,5})$/;

export function addCases(program: Command, session: Session): void {
  const { caseBooks } = session.product;
  const names = Object.keys(caseBooks);
  program
    .command("cases")
    .description("try every case of an implementation on a target, and print the table")
    .argument("<implementation>", `one of ${names.join(", ")}`)
    .option("--target <name>", "what to try them on, or unix:PATH or tcp:PORT", "reference")
    .option("--case <ids>", "only these, separated by commas")
    .option("--quirks <names>", "give the target known deviations, separated by commas")
    .option("--seed <number>", "draws other turns of workers", integer("--seed", 0, 0xffffffff), 1)
    .option("--json", "print the table as JSON")
    .action(async (name: string, options: CasesOptions) => {
      const entry = caseBooks[demandName("implementation", name, names)] as CaseBookEntry;
      session.exitCode = await run(await entry.load(), options, session);
    });
}

async function run(book: CaseBook, options: CasesOptions, session: Session): Promise<number> {
  const { shell } = session;
  const order = {
    target: PLACE.test(options.target)
      ? options.target
      : demandName("target", options.target, book.targets),
    ids: namesOf("case", options.case, book.ids) ?? book.ids,
    quirks: namesOf("quirk", options.quirks, Object.keys(book.quirks)) ?? [],
    seed: options.seed,
  };
  let stopped = false;
  using _ = shell.onInterrupt(() => {
    stopped = true;
  });
  const lines: CaseLine[] = [];
  for await (const line of book.run(order)) {
    lines.push(line);
    if (!options.json) await shell.write(`${textOf(line)}\n`);
    if (stopped) break;
  }
  const { target, quirks, seed } = order;
  const counts = countsOf(lines);
  if (options.json) {
    await session.print({ target, quirks, seed, counts, cases: lines } as unknown as Json, true);
  } else {
    const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
    await shell.write(`${lines.length} cases on ${target}: ${words.join(", ")}\n`);
  }
  if (stopped) return EXIT_INTERRUPTED;
  if ("error" in counts) return EXIT_ADAPTER;
  return "failed" in counts || "unlisted" in counts ? EXIT_FINDING : EXIT_OK;
}

function namesOf(
  what: string,
  text: string | undefined,
  valid: readonly string[],
): readonly string[] | undefined {
  return text?.split(",").map((name) => demandName(what, name, valid));
}

function textOf({ id, must, verdict, reason }: CaseLine): string {
  const why = reason === "" ? "" : `\n              ${visible(reason)}`;
  return `${id}  ${verdict.padEnd(8)}  ${must}${why}`;
}

function countsOf(lines: readonly CaseLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of lines) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
