/**
 * What is heard of a daemon: words that it announces, and how it ended.
 *
 * @module
 */

/** How a process ended, in words. */
export type Ending = string;

export class Herald {
  readonly #heard: string[] = [];
  readonly #listeners = new Set<() => void>();
  #ending: Ending | undefined;

  /** How the daemon ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /**
   * Waits until `word` is announced. False when time is up, when the daemon has ended, or when
   * `instead` has settled.
   */
  announced(word: string, deadlineMs: number, instead?: Promise<unknown>): Promise<boolean> {
    const heard = () => {
      const at = this.#heard.indexOf(word);
      if (at >= 0) this.#heard.splice(0, at + 1);
      return at >= 0;
    };
    return this.#wait(heard, deadlineMs, instead);
  }

  /** Waits for the daemon to end. False when it still runs when time is up. */
  async endsWithin(deadlineMs: number): Promise<boolean> {
    await this.#wait(() => false, deadlineMs);
    return this.#ending !== undefined;
  }

  /** Lines that were announced. */
  hear(text: string): void {
    this.#heard.push(...text.split("\n").filter((line) => line !== ""));
    this.#tell();
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#tell();
  }

  #wait(done: () => boolean, deadlineMs: number, instead?: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answer: boolean) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(answer);
      };
      const look = () => {
        if (done()) settle(true);
        else if (this.#ending !== undefined) settle(false);
      };
      const timer = setTimeout(settle, deadlineMs, false);
      this.#listeners.add(look);
      instead?.then(() => settle(false));
      look();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
