/**
 * `freezethaw sweep`: strikes an implementation everywhere, and tells what never may be.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { visible } from "../visible.ts";
import type { CaseBook, CaseBookEntry, Sweep, SweepLine } from "./case_book.ts";
import { integer } from "./choice.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";

interface SweepOptions {
  readonly kind: string;
  readonly quirks?: string;
  readonly steps: number;
  readonly seed: number;
  readonly json?: true;
}

/** More would be no other answer. */
const STEPS_MAX = 1_000_000_000;
/** Findings that are printed; all are counted. */
const SHOWN_MAX = 50;

export function addSweep(program: Command, session: Session): void {
  const { caseBooks } = session.product;
  const names = Object.keys(caseBooks);
  const kinds = new Set(Object.values(caseBooks).flatMap(({ sweeps }) => sweeps));
  program
    .command("sweep")
    .description("strike an implementation everywhere: is anything ever broken?")
    .argument("<implementation>", `one of ${names.join(", ")}`)
    .requiredOption("--kind <name>", `one of ${[...kinds].join(", ")}`)
    .option("--quirks <names>", "give it known deviations, separated by commas")
    .addOption(
      new Option("--steps <count>", "of a sweep that has no end of its own")
        .argParser(integer("--steps", 1, STEPS_MAX))
        .default(1_000_000),
    )
    .option("--seed <number>", "draws other operations", integer("--seed", 0, 0xffffffff), 1)
    .option("--json", "print what was found as JSON")
    .action(async (name: string, options: SweepOptions) => {
      const entry = caseBooks[demandName("implementation", name, names)] as CaseBookEntry;
      await run(await entry.load(), options, session);
    });
}

async function run(book: CaseBook, options: SweepOptions, session: Session): Promise<void> {
  const { shell } = session;
  const kind = demandName("kind", options.kind, Object.keys(book.sweeps));
  const valid = Object.keys(book.quirks);
  const quirks = options.quirks?.split(",").map((name) => demandName("quirk", name, valid)) ?? [];
  let stopped = false;
  using _ = shell.onInterrupt(() => {
    stopped = true;
  });
  let last: SweepLine = { counts: {}, findings: [] };
  const { seed, steps } = options;
  for (const line of (book.sweeps[kind] as Sweep).run({ quirks, seed, steps })) {
    last = line;
    if (shell.progress) shell.tell(`\r\u001b[K${countsText(line)}`);
    // An interrupt is only heard of between two turns of the loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (stopped) break;
  }
  if (shell.progress) shell.tell("\r\u001b[K");
  if (options.json) await session.print({ kind, quirks, seed, ...last } as unknown as Json, true);
  else await shell.write(`${[...linesOf(last)].join("\n")}\n`);
  const code = last.findings.length === 0 ? EXIT_OK : EXIT_FINDING;
  session.exitCode = stopped ? EXIT_INTERRUPTED : code;
}

function* linesOf(line: SweepLine): Generator<string> {
  const { findings } = line;
  for (const finding of findings.slice(0, SHOWN_MAX)) yield visible(finding);
  if (findings.length > SHOWN_MAX) yield `and ${findings.length - SHOWN_MAX} more`;
  yield `${countsText(line)}, ${findings.length} findings`;
}

function countsText({ counts }: SweepLine): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
