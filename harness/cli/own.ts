/**
 * What a user brings to an implementation: programs and sets of devices of their own.
 *
 * @module
 */
export interface Own {
  /** Paths of programs by name; each is one more release. */
  readonly binaries: Readonly<Record<string, string>>;
  /** File with the sets of devices that are run in place of the usual ones. */
  readonly deviceSets?: string;
}
