/**
 * A plan of faults as it is carried out: each strikes once.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { Failure, FaultPlan, Place } from "./fault_plan.ts";
import type { Thread } from "./scheduler.ts";
import type { StepPoint } from "./step_point.ts";

export class Strikes {
  readonly #plan: FaultPlan;
  readonly #failures: readonly Failure[];
  readonly #done = new Set<unknown>();

  constructor(plan: FaultPlan) {
    this.#plan = plan;
    this.#failures = [plan.failAt ?? []].flat();
  }

  /** What happens to the thread where it stands; true if the whole process ends there. */
  at(thread: Thread, point: StepPoint, engine: Engine): boolean {
    const { crashAt, cancelAt, hang } = this.#plan;
    for (const failure of this.#failures) {
      if (this.#strikes(failure, failure.at, point)) thread.strike = failure.error;
    }
    if (this.#strikes("hang", hang?.at, point)) engine.hung.add(point);
    if (this.#strikes("cancelAt", cancelAt, point)) cancel(engine, point);
    return this.#strikes("crashAt", crashAt, point);
  }

  #strikes(fault: unknown, place: Place | undefined, point: StepPoint): boolean {
    if (place === undefined || this.#done.has(fault)) return false;
    const isHere = typeof place === "number" ? place === point.index : place(point);
    if (isHere) this.#done.add(fault);
    return isHere;
  }
}

/** The client cancels the task that it knows: of a child, the first of its parents. */
function cancel({ tasks }: Engine, { task }: StepPoint): void {
  const known = tasks.list().find(({ id }) => id === task);
  const parent = known?.dbg.match(/task=(\d+)\./)?.[1];
  const target = parent === undefined ? known : tasks.list().find(({ id }) => id === parent);
  if (target !== undefined) tasks.cancel(target);
}
