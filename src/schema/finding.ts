/**
 * What a comparison of schemas finds.
 *
 * @module
 */

/** From worst to harmless: refused, lost, misread, filled in, only renamed. */
export type Severity = "breaks" | "loses" | "reinterprets" | "defaults" | "harmless";

/** What happened to a field or a variant between its writer and its reader. */
export type FindingKind =
  | "never-written"
  | "unknown-variant"
  | "may-be-none"
  | "type-changed"
  | "meaning-changed"
  | "dropped"
  | "renamed";

/** One thing that a reader sees in another way than the writer meant it. */
export interface Finding {
  /** The declaration, or `Enum.Variant` for a field of a variant. */
  readonly message: string;
  /** 0 when the finding is about the whole declaration. */
  readonly number: number;
  readonly field: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly text: string;
  /** mesh's own words, when the reader refuses. */
  readonly reason?: string;
  /**
   * A value that the writer may save and that shows this finding and no other; `undefined` where
   * the reader refuses every value for another reason.
   */
  readonly example: unknown;
}
