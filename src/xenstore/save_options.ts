/**
 * How the state of a daemon is saved.
 *
 * @module
 */
import type { Update } from "./live_update.ts";

export interface SaveOptions {
  readonly version: 1 | 2;
  /** The request that is answered by the successor. */
  readonly update?: Pick<Update, "asked">;
  /** Descriptor of the socket that listens. */
  readonly listener?: number;
  /** Descriptor of the events of domains. */
  readonly events?: number;
  /** Port of the daemon's end of the channel to a domain; as the domain says when absent. */
  readonly portOf?: (domid: number) => number;
}
