/**
 * What each hop of a rig costs: its save, its restore, and what the machine was like on both sides.
 *
 * @module
 */
import type { RunningMachine, SavedState, Took } from "../adapter.ts";
import { type ClockError, demandForward } from "./clock_error.ts";
import type { Verb, Watch } from "./clocked.ts";
import { figuresOf, type MachineFigures, NO_FIGURES } from "./machine_figures.ts";

export interface Clocks {
  /** Milliseconds since some moment. */
  now(): number;
  /** Processor time of this process, in milliseconds. */
  own(): number;
  /** Processor time of each program that this process has started, in milliseconds. */
  programs?(): ReadonlyMap<string, number>;
}

/** A machine that was saved and came up again. */
export interface MeteredHop {
  readonly state: SavedState;
  readonly save: Took;
  readonly restore: Took;
  goOn?: Took;
  readonly before: MachineFigures;
  after: MachineFigures;
}

/** Times by `clocks`. */
export function timerOf({ now, own, programs }: Clocks) {
  return async <T>(act: () => Promise<T>): Promise<{ readonly answer: T; readonly took: Took }> => {
    const before = programs?.();
    const [begin, ownBegin] = [now(), own()];
    const answer = await act();
    const took = { ms: now() - begin, ownMs: own() - ownBegin };
    if (programs === undefined || before === undefined) return { answer, took };
    return { answer, took: { ...took, programsMs: workOf(programs(), before) } };
  };
}

/** What programs have worked since `before`; those that have ended take their time along. */
function workOf(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [program, ms] of now) sum += ms - (before.get(program) ?? 0);
  return sum;
}

/** Gathers the hops of all rigs. */
export class HopMeter implements Watch {
  readonly alone = true;
  readonly #clocks: Clocks;
  #hops: MeteredHop[] = [];
  #insideMs = 0;
  #broken: ClockError | undefined;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /**
   * The hops since this was asked last, and how long adapters were at work on them. Throws a
   * {@linkcode ClockError} when that cannot be known.
   */
  take(): { readonly hops: readonly MeteredHop[]; readonly insideMs: number } {
    if (this.#broken !== undefined) throw this.#broken;
    const taken = { hops: this.#hops, insideMs: this.#insideMs };
    this.#hops = [];
    this.#insideMs = 0;
    return taken;
  }

  async measure<T>(verb: Verb, act: () => Promise<T>): Promise<{ answer: T; spent: Took }> {
    const begin = this.#clocks.now();
    let timed: { readonly answer: T; readonly took: Took };
    try {
      timed = await timerOf(this.#clocks)(act);
    } finally {
      this.#insideMs += this.#clocks.now() - begin;
    }
    const { answer, took: spent } = timed;
    // Thrown here, it would be taken for a fault of the adapter.
    try {
      demandForward(verb, Math.min(spent.ms, spent.ownMs));
    } catch (error) {
      this.#broken ??= error as ClockError;
    }
    return { answer, spent };
  }

  add(hop: MeteredHop): MeteredHop {
    this.#hops.push(hop);
    return hop;
  }

  another(): Watch {
    return new RigMeter(this);
  }

  time<T>(_verb: Verb, act: () => Promise<T>): Promise<T> {
    return act();
  }

  keep(state: SavedState): SavedState {
    return state;
  }
}

/** Watches one rig, on which a machine runs at a time. */
class RigMeter implements Watch {
  readonly #meter: HopMeter;
  #figures = NO_FIGURES;
  #spent: Took | undefined;
  #saved: Pick<MeteredHop, "state" | "save" | "before"> | undefined;
  #hop: MeteredHop | undefined;

  constructor(meter: HopMeter) {
    this.#meter = meter;
  }

  async time<T>(verb: Verb, act: () => Promise<T>): Promise<T> {
    const { answer, spent } = await this.#meter.measure(verb, act);
    if (verb === "save") this.#spent = spent;
    if (verb === "restore" && this.#saved !== undefined) {
      this.#hop = this.#meter.add({ ...this.#saved, restore: spent, after: NO_FIGURES });
    }
    if (verb === "go-on" && this.#hop !== undefined) this.#hop.goOn = spent;
    return answer;
  }

  keep(state: SavedState): SavedState {
    const save = state.took ?? (this.#spent as Took);
    this.#saved = { state, save, before: this.#figures };
    this.#hop = undefined;
    return state;
  }

  leave(machine: RunningMachine): void {
    this.#figures = seen(machine);
    if (this.#hop?.after === NO_FIGURES) this.#hop.after = this.#figures;
  }
}

/** A machine that is gone, or whose facets are broken, tells nothing; its cells say so. */
function seen(machine: RunningMachine): MachineFigures {
  try {
    return figuresOf(machine);
  } catch {
    return NO_FIGURES;
  }
}
