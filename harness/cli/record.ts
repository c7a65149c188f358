/**
 * `freezethaw record`: writes what each release of an implementation saves today, so that a
 * change of a single octet shows in a review. It proves nothing about correctness.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { Condition } from "../condition.ts";
import { hopOf } from "../hops.ts";
import type { Outcome } from "../oracle.ts";
import { outcomeOf } from "../outcome.ts";
import { guidOf } from "../seed.ts";
import { UsageError } from "./exit.ts";
import type { Implementation } from "./product.ts";
import type { Session } from "./session.ts";

/** Seed of every machine that is recorded. */
const SEED = 1;

interface RecordOptions {
  readonly implementation?: string;
  readonly out: string;
}

/** One machine of one release, as the manifest lists it: its state, or why it has none. */
interface Recorded {
  readonly writer: string;
  readonly machine: string;
  readonly settings: Condition["settings"];
  readonly path?: string;
  readonly sha256?: string;
  readonly outcome?: Outcome;
}

export function addRecord(program: Command, session: Session): void {
  program
    .command("record")
    .description("record what each release saves today, for review")
    .option("--implementation <name>", "of what")
    .option("--out <directory>", "where the states go", "fixtures/reference")
    .action(async ({ implementation, out }: RecordOptions) => {
      const recorded = await record(await session.implementation(implementation), out);
      const states = recorded.filter(({ path }) => path !== undefined);
      await session.shell.write(`${states.length} states in ${out}\n`);
    });
}

async function record(implementation: Implementation, out: string): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const { space, recordings, codec } = implementation;
  for (const writer of space.releases) {
    for (const [machine, settings] of Object.entries(recordings)) {
      const found = { writer, machine, settings };
      try {
        const { bytes } = await savedBy(implementation, writer, settings);
        const path = `${writer}/${machine}.${codec}.bin`;
        write(join(out, path), bytes);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        recorded.push({ ...found, path, sha256 });
      } catch (error) {
        if (error instanceof UsageError) throw error;
        recorded.push({ ...found, outcome: outcomeOf(error, `save ${writer}`) });
      }
    }
  }
  write(join(out, "manifest.json"), `${JSON.stringify({ recorded }, null, 2)}\n`);
  return recorded;
}

/** The state of a machine of `release` in the first configuration of the space. */
async function savedBy(
  { adapter, space }: Implementation,
  release: string,
  settings: Condition["settings"],
) {
  const hop = hopOf(space, release, space.configurations[0] ?? {});
  await using rig = await adapter.rig(settings, SEED);
  await using machine = await rig.start(hop);
  return await machine.save({ correlationId: guidOf(SEED, release), settings });
}

function write(path: string, content: Uint8Array | string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot record to ${path}: ${code ?? String(error)}`);
  }
}
