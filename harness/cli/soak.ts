/**
 * `freezethaw soak`: saves and restores one machine again and again, and names what grows.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { type SoakInput, type SoakSample, soak, usualEvery } from "../soak.ts";
import { Watchdog } from "../watchdog.ts";
import { integer } from "./choice.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { demandWritable } from "./output_files.ts";
import type { Implementation, Json } from "./product.ts";
import type { Session } from "./session.ts";
import { SoakResult, soakJson, soakText } from "./soak_text.ts";

interface SoakOptions {
  readonly release: string;
  readonly updates: number;
  readonly every?: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

/** More than a host does in its life. */
const UPDATES_MAX = 10_000_000;

export function addSoak(program: Command, session: Session): void {
  const names = session.product.soaked;
  program
    .command("soak")
    .description("save and restore one machine again and again: what grows?")
    .argument("<implementation>", `one of ${names.join(", ")}`)
    .requiredOption("--release <name>", "what saves and restores")
    .addOption(
      new Option("--updates <number>", "how often")
        .argParser(integer("--updates", 1, UPDATES_MAX))
        .default(10_000),
    )
    .option(
      "--every <number>",
      "updates between two samples; 100 samples unless told otherwise",
      integer("--every", 1, UPDATES_MAX),
    )
    .option("--seed <number>", "seed of identifiers", integer("--seed", 0, 0xffffffff), 1)
    .option("--out <directory>", "where the samples go", "reports")
    .option("--json", "print the result as JSON")
    .action(async (name: string, options: SoakOptions) => {
      const implementation = await session.implementation(
        demandName("implementation", name, names),
      );
      session.exitCode = await run(implementation, options, session);
    });
}

async function run(
  { adapter, space, soak: claim }: Implementation,
  options: SoakOptions,
  session: Session,
): Promise<number> {
  const { updates, every = usualEvery(updates), seed, out } = options;
  const release = demandName("release", options.release, space.releases);
  const { scenario, growths } = claim as NonNullable<typeof claim>;
  demandAble(adapter, space, release, scenario.needs);
  const path = join(out, `soak-${space.implementation}-${release}.ndjson`);
  demandWritable(out, [path]);
  let stopped = false;
  using _ = session.shell.onInterrupt(() => {
    stopped = true;
  });
  using watchdog = new Watchdog();
  const input = { adapter, space, release, scenario, updates, every, seed, watchdog };
  const samples = await take({ ...input, stopped: () => stopped }, path, session);
  const result = new SoakResult(release, growths, samples, updates);
  if (options.json) await session.print(soakJson(result, path), true);
  else await session.shell.write(`${soakText(result)}Samples: ${path}\n`);
  if (result.done < updates && stopped) return EXIT_INTERRUPTED;
  return result.asExpected ? EXIT_OK : EXIT_FINDING;
}

function demandAble(
  adapter: SoakInput["adapter"],
  space: SoakInput["space"],
  release: string,
  needs: readonly string[],
): void {
  const absent = adapter.absent?.(release);
  if (absent !== undefined) throw new UsageError(`Cannot soak ${release}: ${absent}`);
  const hop = { implementation: space.implementation, release, inputs: {} };
  const has = adapter.capabilities(hop, {});
  const lack = needs.find((need) => !has.has(need));
  if (lack === undefined) return;
  throw new UsageError(`Cannot soak ${release} as it must have ${lack}: current value is none`);
}

/** Takes the samples and puts each on disk at once, so that an interrupt loses none. */
async function take(
  input: SoakInput,
  path: string,
  { shell }: Session,
): Promise<readonly SoakSample[]> {
  const samples: SoakSample[] = [];
  const file = openSync(path, "w");
  const keep = (line: Json) => writeSync(file, `${JSON.stringify(line)}\n`);
  try {
    const { release, updates, every } = input;
    keep({ type: "soak", implementation: input.space.implementation, release, updates, every });
    for await (const sample of soak(input)) {
      samples.push(sample);
      keep({ type: "sample", ...sample } as unknown as Json);
      if (!shell.progress) continue;
      shell.tell(`\r\u001b[K${sample.updates}/${updates} updates of ${release}`);
    }
  } finally {
    closeSync(file);
    if (shell.progress) shell.tell("\r\u001b[K");
  }
  return samples;
}
