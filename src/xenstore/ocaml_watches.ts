/**
 * Watches as oxenstored tells them: those above a change in the order of their depth, newest
 * first; on a removal also those below it, whether or not there was a node.
 *
 * Source: xen, tools/ocaml/xenstored/process.ml, process_watch; connections.ml, fire_watches;
 * connection.ml, fire_single_watch and lookup_watch_perm.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { accessOfEither, type Perms, READ } from "./perms.ts";
import type { Change, Surroundings, WatchRules } from "./request.ts";
import { find, parentOf, type StoreNode } from "./store_node.ts";
import type { Watch } from "./watch.ts";

/** Tells of `change` between the trees below `before` and `after`. */
export function fireOnChange(
  daemon: Surroundings,
  change: Change,
  before: StoreNode,
  after: StoreNode,
): void {
  const { path, kind } = change;
  const roots = kind === "removed" ? [before] : kind === "perms" ? [before, after] : [after];
  tell(daemon, path, (at) => roots.flatMap((root) => permsAt(root, at)), kind === "removed");
}

/** Tells all watches at or above `path`, with `below` also those under it. */
export function tell(
  daemon: Surroundings,
  path: string,
  permsOf: (path: string) => readonly Perms[],
  below: boolean,
): void {
  if (daemon.watches.covers(path)) {
    for (const at of pathsDownTo(path)) {
      if (daemon.watches.has(at)) send(daemon, at, path, permsOf);
    }
  }
  if (!below) return;
  for (const at of daemon.watches.below(path)) send(daemon, at, at, permsOf);
}

/** Tells the watches of `watched` that something happened at `path`. */
function send(
  daemon: Surroundings,
  watched: string,
  path: string,
  permsOf: (path: string) => readonly Perms[],
): void {
  const perms = permsOf(path);
  for (const { connection, watch } of watchesAt(daemon, watched)) {
    if (!mayHear(connection, perms)) continue;
    const isInside = path[0] === "@" && watched !== path;
    connection.sendEvent(isInside ? `/${path}` : path.slice(watch.prefix), watch.token);
  }
}

function watchesAt(daemon: Surroundings, path: string) {
  const found: { readonly connection: Connection; readonly watch: Watch }[] = [];
  for (const connection of daemon.connections()) {
    for (const watch of connection.watches) {
      if (watch.path === path) found.push({ connection, watch });
    }
  }
  return found.reverse();
}

function mayHear(connection: Connection, perms: readonly Perms[]): boolean {
  return perms.some((it) => (accessOfEither(it, connection) & READ) !== 0);
}

/** Permissions of the parent and, where it exists, of the node; of the root there are none. */
export function permsAt(root: StoreNode, path: string): Perms[] {
  if (path === "/") return [];
  const parent = path[0] === "@" ? root : find(root, parentOf(path));
  if (parent === undefined) return [];
  const node = find(root, path);
  return node === undefined ? [parent.perms] : [parent.perms, node.perms];
}

function pathsDownTo(path: string): string[] {
  if (path[0] === "@") return ["/"];
  const paths = [path];
  for (let at = path; at !== "/"; ) {
    at = parentOf(at);
    paths.unshift(at);
  }
  return paths;
}

export const OCAML_WATCHES: WatchRules = {
  fire(daemon, path) {
    tell(daemon, path, (at) => permsAt(daemon.store.root, at), false);
  },

  announce(daemon, special) {
    send(daemon, special, special, (at) => permsAt(daemon.store.root, at));
  },
};
