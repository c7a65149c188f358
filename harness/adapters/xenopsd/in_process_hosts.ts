/**
 * Hosts that can reach each other, with a model of xenopsd on each.
 *
 * @module
 */
import { Network, type Passing, VirtualClock } from "../../../src/xenopsd/mod.ts";
import type { XenopsMessage, XenopsStream } from "../../facets/xenopsd.ts";

/** One that is never at rest must not hold up the cases behind it. */
const STEPS_MAX = 500_000;

export class Hosts implements XenopsStream {
  readonly network = new Network(new VirtualClock());
  readonly passed: XenopsMessage[] = [];
  readonly #urls: string[] = [];
  #steps = 0;
  #change: ((message: XenopsMessage) => Uint8Array) | undefined;

  constructor() {
    this.network.tap = (passing) => this.#pass(passing);
  }

  alter(change: (message: XenopsMessage) => Uint8Array): void {
    this.#change = change;
  }

  #pass({ path, cookies, from, message: { kind, octets } }: Passing): Uint8Array {
    const message = { path, cookies, from, kind, octets };
    this.passed.push(message);
    return this.#change?.(message) ?? octets;
  }

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
