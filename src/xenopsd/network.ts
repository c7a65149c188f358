/**
 * Machines that can reach each other, by their URLs, on one clock: time goes on when none of them
 * can run.
 *
 * @module
 */
import type { Peer } from "./peer.ts";
import { Random } from "./random.ts";
import type { Tap } from "./tap.ts";
import type { VirtualClock } from "./virtual_clock.ts";

const STEPS_MAX = 10_000_000;

export class Network {
  readonly clock: VirtualClock;
  /** Sees what is sent in streams that begin from now on. */
  tap: Tap | undefined;
  readonly #random: Random;
  readonly #peers = new Map<string, Peer>();

  constructor(clock: VirtualClock, seed = 1) {
    this.clock = clock;
    this.#random = new Random(seed);
  }

  /** The process that answers there from now on. */
  join(url: string, peer: Peer): void {
    this.#peers.set(url, peer);
  }

  /** Undefined if nobody answers. */
  find(url: string): Peer | undefined {
    const peer = this.#peers.get(url);
    return peer?.isCrashed ? undefined : peer;
  }

  /** One step of one machine; false if there is none to make. */
  step(): boolean {
    const live = [...this.#peers.values()].filter((peer) => !peer.isCrashed);
    const ready = live.filter((peer) => peer.canRun);
    const next = ready[ready.length < 2 ? 0 : this.#random.below(ready.length)];
    if (next !== undefined) return next.step();
    const deadlines = live.flatMap(({ nextDeadlineMs }) => nextDeadlineMs ?? []);
    if (deadlines.length === 0) return false;
    this.clock.nowMs = Math.max(this.clock.nowMs, Math.min(...deadlines));
    return true;
  }

  runUntilIdle(): void {
    for (let steps = 0; [...this.#peers.values()].some((peer) => !peer.isIdle); steps++) {
      if (steps >= STEPS_MAX) throw new RangeError(`Cannot come to rest in ${STEPS_MAX} steps`);
      if (!this.step()) return;
    }
  }
}
