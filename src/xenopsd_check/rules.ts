/**
 * What a group of invariants is made of: an observer of one machine, which reports what is broken.
 *
 * @module
 */
import type { Observer, World, Xenopsd } from "../xenopsd/mod.ts";

export type InvariantName = `I${number}`;

/** What does not hold, in one line. */
export interface Finding {
  readonly invariant: InvariantName;
  readonly text: string;
}

export type Report = (invariant: InvariantName, text: string) => void;

export interface Rules extends Observer {
  /** Called when nothing is queued and nothing is done. */
  onQuiet?(): void;
}

/** What is looked at. The machine tells what it does from its first step on, so it comes later. */
export interface Subject {
  readonly world: World;
  readonly machine: Xenopsd;
}

export type MakeRules = (subject: Subject, report: Report) => Rules;
