/**
 * The search: sequence after sequence on the model and on another daemon. A difference ends its
 * sequence; it is made small, and is either known or a finding. Of differences of one kind only the
 * first is made small, the others are counted.
 *
 * @module
 */
import type { Profile } from "../../src/xenstore/mod.ts";
import { type Comparison, compare, type Difference, type Opponent } from "./comparison.ts";
import { sequenceOf } from "./generator.ts";
import { ModelSide } from "./model_side.ts";
import { shrunk } from "./shrink.ts";
import type { Step } from "./step.ts";

/** A pair that is compared. */
export interface Pair {
  readonly profile: Profile;
  /** Starts the other daemon. */
  start(): Promise<Opponent>;
  /** Requests that stop it or its client, and are not drawn. */
  isLeftOut?(step: Step): boolean;
}

export interface Search extends Pair {
  readonly seed: number;
  /** Requests after which no new sequence is begun. */
  readonly requests: number;
  /** Steps of a sequence. */
  readonly length?: number;
  /** Kinds of differences that are counted and not made small. */
  readonly knownKinds?: ReadonlySet<string>;
  /** Sequences at a time: a daemon that slows its guests down is waited for. */
  readonly jobs?: number;
}

export interface Found {
  readonly kind: string;
  /** Sequences that ended with a difference of this kind. */
  count: number;
  /** Number of the first one. */
  readonly sequence: number;
  readonly steps: readonly Step[];
  readonly difference: Difference;
  /** It was seen again when the same sequence was run again. */
  readonly repeats: boolean;
}

export interface Progress {
  readonly requests: number;
  readonly sequences: number;
  readonly found: readonly Found[];
}

const LENGTH = 250;
const JOBS = 3;
/** Runs by which one difference is made small; a daemon that does not answer takes seconds. */
const TRIALS_MAX = 300;

/** Runs `steps` on both. */
export async function compareOn(pair: Pair, steps: readonly Step[]): Promise<Comparison> {
  await using opponent = await pair.start();
  return await compare(new ModelSide(pair.profile).run(steps), opponent);
}

/** Goes on until all requests are made; tells after each sequence how far it is. */
export async function* search(options: Search): AsyncGenerator<Progress> {
  const { requests: wanted, length = LENGTH, jobs = JOBS } = options;
  const found = new Map<string, Found>();
  let [requests, sequences, begun] = [0, 0, 0];
  const running = new Map<number, Promise<number>>();
  const begin = () => {
    const number = begun++;
    const done = one(options, number, length, found).then((made) => {
      requests += made;
      sequences++;
      return number;
    });
    running.set(number, done);
  };
  // What is begun counts as if it were whole, so that the last ones do not overshoot.
  while (requests + running.size * length < wanted || running.size > 0) {
    while (running.size < jobs && requests + running.size * length < wanted) begin();
    running.delete(await Promise.race(running.values()));
    yield { requests, sequences, found: [...found.values()] };
  }
}

async function one(
  options: Search,
  number: number,
  length: number,
  found: Map<string, Found>,
): Promise<number> {
  const drawn = sequenceOf(options.seed, number, length);
  const steps = drawn.filter((step) => !options.isLeftOut?.(step));
  const { requests, difference } = await compareOn(options, steps);
  if (difference === undefined) return requests;
  const { kind, index } = difference;
  const known = found.get(kind);
  if (known !== undefined) {
    known.count++;
    return requests;
  }
  const first = { kind, count: 1, sequence: number, steps, difference, repeats: true };
  found.set(kind, first);
  if (options.knownKinds?.has(kind)) return requests;
  const least = await leastOf(options, steps.slice(0, index + 1), difference);
  found.set(kind, { ...first, count: first.count, ...least });
  return requests;
}

/** The smallest sequence found that shows a difference of the same kind. */
async function leastOf(
  pair: Pair,
  steps: readonly Step[],
  difference: Difference,
): Promise<Pick<Found, "steps" | "difference" | "repeats">> {
  let last = difference;
  let left = TRIALS_MAX;
  const shows = async (candidate: readonly Step[]) => {
    if (left-- <= 0) return false;
    const { difference: again } = await compareOn(pair, candidate);
    if (again?.kind !== difference.kind) return false;
    last = again;
    return true;
  };
  const repeats = await shows(steps);
  const least = repeats ? await shrunk(steps, shows, simplerSteps) : steps;
  return { steps: least, difference: last, repeats };
}

/** The same step with less in it, the simplest first. */
function simplerSteps(step: Step): Step[] {
  const { client, tx, body, times } = step;
  const simpler: Step[] = [];
  if (times > 1)
    simpler.push(
      { ...step, times: 1 },
      { ...step, times: times >> 1 },
      { ...step, times: times - 1 },
    );
  if (client.startsWith("c") && client !== "c0") simpler.push({ ...step, client: "c0" });
  if (tx !== "") simpler.push({ ...step, tx: "" });
  const shorter = body.replace(/([^\\])\1{19,}/s, (run) => run.slice(0, run.length >> 1));
  if (shorter !== body) simpler.push({ ...step, body: shorter });
  const higher = body.replace(/\/[^/\0]+(?=\/)/, "");
  if (higher !== body) simpler.push({ ...step, body: higher });
  return simpler;
}
