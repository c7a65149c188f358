/**
 * Where a daemon runs while clients are connected: a process that it shares with its predecessors
 * and successors, or the model within this one.
 *
 * @module
 */
import type { Herald } from "./herald.ts";

export interface Host {
  /** What is heard of it. */
  readonly herald: Herald;
  /** The last thing that it wrote for its user. */
  readonly lastWords: string;
  /** Number of its process; undefined when it has none of its own. */
  readonly pid: number | undefined;
  /** Milliseconds in which a second of its clock is over. */
  readonly secondMs: number;
  /** The release that runs. */
  readonly release: string;
  /** Ends it, whatever it is at. */
  kill(): Promise<void>;
}
