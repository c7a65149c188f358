/** State units: the parts of a machine that are saved by name. */
export interface Units {
  /** Guest-visible content of every unit, by name, as a short digest; empty when it has none. */
  digests(): ReadonlyMap<string, string>;
  /** The same at the instant of the last restore, where a guest has changed some of it since. */
  found?(): ReadonlyMap<string, string>;
}
