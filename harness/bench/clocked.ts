/**
 * An adapter that is held against a clock: how long it starts, saves and restores machines.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, SavedState } from "../adapter.ts";

export type Verb = "start" | "save" | "restore" | "go-on";

/** Who holds the clock. */
export interface Watch {
  time<T>(verb: Verb, act: () => Promise<T>): Promise<T>;
  keep(state: SavedState): SavedState;
  /** Has a last look at a machine that is going to be saved or ended. */
  leave?(machine: RunningMachine): void;
  /** Rigs are not copied and run one after the other, so that each is timed by itself. */
  readonly alone?: true;
  /** Who watches a new rig; the same one when absent. */
  another?(): Watch;
}

/** What a pass came to: milliseconds by verb, and the states that were saved. */
export interface Lap {
  readonly spent: Readonly<Record<Verb, number>>;
  readonly states: readonly SavedState[];
}

export class Stopwatch implements Watch {
  readonly #now: () => number;
  readonly #slower: number;
  #spent = nothingSpent();
  #states: SavedState[] = [];

  /** `now`: milliseconds since some moment; `slower`: 0.05 makes what is timed 5 % slower. */
  constructor(now: () => number, slower: number) {
    this.#now = now;
    this.#slower = slower;
  }

  async time<T>(verb: Verb, act: () => Promise<T>): Promise<T> {
    const begin = this.#now();
    try {
      return await act();
    } finally {
      this.linger(begin);
      this.#spent[verb] += this.#now() - begin;
    }
  }

  /** Is busy for as long as what began at `begin` is to be slower. */
  linger(begin: number): void {
    if (this.#slower === 0) return;
    const end = begin + (this.#now() - begin) * (1 + this.#slower);
    while (this.#now() < end);
  }

  keep(state: SavedState): SavedState {
    this.#states.push(state);
    return state;
  }

  /** What has come together since this was asked last. */
  lap(): Lap {
    const lap = { spent: this.#spent, states: this.#states };
    this.#spent = nothingSpent();
    this.#states = [];
    return lap;
  }
}

function nothingSpent(): Record<Verb, number> {
  return { start: 0, save: 0, restore: 0, "go-on": 0 };
}

/** `adapter`, with all that its rigs do timed by `watch`. */
export function clocked(adapter: Adapter, watch: Watch): Adapter {
  // Private fields need the adapter itself, so only what is asked for here is put before it.
  return new Proxy(adapter, {
    get(target, name) {
      if (name === "rig") {
        return async (...given: Parameters<Adapter["rig"]>) =>
          clockedRig(await target.rig(...given), watch.another?.() ?? watch);
      }
      if (name === "rigsAtOnce" && watch.alone) return 1;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function clockedRig(rig: Rig, watch: Watch): Rig {
  const [start, restore, fork] = [rig.start, rig.restore, rig.fork];
  rig.start = async (...given) =>
    clockedMachine(await watch.time("start", () => start.apply(rig, given)), watch);
  rig.restore = async (...given) =>
    clockedMachine(await watch.time("restore", () => restore.apply(rig, given)), watch);
  // It stands on the prototype, where it would stay.
  if (watch.alone) Object.defineProperty(rig, "fork", { value: undefined });
  else if (fork !== undefined) rig.fork = () => clockedRig(fork.apply(rig), watch);
  return rig;
}

function clockedMachine(machine: RunningMachine, watch: Watch): RunningMachine {
  const { save, goOn } = machine;
  const end = machine[Symbol.asyncDispose];
  machine.save = async (request) => {
    watch.leave?.(machine);
    return watch.keep(await watch.time("save", () => save.call(machine, request)));
  };
  if (goOn !== undefined) machine.goOn = () => watch.time("go-on", () => goOn.call(machine));
  machine[Symbol.asyncDispose] = () => {
    watch.leave?.(machine);
    return end.call(machine);
  };
  return machine;
}
