/**
 * Requests about domains, as oxenstored answers them.
 *
 * Source: xen, tools/ocaml/xenstored/process.ml, do_introduce to do_resume; store.ml,
 * reset_permissions.
 *
 * @module
 */

import { DOMID_SELF } from "./domains.ts";
import { integerOf } from "./ocaml_nodes.ts";
import { homeOf, INTRODUCE_DOMAIN, RELEASE_DOMAIN } from "./path.ts";
import { type Answer, type Handlers, OK, type Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import type { Store } from "./store.ts";
import type { StoreNode } from "./store_node.ts";
import { textOf } from "./text.ts";
import { TYPE } from "./wire.ts";

/** Parts that a body is split into; the last one has the rest. */
const PARTS_MAX = 8;

/** The body between its NULs; one that ends in NUL has an empty part at its end. */
export function partsOf({ message: { body } }: Request, max: number = PARTS_MAX): string[] {
  const parts = textOf(body).split("\0");
  return parts.length <= max
    ? parts
    : [...parts.slice(0, max - 1), parts.slice(max - 1).join("\0")];
}

function demandPrivilege({ connection }: Request): void {
  if (!connection.privileged) throw refusal("EACCES");
}

function demandInteger(text: string | undefined): number {
  const integer = integerOf(text ?? "");
  if (integer === undefined) throw refusal("EINVAL");
  return integer;
}

/** The digits of `text`, after whatever is no digit; 0 without any. */
function digitsOf(text: string): number {
  return Number(/^[^0-9]*([0-9]+)/.exec(text)?.[1] ?? 0);
}

function introduce(request: Request): Answer {
  demandPrivilege(request);
  const { daemon } = request;
  const parts = partsOf(request);
  if (parts.length < 3) throw refusal("EINVAL");
  // From right to left, as OCaml does; it does not expect a frame that is no number.
  const port = demandInteger(parts[2]);
  const gfn = integerOf(parts[1] as string);
  if (gfn === undefined) throw refusal("EIO");
  const domid = demandInteger(parts[0]);
  const known = daemon.domains.get(domid);
  if (known === undefined) {
    if (!daemon.domains.mayIntroduce(domid)) throw refusal("EINVAL");
    daemon.domains.appear(domid, 0);
    const connection = daemon.connectRing(domid);
    const made = { domid, gfn: BigInt(gfn), port, connection, shutdown: false, features: 0 };
    daemon.domains.introduce(made);
    daemon.announce(INTRODUCE_DOMAIN);
    return OK;
  }
  if (known.gfn === BigInt(gfn) && known.connection !== request.connection) known.port = port;
  if (known.port !== port || known.gfn !== BigInt(gfn)) throw refusal("EINVAL");
  return OK;
}

function release(request: Request): Answer {
  demandPrivilege(request);
  const parts = partsOf(request);
  if (parts.length !== 2 || parts[1] !== "") throw refusal("EINVAL");
  const domid = demandInteger(parts[0]);
  const { daemon } = request;
  const known = daemon.domains.get(domid);
  if (known !== undefined) daemon.disconnect(known.connection);
  daemon.profile.removeDomain(daemon, request.tree as Store, domid);
  if (known === undefined) throw refusal("EINVAL");
  daemon.announce(RELEASE_DOMAIN);
  return OK;
}

function resume(request: Request): Answer {
  demandPrivilege(request);
  const domain = request.daemon.domains.get(demandInteger(partsOf(request)[0]));
  if (domain === undefined) throw refusal("EINVAL");
  domain.shutdown = false;
  return OK;
}

function setTarget(request: Request): Answer {
  demandPrivilege(request);
  const parts = partsOf(request);
  if (parts.length !== 3 || parts[2] !== "") throw refusal("EINVAL");
  const [domid, target] = [digitsOf(parts[0] as string), digitsOf(parts[1] as string)];
  const domain = request.daemon.domains.get(domid);
  if (domain === undefined) throw refusal("ENOENT");
  const { connection } = domain;
  connection.target = target;
  connection.privileged = domid === 0 || target === 0;
  return OK;
}

function isIntroduced(request: Request): Answer {
  demandPrivilege(request);
  const domid = demandInteger(partsOf(request)[0]);
  return domid === DOMID_SELF || request.daemon.domains.get(domid) !== undefined ? "T\0" : "F\0";
}

function domainPath(request: Request): Answer {
  const parts = partsOf(request);
  if (parts.length !== 2 || parts[1] !== "") throw refusal("EINVAL");
  return `${homeOf(digitsOf(parts[0] as string))}\0`;
}

export const OCAML_DOMAINS: Handlers = {
  [TYPE.INTRODUCE]: introduce,
  [TYPE.RELEASE]: release,
  [TYPE.RESUME]: resume,
  [TYPE.SET_TARGET]: setTarget,
  [TYPE.IS_DOMAIN_INTRODUCED]: isIntroduced,
  [TYPE.GET_DOMAIN_PATH]: domainPath,
};

/** Its nodes go, and its permissions; every other node counts as changed. Nobody is told. */
export function removeOrphans(store: Store, domid: number): void {
  // Without its root there would be no store: the program stumbles over that.
  if (store.root.perms[0]?.domid === domid) throw refusal("ENOENT");
  store.renew((node: StoreNode) => {
    const [owner, ...others] = node.perms;
    // Domain -1 marks what is to go.
    if (owner === undefined || owner.domid === domid || owner.domid === -1) return undefined;
    return [owner, ...others.filter((it) => it.domid !== domid)];
  });
}
