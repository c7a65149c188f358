/**
 * Commands that a controller has fetched and not answered, in the order in which they will be done.
 * Each one takes its service time, all of them at once. A queue can be held, so that its commands
 * stay in flight for as long as somebody wants them to; the hold is the tester's and no reset of
 * the hardware ends it.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { Reply } from "./status.ts";

/** A command in flight. */
export interface Flight {
  readonly sqid: number;
  readonly cid: number;
  readonly command: Command;
  /** From now, or from its release, until it is done. */
  readonly serviceUs: number;
  /** What it answers once it has been executed, when only its completion is late. */
  readonly reply: Reply | null;
  /** True when it waits for a fault to be released. */
  readonly delayed: boolean;
}

interface Scheduled extends Flight {
  readonly dueUs: number;
  /** Instant at which it was fetched. */
  readonly sinceUs: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export class InFlight {
  /** By instant, and in the order of coming within one instant. */
  #scheduled: Scheduled[] = [];
  /** Instant until which the commands of a submission queue are held. */
  #held = new Map<number, number>();

  /** Instant at which the next command is done. */
  get dueUs(): number {
    return this.#scheduled[0]?.dueUs ?? NEVER;
  }

  add(flight: Flight, nowUs: number): void {
    this.#insert({ ...flight, sinceUs: nowUs, dueUs: this.#dueUs(flight, nowUs) });
  }

  /** The next command that is done at `nowUs`. */
  take(nowUs: number): Flight | null {
    return this.dueUs <= nowUs ? (this.#scheduled.shift() ?? null) : null;
  }

  /** Keeps the commands of `sqid` in flight from now on, and none beyond `untilUs`. */
  hold(sqid: number, untilUs: number = NEVER): void {
    this.#held.set(sqid, untilUs);
    this.#reschedule(({ sqid: other }) => other === sqid, untilUs);
  }

  /** Lets the commands of `sqid`, or of all queues, be done after their service time. */
  release(nowUs: number, sqid?: number): void {
    const waiting = this.#scheduled.filter(({ sqid: other }) => this.#held.has(other));
    if (sqid === undefined) this.#held.clear();
    else this.#held.delete(sqid);
    const late = ({ dueUs, serviceUs }: Scheduled) => dueUs > nowUs + serviceUs;
    this.#reschedule(
      (flight) => waiting.includes(flight) && late(flight) && !this.#waits(flight),
      nowUs,
    );
  }

  /** Holds no queue any more that has no command in flight. */
  releaseIdle(): void {
    for (const sqid of this.#held.keys()) {
      if (!this.#scheduled.some((flight) => flight.sqid === sqid)) this.#held.delete(sqid);
    }
  }

  /** Lets commands go on that wait for a fault. */
  undelay(nowUs: number): void {
    const delayed = this.#scheduled.filter((flight) => flight.delayed);
    this.#scheduled = this.#scheduled.filter((flight) => !flight.delayed);
    for (const { dueUs: _, ...flight } of delayed) this.add({ ...flight, delayed: false }, nowUs);
  }

  /** Takes one command out that has not been executed. False when there is none. */
  abort(sqid: number, cid: number): boolean {
    const index = this.#scheduled.findIndex(
      (flight) => flight.sqid === sqid && flight.cid === cid && flight.reply === null,
    );
    if (index >= 0) this.#scheduled.splice(index, 1);
    return index >= 0;
  }

  /** Takes out all commands of a queue that is deleted. */
  drop(sqid: number): Flight[] {
    const dropped = this.#scheduled.filter((flight) => flight.sqid === sqid);
    this.#scheduled = this.#scheduled.filter((flight) => flight.sqid !== sqid);
    return dropped;
  }

  clear(): void {
    this.#scheduled = [];
  }

  /** True when a command of an I/O queue is in flight that was fetched before `startUs`. */
  hasIoFrom(startUs: number): boolean {
    return this.#scheduled.some(({ sqid, sinceUs }) => sqid !== 0 && sinceUs < startUs);
  }

  /** Identifiers of the commands of a queue. */
  cids(sqid: number): number[] {
    return this.#scheduled.filter((flight) => flight.sqid === sqid).map(({ cid }) => cid);
  }

  fork(): InFlight {
    const copy = new InFlight();
    copy.#scheduled = [...this.#scheduled];
    copy.#held = new Map(this.#held);
    return copy;
  }

  #waits({ delayed, sqid }: Flight): boolean {
    return delayed || this.#held.has(sqid);
  }

  #dueUs({ delayed, sqid, serviceUs }: Flight, nowUs: number): number {
    if (delayed) return NEVER;
    return Math.max(nowUs, this.#held.get(sqid) ?? nowUs) + serviceUs;
  }

  #reschedule(chosen: (flight: Scheduled) => boolean, fromUs: number): void {
    const moved = this.#scheduled.filter(chosen);
    this.#scheduled = this.#scheduled.filter((flight) => !moved.includes(flight));
    for (const flight of moved) this.#insert({ ...flight, dueUs: fromUs + flight.serviceUs });
  }

  #insert(flight: Scheduled): void {
    let index = this.#scheduled.length;
    while (index > 0 && (this.#scheduled[index - 1] as Scheduled).dueUs > flight.dueUs) index--;
    if (index === this.#scheduled.length) this.#scheduled.push(flight);
    else this.#scheduled.splice(index, 0, flight);
  }
}
