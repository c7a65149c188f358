/**
 * Where a run can be struck: every durable effect of an operation announces the point before it,
 * the points between its parts and the point behind it.
 *
 * @module
 */
import type { Wait } from "./wait.ts";

export type Phase = "before" | "after" | `mid:${number}`;

/** One object for each thread, used again and again: who keeps one makes a copy. */
export interface StepPoint {
  /** Counted for each machine, from 0. */
  index: number;
  /** The operation: `VM_start`. */
  op: string;
  /** Which of the operation's atoms, all parts of parallel ones counted; -1 is the operation. */
  atom: number;
  /** The leaf: `VBD_plug`. */
  leaf: string;
  /** A VM, or `vm/device`. */
  subject: string;
  phase: Phase;
  /** The effect that has just been made: `extra`, `attach`; empty before the first one. */
  what: string;
  /** The task, a child's own one in parallel atoms. */
  task: string;
}

/** What a thread yields when it stands at its step point. */
export const POINT = Symbol("point");

/** What a thread yields: a point, a wait, or nothing, when only the others shall have a turn. */
export type Pause = Wait | typeof POINT | undefined;

/** What runs on a thread. */
export type Run<T> = Generator<Pause, T, void>;
