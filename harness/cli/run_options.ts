/**
 * What `freezethaw run` was asked for.
 *
 * @module
 */
import type { Shard } from "../shard.ts";
import type { ImplementationOptions } from "./chosen.ts";

export interface RunOptions extends ImplementationOptions {
  readonly onlyFailed?: true;
  readonly replay?: string;
  readonly defects?: true | readonly string[];
  readonly reporter: readonly string[];
  readonly out: string;
  readonly json?: true;
  readonly resume?: true;
  readonly shard?: Shard;
  readonly times?: string;
  readonly retries: number;
  readonly attempts: number;
  readonly failFast?: true;
  readonly maxArtifactSize?: number;
  readonly redact?: true;
  readonly jobs: number;
  readonly expectations: readonly string[];
  readonly today?: string;
  readonly history?: string;
}
