/**
 * Limits that the toolstack has set, for all domains or for one, in place of the usual ones.
 *
 * @module
 */
export class Limits {
  readonly #common = new Map<string, number>();
  readonly #own = new Map<number, Map<string, number>>();

  /** The limit for `domid`, or for all; undefined when none was set. */
  of(name: string, domid?: number): number | undefined {
    const own = domid === undefined ? undefined : this.#own.get(domid)?.get(name);
    return own ?? this.#common.get(name);
  }

  set(name: string, value: number, domid?: number): void {
    if (domid === undefined) {
      this.#common.set(name, value);
      return;
    }
    const own = this.#own.get(domid) ?? new Map<string, number>();
    this.#own.set(domid, own.set(name, value));
  }

  /** What was set for `domid`, or for all. */
  all(domid?: number): ReadonlyMap<string, number> {
    return domid === undefined ? this.#common : (this.#own.get(domid) ?? new Map());
  }
}
