/**
 * How long the guest stands still at a servicing, by phases of the virtual clock: from the stop of
 * the machine to the first request of the guest that is answered again. The phases follow each
 * other without a gap, so that they add up to the whole.
 *
 * Source: openvmm Guide, reference/architecture/openhcl_servicing.md, Servicing Lifecycle.
 *
 * @module
 */

/** In their order. */
export const BLACKOUT_PHASES = [
  /** The units stop. */
  "quiesce",
  /** The state is saved. */
  "serialise",
  /** Devices are let go, logs are flushed. */
  "shutdown",
  /** The boot shim runs. */
  "restart",
  /** The state is decoded and the machine built. */
  "build",
  /** The units take over their state. */
  "restore",
  /** The units start. */
  "resume",
  /** The guest runs and waits; absent for one that has no disk. */
  "first-io",
] as const;

export type BlackoutPhase = (typeof BLACKOUT_PHASES)[number];

export interface PhaseRecord {
  readonly phase: BlackoutPhase;
  readonly us: number;
}

export class Blackout {
  #sinceUs = 0;
  #phases: PhaseRecord[] = [];

  /** The phases of the last servicing so far. */
  get phases(): readonly PhaseRecord[] {
    return this.#phases;
  }

  /** The machine is stopped. */
  begin(nowUs: number): void {
    this.#sinceUs = nowUs;
    this.#phases = [];
  }

  /** Ends a phase, and with it those before. */
  end(phase: BlackoutPhase, nowUs: number): void {
    this.#phases = [...this.#phases, { phase, us: nowUs - this.#sinceUs }];
    this.#sinceUs = nowUs;
  }

  fork(): Blackout {
    const copy = new Blackout();
    copy.#sinceUs = this.#sinceUs;
    copy.#phases = this.#phases;
    return copy;
  }
}
