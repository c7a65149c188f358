/**
 * A monitor that was asked what it can do beside plain migration, and a machine that was carried
 * with some of that.
 *
 * @module
 */
export interface Agreeing {
  /** Capabilities that the monitor lists. */
  readonly offers: ReadonlySet<string>;
  /** Those that were on while the machine was carried to here. */
  readonly used: readonly string[];
  /** Whether memory came after the machine; absent where nobody has asked for that. */
  readonly behind?: boolean;
  /** What the monitor says that the machine is at, such as `paused`. */
  status(): Promise<string>;
}
