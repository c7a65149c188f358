/**
 * One reading of a report for all reporters that count its results: to read a report again costs
 * more than to count it. What was counted is kept for the next reporter that asks.
 *
 * @module
 */
import type { ConditionResult, Report, Reporter } from "../report.ts";

/** Makes something of results, which come one by one and in order. */
export interface Counter {
  add(result: ConditionResult): void;
}

/** Makes the counter of a report; reporters that name the same function share what it counts. */
export type CounterOf<C extends Counter = Counter> = (report: Report) => C;

/** What was counted of one report, and what somebody is going to ask for. */
class Reading {
  readonly #report: Report;
  readonly #counters = new Map<CounterOf, Counter>();
  readonly #awaited = new Set<CounterOf>();

  constructor(report: Report) {
    this.#report = report;
  }

  announce(counterOf: CounterOf): void {
    if (!this.#counters.has(counterOf)) this.#awaited.add(counterOf);
  }

  counted(counterOf: CounterOf): Counter | undefined {
    this.announce(counterOf);
    if (this.#awaited.size > 0) this.#read();
    return this.#counters.get(counterOf);
  }

  /** Keeps nothing when the report turns out to be damaged. */
  #read(): void {
    const made = [...this.#awaited].map((of) => [of, of(this.#report)] as const);
    for (const result of this.#report.conditions()) {
      for (const [, counter] of made) counter.add(result);
    }
    for (const [of, counter] of made) this.#counters.set(of, counter);
    this.#awaited.clear();
  }
}

const readings = new WeakMap<Report, Reading>();

function readingOf(report: Report): Reading {
  const known = readings.get(report) ?? new Reading(report);
  readings.set(report, known);
  return known;
}

/** What `counterOf` makes of `report`, which is read if it was not, for all that is announced. */
export function counted<C extends Counter>(report: Report, counterOf: CounterOf<C>): C {
  return readingOf(report).counted(counterOf) as C;
}

/** `render`, which asks for what `counterOf` makes and says so before. */
export function counting(counterOf: CounterOf, render: Reporter): Reporter {
  return Object.assign(render, {
    announce: (report: Report) => readingOf(report).announce(counterOf),
  });
}
