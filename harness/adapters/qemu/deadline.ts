/**
 * A time that may pass before something is given up.
 *
 * @module
 */
export class Deadline implements Disposable {
  readonly #timer: ReturnType<typeof setTimeout>;
  /** Settles when the time is over, unless this was disposed of before. */
  readonly passed: Promise<undefined>;

  constructor(ms: number) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.passed = promise;
    this.#timer = setTimeout(resolve, ms, undefined);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
