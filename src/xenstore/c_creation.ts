/**
 * New nodes of the C daemon: missing parents are made too, all inherit their permissions, and the
 * domain that makes them owns them and pays for them.
 *
 * Source: xen, tools/xenstored/core.c, construct_node() and create_node().
 *
 * @module
 */

import { GenerationTransaction } from "./generation_transaction.ts";
import type { Perms } from "./perms.ts";
import type { Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import { nameOf, parentOf, type StoreNode } from "./store_node.ts";

const PERM_OCTETS = 8;

/** Makes the node at `path`, which does not exist, and what is missing above it. */
export function createNode(request: Request, path: string, value: Uint8Array): void {
  const { tree, connection } = request;
  const missing: string[] = [];
  let parent: StoreNode | undefined;
  for (let at = path; parent === undefined; at = parentOf(at)) {
    missing.push(at);
    parent = tree.read(parentOf(at));
    if (parent === undefined && parentOf(at) === "/") throw refusal("ENOENT");
  }
  const inherited = request.daemon.permsOf(parent);
  const perms = connection.privileged ? inherited : ownedBy(connection.domid, inherited);
  const { transaction } = request;
  if (transaction instanceof GenerationTransaction) transaction.hasCreated = true;
  if (!connection.privileged) demandQuota(request, missing, parent, perms, value);
  const { domains, store, profile } = request.daemon;
  const hasOwner = domains.refer(perms[0]?.domid ?? 0, store.generation);
  if (!hasOwner && profile.specialPerms !== undefined) {
    // The owner is gone, which only a transaction does not see, and until 4.17 does not mind.
    store.generation++;
    throw refusal("ENOMEM");
  }
  tree.createAll(missing, value, perms);
}

function ownedBy(domid: number, [first, ...rest]: Perms): Perms {
  return [{ access: first?.access ?? 0, domid }, ...rest];
}

/** Nodes are written the deepest first; what was written before one is refused is undone. */
function demandQuota(
  request: Request,
  missing: readonly string[],
  parent: StoreNode,
  perms: Perms,
  value: Uint8Array,
): void {
  const { daemon, connection } = request;
  const max = daemon.quota("nodes", connection.domid);
  missing.forEach((_, index) => {
    if (nodesOf(request, index) >= max) refuse(request, index, index > 0);
    const below = missing[index - 1];
    const names = below === undefined ? undefined : [nameOf(below)];
    demandRoom(request, perms.length, index === 0 ? value.length : 0, names, index + 1);
  });
  const names = [...(parent.children?.keys() ?? []), nameOf(missing.at(-1) as string)];
  demandRoom(request, parent.perms.length, parent.value.length, names, missing.length + 1);
}

/** Nodes that the client's domain owns when it makes `index` of them in this request. */
function nodesOf({ daemon, connection, transaction }: Request, index: number): number {
  const owned = daemon.store.owned(connection.domid);
  if (!(transaction instanceof GenerationTransaction)) return owned + index;
  // Until 4.17 those of a transaction are counted at its end only.
  if (daemon.profile.specialPerms === undefined) return owned;
  return Math.max(0, owned + (transaction.made.get(connection.domid) ?? 0) + index);
}

/**
 * A node of an unprivileged domain has a limit for all of it, its list of children too. `writes`:
 * nodes that the request has written when this one is refused, which is one of them.
 */
export function demandRoom(
  request: Request,
  perms: number,
  valueOctets: number,
  children: Iterable<string> | undefined,
  writes = 1,
): void {
  const { connection, daemon } = request;
  if (connection.privileged) return;
  const { head, exclusive } = daemon.profile.nodeRoom;
  let octets = head + PERM_OCTETS * perms + valueOctets;
  for (const name of children ?? []) octets += name.length + 1;
  const max = daemon.quota("nodeOctets", connection.domid);
  if (octets > max || (exclusive && octets === max)) refuse(request, writes, true);
}

/** What went wrong in a transaction after something was written cannot be made good in it. */
function refuse({ transaction, daemon }: Request, writes: number, fails: boolean): never {
  daemon.store.generation += writes;
  if (fails && transaction instanceof GenerationTransaction) transaction.fail();
  throw refusal("ENOSPC");
}
