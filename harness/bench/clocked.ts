/**
 * An adapter that is held against a clock: how long it starts, saves and restores machines.
 *
 * @module
 */
import type { Adapter, Rig, RunningMachine, SavedState } from "../adapter.ts";

export type Verb = "start" | "save" | "restore";

/** What a pass came to: milliseconds by verb, and the states that were saved. */
export interface Lap {
  readonly spent: Readonly<Record<Verb, number>>;
  readonly states: readonly SavedState[];
}

export class Stopwatch {
  readonly #now: () => number;
  #spent: Record<Verb, number> = { start: 0, save: 0, restore: 0 };
  #states: SavedState[] = [];

  /** `now`: milliseconds since some moment. */
  constructor(now: () => number) {
    this.#now = now;
  }

  async time<T>(verb: Verb, act: () => Promise<T>): Promise<T> {
    const begin = this.#now();
    try {
      return await act();
    } finally {
      this.#spent[verb] += this.#now() - begin;
    }
  }

  keep(state: SavedState): SavedState {
    this.#states.push(state);
    return state;
  }

  /** What has come together since this was asked last. */
  lap(): Lap {
    const lap = { spent: this.#spent, states: this.#states };
    this.#spent = { start: 0, save: 0, restore: 0 };
    this.#states = [];
    return lap;
  }
}

/** `adapter`, with all that its rigs do timed by `watch`. */
export function clocked(adapter: Adapter, watch: Stopwatch): Adapter {
  // Private fields need the adapter itself, so only what is asked for here is put before it.
  return new Proxy(adapter, {
    get(target, name) {
      if (name === "rig") {
        return async (...given: Parameters<Adapter["rig"]>) =>
          clockedRig(await target.rig(...given), watch);
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function clockedRig(rig: Rig, watch: Stopwatch): Rig {
  const [start, restore, fork] = [rig.start, rig.restore, rig.fork];
  rig.start = async (...given) =>
    clockedMachine(await watch.time("start", () => start.apply(rig, given)), watch);
  rig.restore = async (...given) =>
    clockedMachine(await watch.time("restore", () => restore.apply(rig, given)), watch);
  if (fork !== undefined) rig.fork = () => clockedRig(fork.apply(rig), watch);
  return rig;
}

function clockedMachine(machine: RunningMachine, watch: Stopwatch): RunningMachine {
  const { save } = machine;
  machine.save = async (request) =>
    watch.keep(await watch.time("save", () => save.call(machine, request)));
  return machine;
}
