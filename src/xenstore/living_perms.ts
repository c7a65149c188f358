/**
 * Permissions of domains that are gone: another domain of the same number gains nothing by them.
 *
 * Source: xen, tools/xenstored/domain.c, domain_adjust_node_perms(); XSA-322.
 *
 * @module
 */
import type { Domains } from "./domains.ts";
import type { Perm, Perms } from "./perms.ts";
import type { StoreNode } from "./store.ts";

/** The permissions of `node`, those of dead domains marked; without its owner it is domain 0's. */
export function livingPerms({ perms, generation }: StoreNode, domains: Domains): Perms {
  const isAlive = ({ domid, stale }: Perm) =>
    stale === true || domid === 0 || domains.existedAt(domid, generation);
  if (perms.every(isAlive)) return perms;
  return perms.map((perm, index): Perm => {
    if (isAlive(perm)) return perm;
    return index === 0 ? { ...perm, domid: 0 } : { ...perm, stale: true };
  });
}
