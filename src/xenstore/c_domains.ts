/**
 * Requests about domains, as the C daemon answers them.
 *
 * Source: xen, docs/misc/xenstore.txt, "Domain management and xenstored communications";
 * tools/xenstored/domain.c, do_introduce() to do_is_domain_introduced(), destroy_domain().
 *
 * @module
 */

import { DOMID_SELF, type Domain } from "./domains.ts";
import { homeOf, INTRODUCE_DOMAIN, RELEASE_DOMAIN } from "./path.ts";
import type { Perm } from "./perms.ts";
import { type Answer, type Handlers, OK, type Request, type Surroundings } from "./request.ts";
import { refusal } from "./request_error.ts";
import type { StoreNode } from "./store_node.ts";
import { numberAtFront, stringsOf } from "./text.ts";
import { TYPE } from "./wire.ts";

function argumentsOf({ message }: Request, count: number): string[] {
  const strings = stringsOf(message.body);
  if (strings.length < count) throw refusal("EINVAL");
  return strings;
}

/** unsigned int of atoi(). */
function domidOf(text: string | undefined): number {
  return numberAtFront(text ?? "") >>> 0;
}

function demandDomain({ daemon }: Request, domid: number): Domain {
  const domain = daemon.domains.get(domid);
  if (domain === undefined) throw refusal("ENOENT");
  return domain;
}

function onlyDomain(request: Request): Domain {
  const domid = domidOf(onlyArgument(request));
  if (domid === 0) throw refusal("EINVAL");
  return demandDomain(request, domid);
}

function onlyArgument({ message: { body } }: Request): string {
  const [text] = stringsOf(body);
  if (text === undefined || text.length + 1 !== body.length) throw refusal("EINVAL");
  return text;
}

function introduce(request: Request): Answer {
  const { daemon } = request;
  const [idText, gfnText = "", portText] = argumentsOf(request, 3);
  const [domid, port] = [domidOf(idText), domidOf(portText)];
  if (port === 0) throw refusal("EINVAL");
  const known = daemon.domains.get(domid);
  if (known === undefined) {
    // Its ring cannot be mapped.
    if (!daemon.domains.mayIntroduce(domid)) throw refusal("ENOENT");
    daemon.domains.appear(domid, daemon.store.generation);
    const connection = daemon.connectRing(domid);
    const gfn = BigInt(/^\d+/.exec(gfnText)?.[0] ?? 0);
    daemon.domains.introduce({ domid, gfn, port, connection, shutdown: false, features: 0 });
    daemon.announce(INTRODUCE_DOMAIN);
    return OK;
  }
  // It begins anew, with an empty ring.
  known.port = port;
  daemon.watches.removeAll(known.connection);
  daemon.dropTransactions(known.connection);
  known.connection.dropInput();
  known.connection.dropOutput();
  return OK;
}

function release(request: Request): Answer {
  const { daemon } = request;
  const { connection, domid } = onlyDomain(request);
  daemon.watches.removeAll(connection);
  // Who acts for it keeps it: each release takes one of them away first.
  if (connection.referrers.pop() !== undefined) return OK;
  daemon.disconnect(connection);
  daemon.profile.removeDomain(daemon, daemon.store, domid);
  daemon.announce(RELEASE_DOMAIN);
  return OK;
}

function resume(request: Request): Answer {
  onlyDomain(request).shutdown = false;
  return OK;
}

function setTarget(request: Request): Answer {
  const [text, targetText] = argumentsOf(request, 2);
  const { connection } = demandDomain(request, domidOf(text));
  const target = demandDomain(request, domidOf(targetText));
  connection.target = target.domid;
  target.connection.referrers.push(connection.domid);
  return OK;
}

function isIntroduced(request: Request): Answer {
  const domid = domidOf(onlyArgument(request));
  return domid === DOMID_SELF || request.daemon.domains.get(domid) !== undefined ? "T\0" : "F\0";
}

function domainPath(request: Request): Answer {
  return `${homeOf(domidOf(onlyArgument(request)))}\0`;
}

export const C_DOMAINS: Handlers = {
  [TYPE.INTRODUCE]: introduce,
  [TYPE.RELEASE]: release,
  [TYPE.RESUME]: resume,
  [TYPE.SET_TARGET]: setTarget,
  [TYPE.IS_DOMAIN_INTRODUCED]: isIntroduced,
  [TYPE.GET_DOMAIN_PATH]: domainPath,
};

/** Nodes that the domain owns go with it, and with all below them; watches are told. */
export function removeNodesOf(daemon: Surroundings, domid: number): void {
  const { store } = daemon;
  removeBelow(daemon, "/", store.root, domid);
  if (daemon.profile.specialPerms === undefined) leaveSpecials(daemon, domid);
  daemon.domains.forget(domid);
  for (const connection of daemon.connections()) {
    if (connection.target === domid) connection.target = undefined;
  }
}

/** Until 4.17 domain 0 takes over what a domain owns of these, and its other entries go. */
function leaveSpecials({ store }: Surroundings, domid: number): void {
  for (const special of [INTRODUCE_DOMAIN, RELEASE_DOMAIN]) {
    const node = store.own(special);
    const isOther = (perm: Perm, index: number) => index === 0 || perm.domid !== domid;
    node.perms = node.perms
      .filter(isOther)
      .map((perm) => (perm.domid === domid ? { ...perm, domid: 0 } : perm));
  }
}

function removeBelow(daemon: Surroundings, path: string, node: StoreNode, domid: number): void {
  const { store, profile } = daemon;
  if (daemon.permsOf(node)[0]?.domid === domid) {
    if (path === "/") return;
    store.remove(path, (at, gone) => {
      profile.watchRules.fire(daemon, at, gone, at !== path, undefined);
    });
    return;
  }
  for (const name of [...(node.children?.keys() ?? [])]) {
    const child = path === "/" ? `/${name}` : `${path}/${name}`;
    const found = store.read(child);
    if (found !== undefined) removeBelow(daemon, child, found, domid);
  }
}
