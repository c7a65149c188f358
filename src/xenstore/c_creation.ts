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
import { NO_OCTETS, nameOf, parentOf, type StoreNode } from "./store.ts";

/** Octets of a node without contents: generation, three counts and padding. */
const NODE_HEAD_OCTETS = 24;
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
  if (!connection.privileged) demandQuota(request, missing, parent, perms, value);
  for (let index = missing.length - 1; index >= 0; index--) {
    const made = index < missing.length - 1;
    tree.create(missing[index] as string, index === 0 ? value : NO_OCTETS, perms, made);
  }
}

function ownedBy(domid: number, [first, ...rest]: Perms): Perms {
  return [{ access: first?.access ?? 0, domid }, ...rest];
}

function demandQuota(
  request: Request,
  missing: readonly string[],
  parent: StoreNode,
  perms: Perms,
  value: Uint8Array,
): void {
  const { daemon, connection, transaction } = request;
  const open = transaction instanceof GenerationTransaction ? transaction.made : 0;
  const nodes = daemon.store.owned(connection.domid) + open;
  if (nodes + missing.length > daemon.quota("nodes", connection.domid)) refuse(request);
  demandRoom(request, perms.length, value.length, undefined);
  const names = new Map(parent.children);
  names.set(nameOf(missing.at(-1) as string), parent);
  demandRoom(request, parent.perms.length, parent.value.length, names);
}

/** A node of an unprivileged domain has a limit for all of it, its list of children too. */
export function demandRoom(
  request: Request,
  perms: number,
  valueOctets: number,
  children: ReadonlyMap<string, unknown> | undefined,
): void {
  const { connection, daemon } = request;
  if (connection.privileged) return;
  let octets = NODE_HEAD_OCTETS + PERM_OCTETS * perms + valueOctets;
  for (const name of children?.keys() ?? []) octets += name.length + 1;
  if (octets > daemon.quota("nodeOctets", connection.domid)) refuse(request);
}

/** What went wrong in a transaction cannot be made good in it. */
function refuse({ transaction }: Request): never {
  if (transaction instanceof GenerationTransaction) transaction.fail();
  throw refusal("ENOSPC");
}
