/**
 * Devices: what they hold, and how it changed over the history of QEMU.
 *
 * @module
 */
import type { Visitor } from "./visitor.ts";

/**
 * What one release writes of a device. A revision is more than the version on the wire, which did
 * not change when subsections came.
 */
export interface Revision {
  /** Counted from 1, in the order of history. */
  readonly revision: number;
  /** `version_id` on the wire. */
  readonly version: number;
  /** The oldest version on the wire that it reads. */
  readonly minimum: number;
  /** Subsections that it knows. */
  readonly subsections: readonly string[];
  /** The release of QEMU that began to write it, and where that is said. */
  readonly since: string;
  readonly source: string;
}

/** What a walk over a state is about. */
export interface Form {
  /** The version of what is saved or loaded. */
  readonly version: number;
  /** Subsections that may be there. */
  readonly subsections: ReadonlySet<string>;
}

/** A type of device. `S` is what it holds while it runs, in the newest release. */
export interface Device<S extends object> {
  readonly name: string;
  /** Why its state cannot leave by the legacy stream; undefined when it can. */
  readonly blocked?: string;
  readonly revisions: readonly Revision[];
  /** As it is after a reset. */
  fresh(): S;
  /** Tells the fields, in the order of the stream: the one function for both directions. */
  visit(visitor: Visitor, state: S, form: Form): void;
}

/** Any device; it only gets states that it has made itself. */
export type AnyDevice = Device<object>;

/** The form of a revision, without the subsections that a type of machine has turned off. */
export function formOf(revision: Revision, off: ReadonlySet<string> = new Set()): Form {
  const { version, subsections } = revision;
  return { version, subsections: new Set(subsections.filter((name) => !off.has(name))) };
}
