/**
 * Fields that are not on the wire: when a writer may leave one out, and what a reader makes of a
 * missing one. Follows mesh_protobuf's rules for omission and defaults (encoding.rs).
 *
 * @module
 */
import { type Era, fieldsIn } from "./history.ts";
import type { Type } from "./type.ts";

/** Why a message cannot be read without a field. */
export interface Absence {
  /** mesh's own words. */
  readonly reason: string;
  /** The names from the missing field down to the one that has no default; may be empty. */
  readonly path: readonly string[];
}

/** Why a reader refuses a message without a field of this type; `undefined` when it does not. */
export function absenceOf(type: Type, era: Era): Absence | undefined {
  switch (type.kind) {
    case "nonZeroU32":
    case "nonZeroU64":
      return { reason: "value must be non-zero", path: [] };
    case "octets":
    case "array":
      return { reason: "missing required field", path: [] };
    case "infallible":
      return { reason: "field cannot exist", path: [] };
    case "oneof":
      return { reason: "missing enum variant", path: [] };
    case "boxed":
      return absenceOf(type.of, era);
    case "tuple":
      return firstOf(type.of.map((of, index) => below(String(index), absenceOf(of, era))));
    case "message":
      return firstOf(
        fieldsIn(type.message, era).map((field) => below(field.name, absenceOf(field.type, era))),
      );
    default:
      return undefined;
  }
}

/** Tells whether a writer may leave out a field of this type, which it does with its default. */
export function mayBeOmitted(type: Type, era: Era): boolean {
  switch (type.kind) {
    case "nonZeroU32":
    case "nonZeroU64":
    case "infallible":
    case "zeroCopy":
    case "oneof":
      return false;
    case "octets":
    case "array":
      return type.length === 0;
    case "boxed":
      return mayBeOmitted(type.of, era);
    case "tuple":
      return type.of.every((of) => mayBeOmitted(of, era));
    case "message":
      return fieldsIn(type.message, era).every((field) => mayBeOmitted(field.type, era));
    default:
      return true;
  }
}

function below(name: string, absence: Absence | undefined): Absence | undefined {
  return absence && { reason: absence.reason, path: [name, ...absence.path] };
}

function firstOf(absences: readonly (Absence | undefined)[]): Absence | undefined {
  return absences.find((absence) => absence !== undefined);
}
