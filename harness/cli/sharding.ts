/**
 * The part of a plan that a run is given by `--shard` and `--times`.
 *
 * @module
 */
import { type Shard, sharded, shardOf } from "../shard.ts";
import type { ChosenPlan } from "./choice.ts";
import { UsageError } from "./exit.ts";
import { readTimes } from "./times_file.ts";

interface ShardOptions {
  readonly shard?: Shard;
  readonly times?: string;
}

/** Reads the option `--shard`. */
export function shardGiven(text: string): Shard {
  try {
    return shardOf(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The part of a plan that is this run's own. */
export async function ownPart(
  chosen: ChosenPlan,
  { shard: own, times }: ShardOptions,
): Promise<ChosenPlan> {
  if (own === undefined) {
    if (times === undefined) return chosen;
    throw new UsageError("Cannot run with --times as it balances shards: --shard must be given");
  }
  const known = times === undefined ? undefined : await readTimes(times);
  return { ...chosen, plan: sharded(chosen.plan, own, known) };
}
