/**
 * `freezethaw diff`: what breaks between two releases by schema alone, each direction, without
 * a run; what differs between the saved states of two machines; or what may break between two
 * releases of a program by what each says of the states of its devices.
 *
 * @module
 */
import type { Command } from "commander";
import { type DescriptionOptions, diffDescriptions } from "./diff_descriptions.ts";
import { diffMachines } from "./diff_machines.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Product } from "./product.ts";
import type { Session } from "./session.ts";

interface DiffOptions extends DescriptionOptions {
  readonly from?: string;
  readonly ram?: true;
  readonly to?: string;
}

/** What comparing needs. */
type Diffing = Session<Pick<Product, "schemas" | "machines" | "descriptions">>;

export function addDiff(program: Command, session: Diffing): void {
  program
    .command("diff")
    .description(
      "what breaks between two releases by schema alone, or differs between two machines",
    )
    .argument("[a]", "the saved state of a machine, to be compared with that in b by field")
    .argument("[b]")
    .argument("[c]", `${kindsOf(session)} A B: descriptions of devices, of files or releases`)
    .option("--from <release>", "one release")
    .option("--to <release>", "the other release")
    .option("--machine <type>", "descriptions: the machine that a release is asked for")
    .option(
      "--rows <file>",
      "descriptions: hold loads of a run, as NDJSON, beside what they foretell",
    )
    .option("--ram", "machines: compare their memory, too, which is held at once")
    .option("--all", "descriptions: what is harmless, too")
    .option("--json", "print JSON")
    .action(async (...[a, b, c, options]: Operands) => await diff([a, b, c], options, session));
}

type Operand = string | undefined;
type Operands = readonly [Operand, Operand, Operand, DiffOptions];

async function diff(
  [a, b, c]: readonly Operand[],
  options: DiffOptions,
  session: Diffing,
): Promise<void> {
  const { from, to, json = false } = options;
  if (a === undefined) {
    await diffSchemas(from, to, json, session);
    return;
  }
  if (b === undefined || from !== undefined || to !== undefined) {
    throw new UsageError("Cannot run the command: it takes two files, or --from and --to");
  }
  if (c === undefined) {
    await diffMachines([a, b], { json, ram: options.ram === true }, session);
    return;
  }
  const { descriptions } = session.product;
  const format = descriptions[demandName("kind of description", a, Object.keys(descriptions))];
  if (format !== undefined) await diffDescriptions(format, [b, c], options, session);
}

function kindsOf({ product }: Diffing): string {
  return Object.keys(product.descriptions).join(" or ");
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
