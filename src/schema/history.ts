/**
 * What of a declaration exists in a given release. Follows the contract of `message.ts`: `since`
 * and `until` are inclusive, and the order of declaration is the order on the wire.
 *
 * The list of releases is a parameter, oldest first: this folder knows no implementation.
 *
 * @module
 */
import type { Field, History, Message, Oneof, Variant } from "./message.ts";

/** One release among all of them, oldest first. */
export interface Era {
  readonly release: string;
  readonly releases: readonly string[];
}

/** The fields of a message, or of a variant, in an era. */
export function fieldsIn(message: Pick<Variant, "fields">, era: Era): readonly Field[] {
  return fieldsAt(message, era.release, era.releases);
}

/** Tells whether `history` covers `release`. */
export function existsAt(history: History, release: string, releases: readonly string[]): boolean {
  const at = indexOf(releases, release, "release");
  const since = history.since === undefined ? 0 : indexOf(releases, history.since, "since");
  const until =
    history.until === undefined ? releases.length : indexOf(releases, history.until, "until");
  return since <= at && at <= until;
}

/** The fields of a message, or of a variant, in `release`, in the order on the wire. */
export function fieldsAt(
  message: Pick<Message, "fields"> | Pick<Variant, "fields">,
  release: string,
  releases: readonly string[],
): readonly Field[] {
  return (message.fields ?? []).filter((field) => existsAt(field, release, releases));
}

/** The variants of an enum in `release`. */
export function variantsAt(
  oneof: Pick<Oneof, "variants">,
  release: string,
  releases: readonly string[],
): readonly Variant[] {
  return oneof.variants.filter((variant) => existsAt(variant, release, releases));
}

function indexOf(releases: readonly string[], release: string, role: string): number {
  const index = releases.indexOf(release);
  if (index < 0) {
    throw new RangeError(
      `Cannot look up ${role} as one of ${releases.join(", ")}: current value is ${release}`,
    );
  }
  return index;
}
