/**
 * The nodes that a daemon has from its beginning.
 *
 * Source: xen, tools/xenstored/core.c, setup_structure(); tools/ocaml/xenstored/xenstored.ml.
 *
 * @module
 */
import { INTRODUCE_DOMAIN, RELEASE_DOMAIN } from "./path.ts";
import { type Perms, permOf } from "./perms.ts";
import type { Profile } from "./request.ts";
import { NO_OCTETS, type Store } from "./store.ts";
import { octetsOf } from "./text.ts";

export const ROOT_PERMS: Perms = [{ access: 0, domid: 0 }];

export function furnish(store: Store, { specialPerms, specialsInTree, tool }: Profile): void {
  if (specialsInTree) store.create("/local", NO_OCTETS, ROOT_PERMS);
  store.create("/tool", NO_OCTETS, ROOT_PERMS);
  store.create("/tool/xenstored", octetsOf(tool), ROOT_PERMS);
  const perms = (specialPerms ?? "n0").split("\0").map((it) => permOf(it, Number));
  for (const special of [RELEASE_DOMAIN, INTRODUCE_DOMAIN]) {
    store.create(special, NO_OCTETS, perms);
  }
  // Each is written once, with its list of children; the special ones since 4.18.
  store.generation = 0;
  for (const path of ["/", "/tool", "/tool/xenstored", RELEASE_DOMAIN, INTRODUCE_DOMAIN]) {
    const isWritten = path[0] !== "@" || specialPerms !== undefined;
    store.own(path).generation = isWritten ? ++store.generation : 0;
  }
}
