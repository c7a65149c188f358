/**
 * A run: the plan executed condition by condition, each result compared with the expectations
 * and counted. Holds no results, so memory does not grow with the plan.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import { Coverage } from "./coverage.ts";
import type { Expectation } from "./expectation.ts";
import { Expectations } from "./expectation_match.ts";
import { Expiry } from "./expiry.ts";
import type { KnownGrowth } from "./known_growth.ts";
import { lineOf } from "./ndjson_writer.ts";
import type { Plan, PlanInput, Planned } from "./plan.ts";
import {
  type ConditionResult,
  type Evidence,
  REPORT_SCHEMA,
  type RunEnd,
  type RunHeader,
  type ShardEvidence,
} from "./report.ts";
import { ResultTexts, type TextChange } from "./report_texts.ts";
import { packedBits } from "./shard_evidence.ts";
import { type Counts, Tally } from "./tally.ts";
import { Walk } from "./walk.ts";

export interface RunInput extends PlanInput {
  readonly adapter: Adapter;
  readonly expectations: readonly Expectation[];
  readonly plan: Plan;
  readonly growths?: readonly KnownGrowth[];
  /** What narrowed the plan, as given; absent when the whole plan is run. */
  readonly selection?: readonly string[];
  /** The day on which expectations are judged, `2026-12-31`; their days are not when absent. */
  readonly today?: string;
  /** Time after which one answer is overdue. */
  readonly deadlineMs?: number;
  /** How often a condition that surprised is run again. */
  readonly retries?: number;
  /** How often each condition is run, whatever it shows. */
  readonly attempts?: number;
  /** Milliseconds since some moment; without it nobody is told how long conditions take. */
  readonly now?: () => number;
  /** What becomes of each text before anybody is told of it. */
  readonly change?: TextChange;
  /** Transcripts have every message, where a rig can tell. */
  readonly traced?: boolean;
}

/** A stretch of a plan that was run: its lines of the report and what it adds to the run. */
export interface Stretch {
  readonly text: string;
  readonly counts: Counts;
  readonly evidence: Evidence;
  /** Expectations that a release has ended. */
  readonly expired: readonly string[];
  readonly times: readonly Timed[];
}

/** How long a condition took; side by side with others, where they are run so. */
export interface Timed {
  readonly name: string;
  readonly ms: number;
}

export class Run {
  readonly header: RunHeader;
  readonly tally = new Tally();
  readonly #input: RunInput;
  readonly #expectations: Expectations;
  readonly #expiry: Expiry;
  #counted: Coverage | undefined;
  readonly #texts: ResultTexts | undefined;
  #times: Timed[] = [];

  constructor(input: RunInput) {
    const { adapter, expectations, scenarios, oracles, space } = input;
    this.#input = input;
    const absent = space.releases.filter((release) => adapter.absent?.(release) !== undefined);
    const about = [expectations, scenarios, oracles, space.axes] as const;
    this.#expectations = new Expectations(...about, new Set(absent));
    this.#expiry = new Expiry(expectations, space.releases);
    this.#texts = input.change === undefined ? undefined : new ResultTexts(input.change);
    this.header = this.#texts?.header(headerOf(input)) ?? headerOf(input);
  }

  /** Whoever runs only parts of a plan again and again needs none. */
  get #coverage(): Coverage {
    this.#counted ??= new Coverage(this.#input.space);
    return this.#counted;
  }

  /** Conditions that this run has: of its shard, where it has one. */
  get planned(): number {
    return this.header.shard?.conditions ?? this.header.planned;
  }

  /** Counts a result of an earlier, interrupted run of the same plan. */
  replay(result: ConditionResult): void {
    this.#coverage.add(result.condition);
    this.#count(this.#expectations.judge(result));
  }

  /** Counts a stretch of conditions that was run elsewhere. */
  adopt(stretch: Stretch, planned: readonly Planned[]): void {
    const { counts, evidence, expired, times } = stretch;
    for (const { condition } of planned) this.#coverage.add(condition);
    for (const timed of times) this.#times.push(timed);
    this.tally.adopt(counts);
    this.#expectations.adopt(evidence);
    this.#expiry.adopt(expired);
  }

  /** Runs the conditions of the plan, in order, from number `from` on. */
  async *results(from = 0): AsyncGenerator<ConditionResult> {
    await using walk = this.walk();
    for await (const result of walk.along(this.conditions(from))) {
      this.#coverage.add(result.condition);
      yield result;
    }
  }

  /** The conditions of the plan from number `from` on. */
  conditions(from: number): Iterable<Planned> {
    return Iterator.from(this.#input.plan.conditions()).drop(from);
  }

  /** A walk for whoever runs only parts of the plan. */
  walk(): Walk {
    return new Walk(this.#input, {
      judge: (result) => this.#judge(result),
      count: (result) => this.#count(result),
      time: (name, ms) => this.#times.push({ name: this.#input.change?.(name) ?? name, ms }),
    });
  }

  /** Runs conditions along `walk`, and hands over what they showed. */
  async stretch(walk: Walk, planned: Iterable<Planned>): Promise<Stretch> {
    let text = "";
    for await (const result of walk.along(planned)) text += lineOf(result);
    const { evidence } = this.#expectations;
    const [expired, times] = [this.#expiry.byRelease, this.takeTimes()];
    return { text, counts: this.tally.handOver(), evidence, expired, times };
  }

  /** How long conditions took that nobody was told of yet. */
  takeTimes(): readonly Timed[] {
    const times = this.#times;
    this.#times = [];
    return times;
  }

  /** What others need who join this run with those of the other shards. */
  shardEvidence(): ShardEvidence | undefined {
    if (this.header.shard === undefined) return undefined;
    const covered = this.#coverage.bits().map(packedBits);
    return { type: "shard", ...this.#expectations.evidence, covered };
  }

  end(): RunEnd {
    const { selection, today } = this.#input;
    // What no cell of a shard bears out may be borne out by another.
    const stale = this.header.shard ? [] : this.#expectations.stale(selection === undefined);
    const expired = this.#expiry.expired(this.#expectations.evidence.matched, today);
    const over = expired.length === 0 ? {} : { expired };
    return { ...this.tally.end(stale), ...over, coverage: this.#coverage.counts() };
  }

  #judge(result: ConditionResult): ConditionResult {
    const judged = this.#expectations.judge(result);
    return this.#texts?.result(judged) ?? judged;
  }

  #count(result: ConditionResult): void {
    this.tally.add(result);
    this.#expiry.add(result);
  }
}

function headerOf(input: RunInput): RunHeader {
  const { space, scenarios, oracles, expectations, plan, seed, selection, growths } = input;
  const claims = [
    ...scenarios.map(({ id, scenario: { must, source } }) => ({ id, must, source })),
    ...oracles.map(({ id, oracle: { must, source } }) => ({ id, must, source })),
  ];
  return {
    type: "run",
    schema: REPORT_SCHEMA,
    implementation: space.implementation,
    releases: space.releases,
    axes: space.axes,
    seed,
    planned: plan.planned,
    parts: plan.parts,
    ...(selection === undefined ? {} : { selection }),
    ...(plan.shard === undefined ? {} : { shard: plan.shard }),
    pruned: plan.pruned,
    scenarios: claims,
    expectations,
    ...(growths === undefined ? {} : { growths }),
  };
}
