/**
 * Requests about domains.
 *
 * Source: xen, docs/misc/xenstore.txt, "Domain management and xenstored communications";
 * tools/xenstored/domain.c, do_introduce() to do_is_domain_introduced().
 *
 * @module
 */

import { DOMID_FIRST_RESERVED, DOMID_SELF, type Domain } from "./domains.ts";
import { homeOf, INTRODUCE_DOMAIN, RELEASE_DOMAIN } from "./path.ts";
import { type Answer, type Handlers, OK, type Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import { numberAtFront, stringsOf } from "./text.ts";
import { TYPE } from "./wire.ts";

/** The arguments of a request that only domain 0 may make. */
function argumentsOf({ connection, message }: Request, count: number): string[] {
  if (!connection.privileged) throw refusal("EACCES");
  const strings = stringsOf(message.body);
  if (strings.length < count) throw refusal("EINVAL");
  return strings;
}

function demandDomain({ daemon }: Request, text: string | undefined): Domain {
  const domain = daemon.domains.get(numberAtFront(text ?? ""));
  if (domain === undefined) throw refusal(daemon.profile.errors.unknownDomain);
  return domain;
}

/** Without a hypervisor that says otherwise, a domain exists because it is introduced. */
function introduce(request: Request): Answer {
  const { daemon } = request;
  const [idText = "", gfnText = "", portText = ""] = argumentsOf(request, 3);
  const [domid, port] = [numberAtFront(idText), numberAtFront(portText)];
  if (domid < 0 || domid >= DOMID_FIRST_RESERVED || port <= 0) throw refusal("EINVAL");
  const known = daemon.domains.get(domid);
  if (known !== undefined) {
    known.port = port;
    return OK;
  }
  daemon.domains.appear(domid, daemon.store.generation);
  const connection = daemon.connectRing(domid);
  const gfn = BigInt(/^\d+/.exec(gfnText)?.[0] ?? 0);
  daemon.domains.introduce({ domid, gfn, port, connection, shutdown: false, features: 0 });
  daemon.announce(INTRODUCE_DOMAIN);
  return OK;
}

function release(request: Request): Answer {
  const { daemon } = request;
  const [text] = argumentsOf(request, 1);
  const { connection, domid } = demandDomain(request, text);
  if (domid === 0) throw refusal("EINVAL");
  daemon.disconnect(connection);
  daemon.domains.vanish(domid);
  daemon.announce(RELEASE_DOMAIN);
  return OK;
}

function resume(request: Request): Answer {
  const [text] = argumentsOf(request, 1);
  demandDomain(request, text).shutdown = false;
  return OK;
}

function setTarget(request: Request): Answer {
  const [text, targetText] = argumentsOf(request, 2);
  const { domains, profile } = request.daemon;
  const domain = domains.get(numberAtFront(text ?? ""));
  const target = domains.get(numberAtFront(targetText ?? ""));
  if (domain === undefined) throw refusal("ENOENT");
  if (target === undefined && !profile.specialsInTree) throw refusal("ENOENT");
  domain.connection.target = numberAtFront(targetText ?? "");
  return OK;
}

function isIntroduced(request: Request): Answer {
  const [text = ""] = argumentsOf(request, 1);
  const domid = numberAtFront(text);
  return domid === DOMID_SELF || request.daemon.domains.get(domid) !== undefined ? "T\0" : "F\0";
}

function domainPath({ message }: Request): Answer {
  const strings = stringsOf(message.body);
  if (strings.length !== 1) throw refusal("EINVAL");
  return `${homeOf(numberAtFront(strings[0] as string) >>> 0)}\0`;
}

export const DOMAINS: Handlers = {
  [TYPE.INTRODUCE]: introduce,
  [TYPE.RELEASE]: release,
  [TYPE.RESUME]: resume,
  [TYPE.SET_TARGET]: setTarget,
  [TYPE.IS_DOMAIN_INTRODUCED]: isIntroduced,
  [TYPE.GET_DOMAIN_PATH]: domainPath,
};
