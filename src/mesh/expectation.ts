/**
 * What mesh says about a field that is not as it should be: of the wrong wire type, or absent.
 *
 * Source: mesh_protobuf, encoding.rs and oneof.rs (`read_field` and `default_field` of each type).
 *
 * @module
 */
import { fieldsAt } from "../schema/history.ts";
import type { Type } from "../schema/type.ts";
import { REASON } from "./error.ts";
import { isSequence, packedForm, scalarForm, unboxed } from "./form.ts";
import { RELEASE_NAMES, type Release } from "./release.ts";

/** The reason when a record of `type` has a wire type that it does not accept. */
export function expectedReason(type: Type, inSequence: boolean, release: Release): string {
  const bare = unboxed(type);
  if (inSequence && isSequence(bare)) return REASON.expectedMessage;
  const form = scalarForm(bare, release);
  if (form !== undefined) return form.expected;
  switch (bare.kind) {
    case "bytes":
    case "octets":
    case "zeroCopy":
    case "ipv6":
      return REASON.expectedBytes;
    case "infallible":
      return REASON.impossible;
    case "option":
    case "vec":
      return expectedReason(bare.of, true, release);
    case "array":
      return packedForm(bare.of, release) ? REASON.expectedBytes : REASON.expectedMessage;
    default:
      return REASON.expectedMessage;
  }
}

/** The reason when a field of `type`, which is no message, is absent and must not be. */
export function absentReason(type: Type): string | undefined {
  switch (unboxed(type).kind) {
    case "octets":
    case "array":
      return REASON.missingField;
    case "oneof":
      return REASON.missingVariant;
    case "infallible":
      return REASON.impossible;
    case "nonZeroU32":
    case "nonZeroU64":
      return REASON.zero;
    default:
      return undefined;
  }
}

/** Whether a message without a field of `type` cannot be decoded. */
export function isRequired(type: Type, release: Release): boolean {
  const bare = unboxed(type);
  switch (bare.kind) {
    case "tuple":
      return bare.of.some((element) => isRequired(element, release));
    case "message":
      return fieldsAt(bare.message, release.name, RELEASE_NAMES).some((field) => {
        return isRequired(field.type, release);
      });
    default:
      return absentReason(bare) !== undefined;
  }
}
