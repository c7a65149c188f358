/**
 * The devices of a machine as its guest finds them, and what is said to be lost of them.
 *
 * @module
 */
type Seen = Readonly<Record<string, string>>;

export interface Board {
  /**
   * By place, such as `serial: fcr`: what a guest finds there. A value that says nothing has no
   * entry.
   */
  seen(): Seen | Promise<Seen>;
  /** What those who carried the machine here had no place for, as `device: what`. */
  readonly lost: readonly string[];
}
