/**
 * How long the guest stands still at a servicing, by phases of the virtual clock: from the stop of
 * the machine to the first request of the guest that is answered again. A phase may come more than
 * once: all that passes is added to the phase that is on, so that they add up to the whole.
 *
 * Source: openvmm Guide, reference/architecture/openhcl_servicing.md, Servicing Lifecycle.
 *
 * @module
 */
import type { VirtualClock } from "./clock.ts";

/** In the order in which each of them is on first. */
export const BLACKOUT_PHASES = [
  /** The processors and the units stop. */
  "quiesce",
  /** What is under way ends: answers are waited for, devices are let go, logs are flushed. */
  "drain",
  /** The state is saved and encoded. */
  "serialise",
  /** The host takes the state and hands it out again. */
  "transfer",
  /** The new release boots, up to its devices. */
  "start",
  /** The state is decoded. */
  "decode",
  /** Devices and units take over their state and start. */
  "reattach",
  /** The guest runs and waits; absent for one that has no disk. */
  "first-io",
] as const;

export type BlackoutPhase = (typeof BLACKOUT_PHASES)[number];

export interface PhaseRecord {
  readonly phase: BlackoutPhase;
  readonly us: number;
}

export class Blackout {
  readonly #clock: VirtualClock;
  #on: BlackoutPhase | null = null;
  #sinceUs = 0;
  #spent: ReadonlyMap<BlackoutPhase, number> = new Map();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** The phases of the last servicing that are over. */
  get phases(): readonly PhaseRecord[] {
    return BLACKOUT_PHASES.flatMap((phase) => {
      const us = this.#spent.get(phase);
      return us === undefined ? [] : [{ phase, us }];
    });
  }

  /** The machine is about to be stopped: the last servicing is forgotten. */
  begin(): void {
    this.forget();
    this.#on = "quiesce";
    this.#sinceUs = this.#clock.nowUs;
  }

  /** From now on it is `phase` that takes the time; nothing happens while the guest runs. */
  enter(phase: BlackoutPhase): void {
    if (this.#on === null) return;
    this.end();
    this.#on = phase;
    this.#sinceUs = this.#clock.nowUs;
  }

  /** Counts as `phase` what `act` takes, whatever comes of it. */
  within<T>(phase: BlackoutPhase, act: () => T): T {
    const before = this.#on;
    this.enter(phase);
    try {
      return act();
    } finally {
      if (before !== null) this.enter(before);
    }
  }

  /** The guest runs again. */
  end(): void {
    if (this.#on === null) return;
    const us = (this.#spent.get(this.#on) ?? 0) + this.#clock.nowUs - this.#sinceUs;
    this.#spent = new Map(this.#spent).set(this.#on, us);
    this.#on = null;
  }

  /** There was no servicing. */
  forget(): void {
    this.#on = null;
    this.#spent = new Map();
  }

  /** A copy that goes on apart, by `clock`. */
  fork(clock: VirtualClock): Blackout {
    const copy = new Blackout(clock);
    copy.#on = this.#on;
    copy.#sinceUs = this.#sinceUs;
    copy.#spent = this.#spent;
    return copy;
  }
}
