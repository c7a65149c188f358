/**
 * `freezethaw diff`: what breaks between two releases by schema alone, each direction, without
 * a run; or what differs between the saved states of two machines.
 *
 * @module
 */
import type { Command } from "commander";
import { diffMachines } from "./diff_machines.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Product } from "./product.ts";
import type { Session } from "./session.ts";

interface DiffOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

export function addDiff(
  program: Command,
  session: Session<Pick<Product, "schemas" | "machines">>,
): void {
  program
    .command("diff")
    .description(
      "what breaks between two releases by schema alone, or differs between two machines",
    )
    .argument("[a]", "the saved state of a machine, to be compared with that in b by field")
    .argument("[b]")
    .option("--from <release>", "one release")
    .option("--to <release>", "the other release")
    .option("--json", "print JSON")
    .action(async (a: string | undefined, b: string | undefined, options: DiffOptions) => {
      const { from, to, json = false } = options;
      if (a === undefined) await diffSchemas(from, to, json, session);
      else if (b === undefined || from !== undefined || to !== undefined) {
        throw new UsageError("Cannot run the command: it takes two files, or --from and --to");
      } else await diffMachines([a, b], json, session);
    });
}

async function diffSchemas(
  from: string | undefined,
  to: string | undefined,
  json: boolean,
  session: Session<Pick<Product, "schemas">>,
): Promise<void> {
  const { schemas } = session.product;
  const difference = schemas.diff(
    demandName("release", demanded("from", from), schemas.releases),
    demandName("release", demanded("to", to), schemas.releases),
  );
  if (json) await session.print(difference.json, true);
  else await session.shell.write(`${difference.lines.join("\n")}\n`);
}

function demanded(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  const what = `required option '--${name} <release>' not specified`;
  throw new UsageError(`Cannot run the command: ${what}`);
}
