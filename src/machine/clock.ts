/**
 * The virtual clock: the only time that a model knows. It stands still until somebody advances
 * it, and then fires what has become due in order of time, and in order of arming within one
 * instant. It does not know the host's clock.
 *
 * @module
 */

/** A deadline that has been armed and can be disarmed. */
export interface Timer {
  readonly dueUs: number;
  /** Disarms the timer; without effect once it has fired. */
  cancel(): void;
}

interface Armed {
  readonly dueUs: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Microseconds since the start of the machine. */
export class VirtualClock {
  #nowUs = 0;
  #armed: Armed[] = [];

  get nowUs(): number {
    return this.#nowUs;
  }

  /** The earliest deadline that is armed, or null. */
  get nextDueUs(): number | null {
    return this.#armed[0]?.dueUs ?? null;
  }

  /** Arms `fire` for `delayUs` from now. */
  after(delayUs: number, fire: () => void): Timer {
    if (!(delayUs >= 0)) {
      throw new RangeError(
        `Cannot arm timer as delay must be 0 or more: current value is ${delayUs}`,
      );
    }
    const armed: Armed = { dueUs: this.#nowUs + delayUs, fire, cancelled: false };
    const later = this.#armed.findIndex((other) => other.dueUs > armed.dueUs);
    if (later < 0) this.#armed.push(armed);
    else this.#armed.splice(later, 0, armed);
    return {
      dueUs: armed.dueUs,
      cancel: () => {
        if (armed.cancelled) return;
        armed.cancelled = true;
        this.#armed = this.#armed.filter((other) => other !== armed);
      },
    };
  }

  /**
   * Lets `us` microseconds pass. Whatever a timer throws leaves this call with the clock at that
   * timer's instant, which is how a watchdog ends the work that took the time.
   */
  advance(us: number): void {
    if (!(us >= 0)) {
      throw new RangeError(
        `Cannot advance clock as step must be 0 or more: current value is ${us}`,
      );
    }
    const untilUs = this.#nowUs + us;
    for (let next = this.#armed[0]; next !== undefined; next = this.#armed[0]) {
      if (next.dueUs > untilUs) break;
      this.#armed.shift();
      this.#nowUs = next.dueUs;
      next.cancelled = true;
      next.fire();
    }
    this.#nowUs = untilUs;
  }
}
