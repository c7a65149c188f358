/**
 * One line of progress on standard error when that is a terminal. It is drawn once per share of
 * the work, not per time, so that drawing needs no clock.
 *
 * @module
 */
import type { Tally } from "../tally.ts";
import type { Shell } from "./shell.ts";

/** Times that the line is drawn in a whole run. */
const DRAWINGS = 200;

export class Progress {
  readonly #shell: Shell;
  readonly #planned: number;
  readonly #step: number;
  /** Conditions at which the line is drawn next. */
  #next = 0;

  constructor(shell: Shell, planned: number) {
    this.#shell = shell;
    this.#planned = planned;
    this.#step = Math.max(1, Math.floor(planned / DRAWINGS));
  }

  show({ conditions, cells, surprises }: Tally): void {
    if (!this.#shell.progress || conditions < this.#next) return;
    this.#next = conditions + this.#step;
    const counts = `${cells} cells, ${surprises} surprises`;
    this.#shell.tell(`\r\u001b[K${conditions}/${this.#planned} conditions, ${counts}`);
  }

  /** Removes the line. */
  clear(): void {
    if (this.#shell.progress) this.#shell.tell("\r\u001b[K");
  }
}
