/**
 * How an implementation of the user's own is to be driven, and an embedded one to be served, by the
 * adapter protocol.
 *
 * @module
 */
import type { Configuration } from "../configuration.ts";
import type { Place, Serving } from "../place.ts";

export interface Driving<Implementation> {
  readonly configuration: Configuration;
  /** Folder that its commands are relative to. */
  readonly folder: string;
  /** Time after which one answer is overdue. */
  readonly timeoutMs: number;
  /** Adapters side by side. */
  readonly jobs: number;
  /** Folder where what adapters write beside their answers is kept, if it is. */
  readonly keep?: string | undefined;
  /** What becomes of that before; other files of theirs are not kept then. */
  readonly change?: ((text: string) => string) | undefined;
  /** The embedded one whose matrix, suites and expectations it is judged by. */
  readonly like?: Implementation | undefined;
}

export interface Protocol<Implementation> {
  /** Reaches one; to be ended. */
  reach(driving: Driving<Implementation>): Promise<Implementation>;
  serve(implementation: Implementation, place: Place): Promise<Serving>;
}
