/**
 * Taking over what a predecessor has written down, in whatever format: it is hostile, so each part
 * is checked as if a client had asked for it.
 *
 * @module
 */
import { PERM_STALE, type Perm as WrittenPerm } from "../xenstore_stream/mod.ts";
import type { Connection } from "./connection.ts";
import type { Daemon } from "./daemon.ts";
import { DOMID_FIRST_RESERVED } from "./domains.ts";
import { canonicalPath, homeOf, INTRODUCE_DOMAIN, isAbsolute, RELEASE_DOMAIN } from "./path.ts";
import { type Perm, permOf } from "./perms.ts";
import { NO_OCTETS } from "./store.ts";
import { parentOf } from "./store_node.ts";
import { DEPTH_UNLIMITED } from "./watch.ts";

/** Longest path that any daemon takes. */
const PATH_MAX = 4096;
/** Domain whose number stands for all others, in permissions of special nodes. */
const DOMID_ANY = 0x7ff5;

/** A ring of a domain that has none yet; that of domain 0 is there from the beginning. */
export function adoptRing(daemon: Daemon, domid: number, port: number, gfn = 0n): Connection {
  const known = daemon.domains.get(domid);
  if (domid === 0 && known !== undefined) return known.connection;
  if (known !== undefined || domid >= DOMID_FIRST_RESERVED) {
    throw new RangeError(`domid must be a domain without a ring yet: current value is ${domid}`);
  }
  daemon.domains.appear(domid, 0);
  const connection = daemon.connectRing(domid);
  daemon.domains.introduce({ domid, gfn, port, connection, shutdown: false, features: 0 });
  return connection;
}

export function adoptWatch(
  daemon: Daemon,
  connection: Connection,
  {
    path,
    token,
    depth = DEPTH_UNLIMITED,
  }: { path: string; token: string; depth?: number | undefined },
): void {
  const { domid, watches } = connection;
  const absolute = canonicalPath(path, domid, PATH_MAX, true);
  if (watches.some((it) => it.path === absolute && it.token === token)) {
    throw new RangeError(`the watch of "${path}" must be there once only`);
  }
  const prefix = isAbsolute(path) ? 0 : homeOf(domid).length + 1;
  daemon.watches.add(connection, { path: absolute, token, prefix, depth });
}

interface WrittenNode {
  readonly path: string;
  readonly perms: readonly WrittenPerm[];
  readonly value: Uint8Array;
}

export function adoptNode(daemon: Daemon, { path, perms, value }: WrittenNode): void {
  const { store, domains } = daemon;
  if (perms.length === 0) throw new RangeError(`node "${path}" must have permissions`);
  const adopted = perms.map(({ perm, flags, domid }): Perm => {
    const adoptedPerm = permOf(`${perm}${domid}`, Number);
    if ((flags & PERM_STALE) !== 0) return { ...adoptedPerm, stale: true };
    // Whoever has a permission that is not stale was there when the stream was written.
    if (domid < DOMID_FIRST_RESERVED || domid === DOMID_ANY) domains.appear(domid, 0);
    return adoptedPerm;
  });
  const isSpecial = path === INTRODUCE_DOMAIN || path === RELEASE_DOMAIN;
  const checked = isSpecial ? path : canonicalPath(path, 0, PATH_MAX, false);
  if (checked !== path) throw new RangeError(`the path must be absolute: current value is ${path}`);
  if (path === "/") {
    store.setPerms(path, adopted);
    store.setValue(path, value.slice());
    return;
  }
  if (store.read(path) !== undefined) throw new RangeError(`node "${path}" must be there once`);
  if (!isSpecial && store.read(parentOf(path)) === undefined) {
    throw new RangeError(`the parent of "${path}" must be known`);
  }
  store.create(path, value.slice(), adopted);
}

/** The special nodes are there, whether they were written down or not. */
export function completeSpecials(daemon: Daemon): void {
  for (const special of [INTRODUCE_DOMAIN, RELEASE_DOMAIN]) {
    if (daemon.store.read(special) !== undefined) continue;
    daemon.store.create(special, NO_OCTETS, [{ access: 0, domid: 0 }]);
  }
}
