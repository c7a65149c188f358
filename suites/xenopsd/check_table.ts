/**
 * How the cases of a group are tried, by their ids.
 *
 * @module
 */
import type { XenopsBench, XenopsOptions } from "../../harness/facets/xenopsd.ts";
import { Client } from "./client.ts";

/** Throws what does not hold. */
export type Check = (bench: XenopsBench) => void | Promise<void>;

export type Checks = Readonly<Record<string, Check>>;

/** Tries it on a fresh server. */
export function withClient(
  attempt: (client: Client) => Promise<void>,
  options: XenopsOptions = {},
): Check {
  return async (bench) => {
    await using target = await bench.open(options);
    await attempt(new Client(target));
  };
}
