/**
 * Text that a release cannot read, though a newer one may.
 *
 * @module
 */
export class NotUnderstoodError extends Error {
  override readonly name = "NotUnderstoodError";
}
