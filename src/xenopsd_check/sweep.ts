/**
 * Operations that are struck at every one of their step points: by a crash, by a crash and another
 * one in the repair, or by a cancellation.
 *
 * Cases K01 to K10 and T09 of `suites/xenopsd/claims_table.ts` are such.
 *
 * @module
 */
import type { Task } from "../xenops_interface/mod.ts";
import type { FaultPlan, Quirk, StepPoint, World } from "../xenopsd/mod.ts";
import { Beginnings } from "./beginnings.ts";
import { Driver } from "./driver.ts";
import { OPERATIONS, type Tried } from "./operations_table.ts";
import { unsoundOf } from "./verdict.ts";

export type SweepKind = "crash" | "cancel";

/** What a strike has left broken. */
export interface Broken {
  readonly operation: string;
  /** The points at which it was struck, one behind the other. */
  readonly at: readonly string[];
  readonly what: string;
}

/** How far a sweep is. */
export interface SweepState {
  readonly operations: number;
  readonly runs: number;
  readonly broken: readonly Broken[];
}

/** Tells how far it is behind each operation. */
export function* sweep(kind: SweepKind, quirks: ReadonlySet<Quirk>): Generator<SweepState> {
  const beginnings = new Beginnings(quirks);
  const strike = kind === "crash" ? crashEverywhere : cancelEverywhere;
  const broken: Broken[] = [];
  let runs = 0;
  for (const [index, tried] of OPERATIONS.entries()) {
    const judge = (world: World, isOver: boolean, ...at: StepPoint[]) => {
      const what = isOver ? unsoundOf(world, "vm") : "it does not end";
      if (what !== undefined) broken.push({ operation: tried.method, at: at.map(nameOf), what });
    };
    runs += strike({ beginnings, tried, quirks, judge });
    yield { operations: index + 1, runs, broken };
  }
}

interface Order {
  readonly beginnings: Beginnings;
  readonly tried: Tried;
  readonly quirks: ReadonlySet<Quirk>;
  readonly judge: (world: World, isOver: boolean, ...at: StepPoint[]) => void;
}

interface Struck {
  readonly world: World;
  readonly isOver: boolean;
  readonly point: StepPoint;
  /** How its task has ended; absent when the process has. */
  readonly ended?: string | undefined;
}

/** Crashes before each point, and in each repair before each of its points. */
function crashEverywhere(order: Order): number {
  let runs = 0;
  for (let at = 0; ; at++) {
    const first = begun(order, at, "crashAt");
    if (first === undefined) return runs;
    for (let fix = 0; ; fix++) {
      runs++;
      const second = restarted(order, first.world.fork(), fix);
      if (second.point === undefined) {
        order.judge(second.world, second.isOver, first.point);
        break;
      }
      const third = restarted(order, second.world, undefined);
      order.judge(third.world, third.isOver, first.point, second.point);
    }
  }
}

/** Cancels before each point. */
function cancelEverywhere(order: Order): number {
  for (let at = 0; ; at++) {
    const struck = begun(order, at, "cancelAt");
    if (struck === undefined) return at;
    const isWhole = order.tried.isPart && struck.ended === "Completed";
    if (!isWhole) order.judge(struck.world, struck.isOver, struck.point);
  }
}

/** Begins the operation and strikes it; undefined when it ends before that. */
function begun(order: Order, at: number, fault: "crashAt" | "cancelAt"): Struck | undefined {
  const { beginnings, tried, quirks } = order;
  const world = beginnings.worldOf(tried);
  const plan = new Plan(at, fault);
  const driver = new Driver(world, { quirks, faults: plan.faults });
  driver.settle();
  plan.begin();
  const id = driver.ask(tried.method, beginnings.paramsOf(tried));
  const isOver = driver.settle();
  const { point } = plan;
  if (point === undefined) return undefined;
  const task = driver.ask("Task.stat", { id }) as Task | undefined;
  return { world, isOver: isOver && task?.state[0] !== "Pending", point, ended: task?.state[0] };
}

/** Starts the process again, and lets it crash once more. */
function restarted(
  { quirks }: Order,
  world: World,
  at: number | undefined,
): Pick<Struck, "world" | "isOver"> & { readonly point: StepPoint | undefined } {
  const plan = new Plan(at ?? Number.POSITIVE_INFINITY, "crashAt");
  plan.begin();
  const driver = new Driver(world, { quirks, faults: plan.faults });
  const isOver = driver.settle();
  return { world, isOver, point: plan.point };
}

/** One strike at a point that is counted from the beginning of an operation. */
class Plan {
  readonly faults: FaultPlan;
  point: StepPoint | undefined;
  #left: number;
  #hasBegun = false;

  constructor(at: number, fault: "crashAt" | "cancelAt") {
    this.#left = at;
    this.faults = { [fault]: (point: StepPoint) => this.#strikes(point) };
  }

  begin(): void {
    this.#hasBegun = true;
  }

  #strikes(point: StepPoint): boolean {
    if (!this.#hasBegun || this.point !== undefined || this.#left-- > 0) return false;
    this.point = { ...point };
    return true;
  }
}

export function nameOf({ op, leaf, subject, phase, what }: StepPoint): string {
  const behind = what === "" ? "" : ` (${what})`;
  return `${op}/${leaf} ${subject} ${phase}${behind}`;
}
