/**
 * The devices of a machine as its guest finds them, and what is said to be lost of them.
 *
 * @module
 */
export interface Board {
  /**
   * By place, such as `serial: fcr`: what a guest finds there. A value that says nothing has no
   * entry.
   */
  seen(): Readonly<Record<string, string>>;
  /** What those who carried the machine here had no place for, as `device: what`. */
  readonly lost: readonly string[];
}
