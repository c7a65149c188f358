/**
 * A disk that is full says nothing about anybody's release: whoever meets it stops, and what there
 * is by then stays.
 *
 * @module
 */

/** A disk is full. One line. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

const CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);
/** What programs in C say of it. */
const WORDS = /No space left on device|Disk quota exceeded/;

/** Whether `error` comes of a full disk. */
export function isDiskFull(error: unknown): error is Error {
  if (error instanceof DiskFull) return true;
  if (!(error instanceof Error)) return false;
  return CODES.has((error as NodeJS.ErrnoException).code) || WORDS.test(error.message);
}

/** The error, or the later one of two, one of which came while the other was on its way. */
export function laterOf(error: unknown): unknown {
  const isBoth = error instanceof Error && error.name === "SuppressedError";
  return isBoth ? (error as Error & { readonly error: unknown }).error : error;
}
