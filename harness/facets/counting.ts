/**
 * A guest that works and counts, and can tell what is wrong with its disk and its memory.
 *
 * @module
 */
export interface Counting {
  /** What was wrong with it as it came, before it went on; null when nothing was. */
  arrived(): Promise<string | null>;
  /** Lets it go on; what is wrong then, or null once it has worked for a while. */
  goesOn(): Promise<string | null>;
}
