/**
 * A run: the plan executed condition by condition, each result compared with the expectations
 * and counted. Holds no results, so memory does not grow with the plan.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import type { Expectation } from "./expectation.ts";
import { type Evidence, Expectations } from "./expectation_match.ts";
import type { Surroundings } from "./journey.ts";
import { lineOf } from "./ndjson_writer.ts";
import type { Plan, PlanInput, Planned } from "./plan.ts";
import { Programs } from "./program.ts";
import { type ConditionResult, REPORT_SCHEMA, type RunEnd, type RunHeader } from "./report.ts";
import { runCondition } from "./runner.ts";
import { type Counts, Tally } from "./tally.ts";
import { DEADLINE_MS, Watchdog } from "./watchdog.ts";

export interface RunInput extends PlanInput {
  readonly adapter: Adapter;
  readonly expectations: readonly Expectation[];
  readonly plan: Plan;
  readonly seed: number;
  /** What narrowed the plan, as given; absent when the whole plan is run. */
  readonly selection?: readonly string[];
  /** Time after which one answer is overdue. */
  readonly deadlineMs?: number;
}

/** A stretch of a plan that was run: its lines of the report and what it adds to the run. */
export interface Stretch {
  readonly text: string;
  readonly counts: Counts;
  readonly evidence: Evidence;
}

/** Conditions between two looks at signals and timers; few enough to feel immediate. */
const CONDITIONS_PER_TURN = 16;

export class Run {
  readonly header: RunHeader;
  readonly tally = new Tally();
  readonly #input: RunInput;
  readonly #expectations: Expectations;

  constructor(input: RunInput) {
    this.#input = input;
    this.#expectations = new Expectations(input.expectations, input.scenarios, input.oracles);
    this.header = headerOf(input);
  }

  /** Counts a result of an earlier, interrupted run of the same plan. */
  replay(result: ConditionResult): void {
    this.#count(result);
  }

  /** Counts a stretch that was run elsewhere. */
  adopt({ counts, evidence }: Stretch): void {
    this.tally.adopt(counts);
    this.#expectations.adopt(evidence);
  }

  /** Runs the conditions of the plan, in order. */
  async *results(): AsyncGenerator<ConditionResult> {
    using walk = this.walk();
    yield* walk.until(Number.POSITIVE_INFINITY);
  }

  /** A walk along the plan, for whoever runs only parts of it. */
  walk(): Walk {
    const { deadlineMs } = this.#input;
    const watchdog = new Watchdog(deadlineMs ?? DEADLINE_MS);
    return new Walk(this.#input, watchdog, (result) => this.#count(result));
  }

  /** Runs the next conditions of `walk`, before number `to`, and hands over what they showed. */
  async stretch(walk: Walk, to: number): Promise<Stretch> {
    let text = "";
    for await (const result of walk.until(to)) text += lineOf(result);
    return { text, counts: this.tally.handOver(), evidence: this.#expectations.evidence };
  }

  end(): RunEnd {
    return this.tally.end(this.#expectations.stale(this.#input.selection === undefined));
  }

  #count(result: ConditionResult): ConditionResult {
    const judged = this.#expectations.judge(result);
    this.tally.add(judged);
    return judged;
  }
}

/** Goes along a plan once; programs and capabilities that were made stay. */
export class Walk implements Disposable {
  readonly #shared: Surroundings;
  readonly #watchdog: Watchdog;
  readonly #programs: Programs;
  readonly #conditions: Iterator<Planned>;
  readonly #count: (result: ConditionResult) => ConditionResult;
  /** Number of the next condition. */
  #at = 0;

  constructor(
    { adapter, space, scenarios, oracles, plan, seed }: RunInput,
    watchdog: Watchdog,
    count: (result: ConditionResult) => ConditionResult,
  ) {
    this.#shared = { adapter, seed, watchdog };
    this.#watchdog = watchdog;
    this.#programs = new Programs(adapter, space.axes, scenarios, oracles);
    this.#conditions = plan.conditions()[Symbol.iterator]();
    this.#count = count;
  }

  /** Passes over the conditions before number `to`. */
  skipTo(to: number): void {
    while (this.#at < to && !this.#conditions.next().done) this.#at++;
  }

  /** Runs the conditions before number `to`. */
  async *until(to: number): AsyncGenerator<ConditionResult> {
    while (this.#at < to) {
      const { done, value } = this.#conditions.next();
      if (done) return;
      if (++this.#at % CONDITIONS_PER_TURN === 0) await nextTurn();
      const { condition, name, selected } = value;
      const program = this.#programs.of(condition, selected);
      yield this.#count(await runCondition(this.#shared, condition, name, program));
    }
  }

  [Symbol.dispose](): void {
    this.#watchdog[Symbol.dispose]();
  }
}

function headerOf(input: RunInput): RunHeader {
  const { space, scenarios, oracles, expectations, plan, seed, selection } = input;
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
    pruned: plan.pruned,
    scenarios: claims,
    expectations,
  };
}

/** Lets signals and timers in, which promises alone never do. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
