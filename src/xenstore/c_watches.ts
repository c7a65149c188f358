/**
 * Watches as the C daemon tells them: a connection hears of a node that it may read, or whose
 * parent it may read.
 *
 * Source: xen, tools/xenstored/watch.c, fire_watches() and watch_permitted().
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { accessOf, type Perms, READ } from "./perms.ts";
import type { Surroundings, WatchRules } from "./request.ts";
import { parentOf, type StoreNode } from "./store_node.ts";
import { covers } from "./watch.ts";

export const C_WATCHES: WatchRules = {
  fire(daemon, path, node, exact, before) {
    const { watches } = daemon;
    if (exact ? !watches.has(path) : !watches.covers(path)) return;
    for (const connection of daemon.connections()) {
      if (connection.watches.length === 0) continue;
      if (!mayHear(daemon, connection, path, node, before)) continue;
      for (const watch of connection.watches) {
        if (exact ? watch.path !== path : !covers(watch, path)) continue;
        connection.sendEvent(path.slice(watch.prefix), watch.token);
      }
    }
  },

  announce(daemon, special) {
    this.fire(daemon, special, daemon.store.read(special), true, undefined);
  },
};

function mayHear(
  daemon: Surroundings,
  connection: Connection,
  path: string,
  node: StoreNode | undefined,
  before: Perms | undefined,
): boolean {
  if (connection.privileged) return node !== undefined || before !== undefined;
  if (before !== undefined && (accessOf(before, connection) & READ) !== 0) return true;
  if (node === undefined) return false;
  if ((accessOf(daemon.permsOf(node), connection) & READ) !== 0) return true;
  // Until 4.17 a special node has no parent.
  if (path[0] === "@" && daemon.profile.specialPerms === undefined) return false;
  const parent = daemon.store.read(parentOf(path));
  return parent !== undefined && (accessOf(daemon.permsOf(parent), connection) & READ) !== 0;
}
