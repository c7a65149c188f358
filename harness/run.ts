/**
 * A run: the plan executed condition by condition, each result compared with the expectations
 * and counted. Holds no results, so memory does not grow with the plan.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import type { Expectation } from "./expectation.ts";
import { Expectations } from "./expectation_match.ts";
import type { Surroundings } from "./journey.ts";
import type { Plan, PlanInput } from "./plan.ts";
import { Programs } from "./program.ts";
import { type ConditionResult, REPORT_SCHEMA, type RunEnd, type RunHeader } from "./report.ts";
import { runCondition } from "./runner.ts";
import { Tally } from "./tally.ts";
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

  /** Runs the conditions of the plan from number `from` on. */
  async *results(from = 0): AsyncGenerator<ConditionResult> {
    const { adapter, space, scenarios, oracles, plan, seed, deadlineMs } = this.#input;
    using watchdog = new Watchdog(deadlineMs ?? DEADLINE_MS);
    const shared: Surroundings = { adapter, seed, watchdog };
    const programs = new Programs(adapter, space.axes, scenarios, oracles);
    let index = 0;
    for (const { condition, name, selected } of plan.conditions()) {
      if (index++ < from) continue;
      if (index % CONDITIONS_PER_TURN === 0) await nextTurn();
      const program = programs.of(condition, selected);
      yield this.#count(await runCondition(shared, condition, name, program));
    }
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
