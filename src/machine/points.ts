/**
 * Points: named instants of a run at which something can be made to go wrong, such as
 * `save/units/before`. A component says that it has come to one; whoever wants to disturb the run
 * has armed a strike there. The names that were reached are kept, so that a run can tell what it
 * has been through.
 *
 * @module
 */
import { Panic } from "./failure.ts";

/** Somebody has ended the process from outside; it has done nothing to deserve it. */
export class Killed extends Panic {}

/** A disturbance that waits at a point. */
export interface Strike {
  readonly point: string;
  /** Times that the point is passed unharmed before. */
  passes: number;
  /** What happens; usually throws. Runs once. */
  readonly act: () => void;
}

/** Names of the points before and after each step, so that they are made once. */
const namesOfSteps = new Map<string, { readonly before: string; readonly after: string }>();

export class Points {
  readonly #reached = new Set<string>();
  readonly #strikes: Strike[];

  /** Strikes are taken out of the list as they happen, so that it can outlive a run. */
  constructor(strikes: Strike[] = []) {
    this.#strikes = strikes;
  }

  /** Every point that was reached, in order of the first time. */
  get reached(): ReadonlySet<string> {
    return this.#reached;
  }

  /** The run has come to `point`. */
  reach(point: string): void {
    this.#reached.add(point);
    if (this.#strikes.length === 0) return;
    const index = this.#strikes.findIndex((strike) => strike.point === point);
    const strike = this.#strikes[index];
    if (strike === undefined) return;
    if (strike.passes > 0) {
      strike.passes--;
      return;
    }
    this.#strikes.splice(index, 1);
    strike.act();
  }

  /** Runs `work` between `NAME/before` and `NAME/after`. */
  around<T>(name: string, work: () => T): T {
    const { before, after } = namesOf(name);
    this.reach(before);
    const result = work();
    this.reach(after);
    return result;
  }
}

function namesOf(step: string): { readonly before: string; readonly after: string } {
  const known = namesOfSteps.get(step);
  if (known !== undefined) return known;
  const names = { before: `${step}/before`, after: `${step}/after` };
  namesOfSteps.set(step, names);
  return names;
}
