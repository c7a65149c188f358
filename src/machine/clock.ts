/**
 * The virtual clock: the only time that a model knows. It stands still until somebody advances
 * it, and then fires what has become due in order of time. Within one instant, sources come before
 * timers, sources in order of attaching and timers in order of arming. It does not know the host's
 * clock.
 *
 * What outlives a restart, such as hardware, is a source: its events are its own data, so that it
 * can be copied. A timer is a function and belongs to whoever runs at the moment.
 *
 * @module
 */

/** A deadline that has been armed and can be disarmed. */
export interface Timer {
  readonly dueUs: number;
  /** Disarms the timer; without effect once it has fired. */
  cancel(): void;
}

/** Something that does work at instants of its own. */
export interface TimeSource {
  /** Instant of its next event; `Infinity` when there is none. */
  readonly dueUs: number;
  /** Does what is due. Must move `dueUs` on. */
  fire(): void;
}

interface Armed {
  readonly dueUs: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Microseconds since the start of the machine. */
export class VirtualClock {
  #nowUs: number;
  #armed: Armed[] = [];
  readonly #sources: TimeSource[] = [];

  constructor(nowUs = 0) {
    this.#nowUs = nowUs;
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  /** The earliest instant at which something happens; `Infinity` when nothing will. */
  get nextDueUs(): number {
    let dueUs = this.#armed[0]?.dueUs ?? Number.POSITIVE_INFINITY;
    for (const source of this.#sources) if (source.dueUs < dueUs) dueUs = source.dueUs;
    return dueUs;
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

  /** Lets `source` take part for as long as the clock goes. */
  attach(source: TimeSource): void {
    this.#sources.push(source);
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
    for (let dueUs = this.nextDueUs; dueUs <= untilUs; dueUs = this.nextDueUs) {
      this.#fireNext(dueUs);
    }
    this.#nowUs = untilUs;
  }

  /**
   * Lets time pass until `done`, looking after each event. False when `limitUs` have passed without
   * it, or when nothing is left that could happen; the clock then stands where it came to.
   */
  advanceUntil(done: () => boolean, limitUs: number = Number.POSITIVE_INFINITY): boolean {
    const untilUs = this.#nowUs + limitUs;
    while (!done()) {
      const dueUs = this.nextDueUs;
      if (dueUs === Number.POSITIVE_INFINITY) return false;
      if (dueUs > untilUs) {
        this.#nowUs = untilUs;
        return false;
      }
      this.#fireNext(dueUs);
    }
    return true;
  }

  /** A clock that shows the same time and goes on apart; its sources have to be attached. */
  fork(): VirtualClock {
    if (this.#armed.length === 0) return new VirtualClock(this.#nowUs);
    throw new TypeError(
      `Cannot copy clock as no timer may be armed: current value is ${this.#armed.length}`,
    );
  }

  /** Fires what is due at `dueUs`, the earliest instant. */
  #fireNext(dueUs: number): void {
    this.#nowUs = Math.max(this.#nowUs, dueUs);
    for (const source of this.#sources) {
      if (source.dueUs !== dueUs) continue;
      source.fire();
      return;
    }
    const next = this.#armed.shift();
    if (next === undefined) return;
    next.cancelled = true;
    next.fire();
  }
}
