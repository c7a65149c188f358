/**
 * `freezethaw diff`: what breaks between two releases by schema alone, each direction, without
 * a run.
 *
 * @module
 */
import type { Command } from "commander";
import { demandName } from "./nearest.ts";
import type { Session } from "./session.ts";

interface DiffOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

export function addDiff(program: Command, session: Session): void {
  program
    .command("diff")
    .description("what breaks by schema alone when a release reads what another wrote")
    .requiredOption("--from <release>", "one release")
    .requiredOption("--to <release>", "the other release")
    .option("--json", "print JSON")
    .action(async (options: DiffOptions) => {
      const { schemas } = session.product;
      const from = demandName("release", options.from, schemas.releases);
      const to = demandName("release", options.to, schemas.releases);
      const { json, lines } = schemas.diff(from, to);
      if (options.json) await session.print(json, true);
      else await session.shell.write(`${lines.join("\n")}\n`);
    });
}
