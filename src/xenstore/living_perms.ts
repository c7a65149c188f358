/**
 * Permissions of domains that are gone: another domain of the same number gains nothing by them.
 *
 * Source: xen, tools/xenstored/domain.c, domain_adjust_node_perms(); XSA-322.
 *
 * @module
 */
import type { Domains } from "./domains.ts";
import type { Perm, Perms } from "./perms.ts";
import type { StoreNode } from "./store_node.ts";

/** The permissions of `node`, those of dead domains marked; its owner takes it along. */
export function livingPerms({ perms, generation }: StoreNode, domains: Domains): Perms {
  const isAlive = ({ domid, stale }: Perm, index: number) =>
    index === 0 || stale === true || domid === 0 || domains.existedAt(domid, generation);
  if (perms.every(isAlive)) return perms;
  return perms.map((perm, index) => (isAlive(perm, index) ? perm : { ...perm, stale: true }));
}
