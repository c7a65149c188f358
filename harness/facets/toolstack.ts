/**
 * A VM as its guest, its host and the client of its toolstack find it.
 *
 * @module
 */
type Seen = Readonly<Record<string, string>>;

export interface Toolstack {
  /** What the guest finds: memory, state of its TPM and firmware, platform device, processors. */
  guest(): Seen;
  /** What the client finds of the configuration that it has given, by field. */
  configuration(): Seen;
  /** Disks and interfaces by their number, with what is behind them and whether they are in use. */
  devices(): Seen;
  /** The power state when whoever looks after the VM now first told of it. */
  readonly arrived: string;
  /** The power state that it had been left in. */
  readonly left: string;
}
