/**
 * A part of a plan for one of several runs. Conditions that follow each other often begin alike,
 * so they are dealt in stretches: in turns, or, when it is known how long conditions took, the
 * longest stretch first to the shard that has the least to do (R. L. Graham, Bounds on
 * Multiprocessing Timing Anomalies, 1969). A shard keeps the order of the plan.
 *
 * @module
 */
import type { Plan, Planned } from "./plan.ts";

/** Which one of how many, counted from 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** Milliseconds that conditions took, by their names. */
export type Times = ReadonlyMap<string, number>;

/** Conditions of a stretch: enough to share a beginning. */
const STRETCH_LENGTH_MAX = 16;
/** Stretches that a shard has at least, where the plan is large enough, to be dealt evenly. */
const STRETCHES_MIN = 4;
const SHARDS_MAX = 999;

const SHARD = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/;

/** Reads `2/5`. Throws `RangeError`. */
export function shardOf(text: string): Shard {
  const [, number, of] = SHARD.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number > of) {
    throw new RangeError(
      `Cannot run as --shard must be K/N with K from 1 to N and N up to ${SHARDS_MAX}: ` +
        `current value is ${text}`,
    );
  }
  return { number, of };
}

/** The part of `plan` that is `shard`'s own. Everybody who knows the same `times` agrees on it. */
export function sharded(plan: Plan, shard: Shard, times?: Times): Plan {
  const fair = Math.floor(plan.planned / (shard.of * STRETCHES_MIN));
  const length = Math.max(1, Math.min(STRETCH_LENGTH_MAX, fair));
  const costs = costsOf(plan, length, times);
  const owners = times === undefined ? inTurns(costs.length, shard.of) : longest(costs, shard.of);
  const isOwn = (at: number) => owners[Math.floor(at / length)] === shard.number;
  function* conditions(): Generator<Planned> {
    let at = 0;
    for (const planned of plan.conditions()) {
      if (isOwn(at)) yield { ...planned, at };
      at++;
    }
  }
  let count = 0;
  for (let at = 0; at < plan.planned; at++) if (isOwn(at)) count++;
  return { ...plan, shard: { ...shard, conditions: count }, conditions };
}

/** What each stretch takes; who is not known takes as long as others do. */
function costsOf(plan: Plan, length: number, times: Times = new Map()): readonly number[] {
  let known = 0;
  for (const ms of times.values()) known += ms;
  const usual = times.size === 0 ? 1 : known / times.size;
  const costs = new Array<number>(Math.ceil(plan.planned / length)).fill(0);
  let at = 0;
  for (const { name } of plan.conditions()) {
    const stretch = Math.floor(at++ / length);
    costs[stretch] = (costs[stretch] ?? 0) + (times.get(name) ?? usual);
  }
  return costs;
}

function inTurns(stretches: number, shards: number): readonly number[] {
  return Array.from({ length: stretches }, (_, stretch) => (stretch % shards) + 1);
}

function longest(costs: readonly number[], shards: number): readonly number[] {
  const owners = new Array<number>(costs.length).fill(1);
  const loads = new Array<number>(shards).fill(0);
  const order = [...costs.keys()].sort((a, b) => (costs[b] ?? 0) - (costs[a] ?? 0) || a - b);
  for (const stretch of order) {
    const least = loads.indexOf(Math.min(...loads));
    owners[stretch] = least + 1;
    loads[least] = (loads[least] ?? 0) + (costs[stretch] ?? 0);
  }
  return owners;
}
