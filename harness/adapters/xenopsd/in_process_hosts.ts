/**
 * Hosts that can reach each other, with a model of xenopsd on each.
 *
 * @module
 */
import { Network, VirtualClock } from "../../../src/xenopsd/mod.ts";

/** One that is never at rest must not hold up the cases behind it. */
const STEPS_MAX = 500_000;

export class Hosts {
  readonly network = new Network(new VirtualClock());
  readonly #urls: string[] = [];
  #steps = 0;

  newUrl(): string {
    const url = `http://host-${this.#urls.length + 1}`;
    this.#urls.push(url);
    return url;
  }

  /** One step of one machine; false when there is none to make. */
  step(): boolean {
    if (this.#steps++ > STEPS_MAX) throw new RangeError(`Cannot rest within ${STEPS_MAX} steps`);
    return this.network.step();
  }

  /** Until nothing is left to do on any of them. */
  settle(): void {
    const all = () => this.#urls.flatMap((url) => this.network.find(url) ?? []);
    while (all().some(({ isIdle }) => !isIdle) && this.step());
  }
}
