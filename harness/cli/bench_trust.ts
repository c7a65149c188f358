/**
 * `freezethaw bench self-test`: whether comparisons can be trusted, by runs that were kept or are
 * measured now.
 *
 * @module
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { drawn, keptRuns, replayed, type SelfTestRow } from "../bench/mod.ts";
import { measurePlanted } from "./bench_planted.ts";
import { integer } from "./choice.ts";
import { EXIT_FINDING, EXIT_OK, UsageError } from "./exit.ts";
import { withBlock } from "./readme_block.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";
import { selfTestTable } from "./trust_text.ts";

interface SelfTestOptions {
  readonly comparisons: number;
  readonly out?: string;
  readonly readme?: string;
  readonly json?: true;
  readonly measure?: number;
}

/** Comparisons that are made of each file. */
const COMPARISONS = 100;
/** How comparisons are made by themselves, and the blocks that they have time for. */
export const INPUT = { seed: 1, floor: 0.02, band: 0.05, blocksMax: 28 };

export function addSelfTest(bench: Command, session: Session): void {
  bench
    .command("self-test")
    .description("how often comparisons raise a false alarm, and what they find")
    .argument("<folder>", "files that `bench compare --keep` wrote")
    .option(
      "--comparisons <number>",
      "that are drawn of each file",
      integer("--comparisons", 1, 10_000),
      COMPARISONS,
    )
    .option("--measure <time>", "measure for so long first, with this runtime", seconds)
    .option("--out <file>", "write the result")
    .option("--readme <file>", "write the table into it, between its marks")
    .option("--json", "print the result as JSON")
    .action(async (folder: string, options: SelfTestOptions) => {
      if (options.measure !== undefined) {
        session.exitCode = await measurePlanted(folder, options.measure, session);
        if (session.exitCode !== EXIT_OK) return;
      }
      const rows = await selfTest(folder, options.comparisons);
      const text = `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
      if (options.out !== undefined) writeFileSync(options.out, text);
      if (options.readme !== undefined) {
        const readme = readFileSync(options.readme, "utf8");
        writeFileSync(options.readme, withBlock(readme, "self-test", selfTestTable(rows)));
      }
      await session.shell.write(options.json ? text : selfTestTable(rows));
      session.exitCode = isTrusted(rows) ? EXIT_OK : EXIT_FINDING;
    });
}

async function selfTest(folder: string, comparisons: number): Promise<readonly SelfTestRow[]> {
  const rows: SelfTestRow[] = [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  if (names.length === 0) {
    throw new UsageError(`Cannot test comparisons as ${folder} must have kept runs: it has none`);
  }
  for (const name of names.sort()) {
    const kept = keptRuns(readFileSync(join(folder, name), "utf8"), name);
    rows.push(await replayed(kept, INPUT));
    rows.push(await drawn(kept, comparisons, INPUT));
  }
  return rows;
}

/** At most one false alarm in a hundred comparisons. */
function isTrusted(rows: readonly SelfTestRow[]): boolean {
  return rows.every(({ falseAlarms, comparisons }) => falseAlarms <= Math.ceil(comparisons / 100));
}
