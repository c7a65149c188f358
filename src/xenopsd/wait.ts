/**
 * One wait of one thread: for somebody who wakes it, or for a time on the virtual clock.
 *
 * @module
 */
export class Wait {
  /** When it ends by itself. */
  readonly deadlineMs: number | undefined;
  /** A client waits, and no work is held up by it. */
  readonly isClient: boolean;
  isOver = false;
  timedOut = false;
  /** Set by the scheduler while a thread is held by this wait. */
  onOver: ((wait: Wait) => void) | undefined;

  constructor(deadlineMs?: number, isClient = false) {
    this.deadlineMs = deadlineMs;
    this.isClient = isClient;
  }

  wake(timedOut = false): void {
    if (this.isOver) return;
    this.isOver = true;
    this.timedOut = timedOut;
    this.onOver?.(this);
  }
}
