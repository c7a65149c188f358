/**
 * What a daemon is made of, and what it needs of those who run it.
 *
 * @module
 */
import type { Succeeding } from "./live_update.ts";
import type { Profile } from "./request.ts";

export interface DaemonOptions extends Partial<Succeeding> {
  readonly profile: Profile;
  /** Called after each request: a daemon that is not busy sends at once what waits. */
  readonly afterRequest?: () => void;
  /** Whether there is a domain, though nobody has introduced it. */
  readonly exists?: (domid: number) => boolean;
  /** The store is going to be restored: it begins with its root alone. */
  readonly bare?: boolean;
}
