/**
 * How an implementation of the user's own is to be driven.
 *
 * @module
 */
import type { Configuration } from "../configuration.ts";

export interface Driving {
  readonly configuration: Configuration;
  /** Folder that its commands are relative to. */
  readonly folder: string;
  /** Time after which one answer is overdue. */
  readonly timeoutMs: number;
  /** Adapters side by side. */
  readonly jobs: number;
}
