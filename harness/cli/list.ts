/**
 * `freezethaw list`: what there is to run, to read and to name, without running anything.
 *
 * @module
 */
import type { Command } from "commander";
import type { Axis } from "../axis.ts";
import { partsOf, usualParts } from "../parts.ts";
import { addChoice, type ChoiceOptions, choose } from "./choice.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { addOutside, type OutsideOptions, outsideImplementation } from "./outside.ts";
import type { Implementation, Json, Product } from "./product.ts";
import type { Session } from "./session.ts";

interface ListOptions extends ChoiceOptions, OutsideOptions {
  readonly json?: true;
}

/** One entry: as JSON, and as the line that people read. */
type Entry = readonly [json: Json, line: string];

type Lister = (
  implementation: Implementation,
  patterns: readonly string[],
  options: ListOptions,
) => Iterable<Entry>;

const LISTERS: Readonly<Record<string, Lister>> = {
  *releases({ space }) {
    for (const release of space.releases) yield [release, release];
  },
  *axes({ space }) {
    for (const axis of space.axes) {
      const { retired: _, ...shown } = axis;
      yield [shown, axisLine(axis)];
    }
  },
  *parts({ space }) {
    const usual = usualParts(space);
    for (const name of partsOf(space).keys()) {
      const told = !usual.includes(name);
      yield [{ name, usual: !told }, told ? `${name} (only when asked for)` : name];
    }
  },
  *scenarios(implementation, patterns, options) {
    const { scenarios, oracles } = choose(implementation, patterns, options);
    const claims = [
      ...scenarios.map(({ id, scenario }) => ({ id, claim: scenario })),
      ...oracles.map(({ id, oracle }) => ({ id, claim: oracle })),
    ];
    for (const { id, claim } of claims) {
      const { must, source, needs } = claim;
      yield [{ id, must, source, needs }, `${id}: ${must}`];
    }
  },
  *conditions(implementation, patterns, options) {
    const { plan } = choose(implementation, patterns, options);
    for (const { name, condition } of plan.conditions()) {
      yield [{ name, ...condition } as unknown as Json, name];
    }
  },
  *expectations({ expectations }) {
    for (const entry of expectations) {
      const { name, verdict, reason, note, owner, expires } = entry;
      const ends = expires === undefined ? "" : ` Until ${expires}.`;
      const whose = owner === undefined ? "" : ` Of ${owner}.`;
      yield [{ ...entry }, `${name}: ${verdict}, "${reason}". ${note}${whose}${ends}`];
    }
  },
};

/** An axis in one line: what it is per, what is special about it, its values, its meaning. */
function axisLine({ name, per, values, neutral, parts, editions, meaning, ...axis }: Axis): string {
  const marks = [
    `per ${per}`,
    ...(axis.onlyFirst ? ["only at the first save"] : []),
    ...(neutral === undefined ? [] : [`neutral ${neutral}`]),
    ...(axis.reserved ? ["others reserved"] : []),
    ...(axis.onDemand ? ["others on demand"] : []),
    ...(parts === undefined ? [] : [`parts ${parts.join(":")}`]),
    ...(axis.edition === undefined ? [] : [`edition ${axis.edition}`]),
  ];
  const texts = values.map((value) => {
    const edition = editions?.[value];
    return edition === undefined ? value : `${value} (edition ${edition})`;
  });
  return `${name} (${marks.join("; ")}): ${texts.join(", ")}. ${meaning}`;
}

type ProductLister = (product: Product) => Iterable<Entry>;

/** What every implementation shares. */
const SHARED: Readonly<Record<string, ProductLister>> = {
  implementations: ({ implementations }) => Object.keys(implementations).map(plain),
  reporters: ({ reporters }) => Object.keys(reporters).map(plain),
  *formats({ formats }) {
    for (const [name, { releases }] of Object.entries(formats)) {
      yield [{ name, releases }, `${name}: releases ${releases.join(", ")}`];
    }
  },
  messages: ({ schemas }) => schemas.messages.map(plain),
};

/** What patterns and `--where` narrow. */
const NARROWED = ["scenarios", "conditions"];

export function addList(program: Command, session: Session): void {
  const what = [...Object.keys(LISTERS), ...Object.keys(SHARED)];
  const command = program
    .command("list")
    .description("list what there is to run and to name")
    .argument("<what>", what.join(", "))
    .option("--implementation <name>", "of what")
    .option("--json", "print a JSON array");
  addOutside(addChoice(command)).action(
    async (given: string, patterns: string[], options: ListOptions) => {
      const name = demandName("list", given, what);
      const narrowing = [...patterns, ...options.where];
      if (narrowing.length > 0 && !NARROWED.includes(name)) {
        const by = narrowing.join(" ");
        throw new UsageError(`Cannot list ${name} as they cannot be narrowed: by ${by}`);
      }
      const entries =
        SHARED[name]?.(session.product) ?? (await entriesOf(name, patterns, options, session));
      await print(session, entries, options.json === true);
    },
  );
}

async function entriesOf(
  name: string,
  patterns: readonly string[],
  options: ListOptions,
  session: Session,
): Promise<Iterable<Entry>> {
  const own = await outsideImplementation(options, session);
  const implementation = own ?? (await session.implementation(options.implementation));
  return LISTERS[name]?.(implementation, patterns, options) ?? [];
}

function plain(name: string): Entry {
  return [name, name];
}

async function print({ shell }: Session, entries: Iterable<Entry>, json: boolean): Promise<void> {
  let separator = json ? "[\n" : "";
  let piece = "";
  for (const [value, line] of entries) {
    piece += separator + (json ? JSON.stringify(value) : line);
    separator = json ? ",\n" : "\n";
    if (piece.length < 65_536) continue;
    await shell.write(piece);
    piece = "";
  }
  if (separator.startsWith("[")) piece += "[";
  await shell.write(`${piece}\n${json ? "]\n" : ""}`);
}
