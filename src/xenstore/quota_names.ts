/**
 * Names of quotas on the wire and in streams.
 *
 * Source: xen, docs/misc/xenstore.txt, "GET_QUOTA"; docs/designs/xenstore-migration.md,
 * GLOBAL_QUOTA_DATA.
 *
 * @module
 */
import type { Quota } from "../xenstore_stream/mod.ts";
import type { QuotaName } from "./request.ts";

export const QUOTA_NAMES: Readonly<Record<string, QuotaName>> = {
  nodes: "nodes",
  watches: "watches",
  transactions: "transactions",
  "transaction-nodes": "transactionNodes",
  "node-permissions": "perms",
  "node-size": "nodeOctets",
  outstanding: "outstanding",
};

/** Quotas as a stream has them, where 0 is no limit. */
export function quotasOf(limits: ReadonlyMap<string, number>): Quota[] {
  return Object.entries(QUOTA_NAMES).flatMap(([name, key]) => {
    const value = limits.get(key);
    return value === undefined ? [] : [{ name, value: Number.isFinite(value) ? value : 0 }];
  });
}

/** Calls `set` for each quota that is known. */
export function eachQuota(
  quotas: readonly Quota[],
  set: (name: QuotaName, value: number) => void,
): void {
  for (const { name, value } of quotas) {
    const key = Object.hasOwn(QUOTA_NAMES, name) ? QUOTA_NAMES[name] : undefined;
    if (key !== undefined) set(key, value === 0 ? Number.POSITIVE_INFINITY : value);
  }
}
