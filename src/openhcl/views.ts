/**
 * What a machine has shown. Many look at it between two steps of a test, and see the same.
 *
 * @module
 */
export class Views {
  readonly #seen = new Map<string, unknown>();

  /** The view called `name`; `look` is only asked for the first time. */
  of<T>(name: string, look: () => T): T {
    if (this.#seen.has(name)) return this.#seen.get(name) as T;
    const view = look();
    this.#seen.set(name, view);
    return view;
  }

  /** Something is done to the machine, which may look otherwise from now on. */
  forget(): void {
    this.#seen.clear();
  }
}
