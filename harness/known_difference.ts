/**
 * What is known to differ between a model and a real daemon: a sequence of requests that shows it.
 * Each is tried in every probe; one that does not show any more fails the probe.
 *
 * @module
 */

export interface KnownDifference {
  /** Kebab-case; names the entry in reports. */
  readonly name: string;
  readonly daemons: readonly string[];
  /** Steps as `freezethaw probe` prints them; the last one is answered differently. */
  readonly sequence: readonly string[];
  /** Text that the daemon's answer must contain. */
  readonly theirs: string;
  /** Steps, as they are printed, that are not drawn at random: they stop the daemon or a client. */
  readonly leavesOut?: RegExp;
  /** Where it comes from. */
  readonly link: string;
  /** What differs and why, in a sentence or two. */
  readonly note: string;
}
