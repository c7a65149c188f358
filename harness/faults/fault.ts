/**
 * Faults: disturbances of one servicing, as values. A fault says where it strikes, how and when,
 * and which outcomes are fair under it; it does not say how an implementation is made to suffer it,
 * which is the business of its adapter. Oracles hold every condition to what is fair.
 *
 * @module
 */
import type { Outcome } from "../oracle.ts";

type Ending = Outcome["kind"];

/**
 * When a fault strikes: while the machine is saved, between the two hops when nobody runs, while
 * it is restored, or once the guest runs again.
 */
export type FaultTime = "save" | "between" | "restore" | "after";

/**
 * What the guest may notice when both hops are done: `nothing`; requests that still wait for their
 * answer (`waits`); requests that fail (`errors`); `either` of these; or `anything`, where the host
 * has broken the rules that everything rests on.
 */
export type GuestNotices = "nothing" | "waits" | "errors" | "either" | "anything";

/** Outcomes that nobody can complain about. */
export interface Fair {
  readonly save: readonly Ending[];
  /** Of the restore that follows; irrelevant where no save is done. */
  readonly restore: readonly Ending[];
  readonly guest: GuestNotices;
}

export interface Fault {
  /** What is struck, such as `units` or `nvme-read`. */
  readonly place: string;
  /** What happens there, such as `drop` or `crash-before`. */
  readonly kind: string;
  readonly time: FaultTime;
  /** What it stands for, in one sentence. */
  readonly meaning: string;
  readonly source: string;
  /** Device sets that have the place; absent when every machine has it. */
  readonly devices?: readonly string[];
  readonly fair: Fair;
  /** The machine is another one afterwards, and what it saves next shows that. */
  readonly alters?: true;
  /** What it changes stays so, and a later edge may be the first one that notices. */
  readonly lasting?: true;
}

/** The value of the axis `fault`: `place:kind:time`. */
export function faultName({ place, kind, time }: Fault): string {
  return `${place}:${kind}:${time}`;
}
