/**
 * The state of a device as a tree: fields with their names and types, structures with fields, and
 * arrays of either.
 *
 * @module
 */
import type { Scalar } from "./value.ts";

/** What each field has. */
interface Named {
  readonly name: string;
  readonly type: string;
  /** Where it begins in the stream, when it was read. */
  readonly offset?: number;
  /** Index of its first element, when it is an array or a part of one. */
  readonly first?: number;
}

/** One number or truth value. */
export interface ScalarField extends Named {
  readonly kind: "scalar";
  readonly value: Scalar;
}

/** Numbers or truth values of one type. */
export interface ScalarsField extends Named {
  readonly kind: "scalars";
  readonly values: readonly Scalar[];
}

/** What the stream says no more of than its size. */
export interface OctetsField extends Named {
  readonly kind: "octets";
  readonly octets: Uint8Array;
}

/** A structure in its place. */
export interface StructField extends Named, Body {
  readonly kind: "struct";
}

/** Structures, or octets, one behind the other. */
export interface ListField extends Named {
  readonly kind: "list";
  readonly elements: readonly (StructField | OctetsField)[];
}

export type Field = ScalarField | ScalarsField | OctetsField | StructField | ListField;

/** Fields, then what was sent beside them. */
export interface Body {
  readonly vmsd: string;
  readonly fields: readonly Field[];
  readonly subsections: readonly Subsection[];
}

/** Fields that are only sent when needed; it names itself on the wire. */
export interface Subsection extends Body {
  readonly version: number;
  readonly offset?: number;
}

/** First octet of a subsection. */
export const SUBSECTION = 0x05;

/** Whether a list of `type` has an octet before each element and one at its end. */
export function isQueue(type: string): boolean {
  return type === "qtailq" || type === "qlist";
}
