/**
 * One look at a controller, whoever made it: what is done to it, and what it showed, by name.
 *
 * @module
 */
import type { NvmeHost } from "./nvme_host.ts";

/** What was seen; texts for what is longer than a number. */
export type Seen = Readonly<Record<string, number | string>>;

export interface Look {
  readonly name: string;
  /** Where it is written what a controller shows. */
  readonly source: string;
  /** `host` drives a controller that was just powered on. */
  take(host: NvmeHost): Promise<Seen>;
}
