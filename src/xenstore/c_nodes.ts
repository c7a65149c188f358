/**
 * Requests about nodes as the C daemon answers them.
 *
 * Source: xen, tools/xenstored/core.c, get_node() to do_set_perms().
 *
 * @module
 */

import { createNode, demandRoom } from "./c_creation.ts";
import { GenerationTransaction } from "./generation_transaction.ts";
import { canonicalPath } from "./path.ts";
import { accessOf, OWNER, type Perm, permOf, READ, textOfPerm, WRITE } from "./perms.ts";
import { type Answer, type Handlers, OK, type Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import { parentOf, type StoreNode } from "./store_node.ts";
import { numberAtFront, stringsOf, textOf } from "./text.ts";
import { PAYLOAD_MAX, TYPE } from "./wire.ts";

/** A letter and ten digits. */
const SIGNED_TEXT_MAX = 11;

/** The only string of the body, which ends in the body's only NUL. */
export function onlyString({ message: { body }, daemon }: Request): string {
  if (body.length === 0 || body.indexOf(0) !== body.length - 1) {
    throw refusal(body.includes(0) ? "EINVAL" : daemon.profile.errors.noTerminator);
  }
  return textOf(body, 0, body.length - 1);
}

function pathOf({ connection, daemon }: Request, text: string, special = false): string {
  const { pathMax } = daemon.profile;
  const max = connection.privileged ? pathMax.privileged : pathMax.guest;
  return canonicalPath(text, connection.domid, max, special);
}

/** The node at `path` that the client may use for `access`. */
function demandNode(request: Request, path: string, access: number): StoreNode {
  const node = lookUp(request, path, access);
  if (node === undefined) throw refusal("ENOENT");
  return node;
}

/** The same, or nothing when it does not exist and the client may know. */
function lookUp(request: Request, path: string, access: number): StoreNode | undefined {
  const { tree, daemon, connection } = request;
  const node = tree.read(path);
  if (node === undefined) {
    if (!parentsAllow(request, path, access)) throw refusal("EACCES");
    return undefined;
  }
  if ((accessOf(daemon.permsOf(node), connection) & access) !== access) {
    // The nearest parent is read as well, and a transaction remembers that.
    parentsAllow(request, path, access);
    throw refusal("EACCES");
  }
  return node;
}

/** What the nearest node above says: an answer must not tell more than the client may know. */
function parentsAllow({ tree, daemon, connection }: Request, path: string, access: number) {
  let node: StoreNode | undefined;
  for (let at = path; node === undefined; ) {
    const above = path[0] === "@" ? "/" : parentOf(at);
    node = tree.read(above);
    if (above === "/") break;
    at = above;
  }
  return node !== undefined && (accessOf(daemon.permsOf(node), connection) & access) !== 0;
}

/** Tells watches now, or notes it for the end of the transaction. */
function changed(request: Request, path: string, node: StoreNode, exact: boolean, before?: Perm[]) {
  const { transaction, daemon } = request;
  if (transaction instanceof GenerationTransaction) transaction.queueEvent(path, exact);
  else daemon.profile.watchRules.fire(daemon, path, node, exact, before);
}

function read(request: Request): Answer {
  return demandNode(request, pathOf(request, onlyString(request)), READ).value;
}

function directory(request: Request): Answer {
  const { children } = demandNode(request, pathOf(request, onlyString(request)), READ);
  return children === undefined ? "" : namesText(children);
}

function namesText(children: ReadonlyMap<string, StoreNode>): string {
  let text = "";
  for (const name of children.keys()) text += `${name}\0`;
  return text;
}

/** A part of the list, from an offset in octets; whole names only, an empty one at the end. */
function directoryPart(request: Request): Answer {
  const strings = stringsOf(request.message.body);
  if (strings.length !== 2) throw refusal("EINVAL");
  const node = demandNode(request, pathOf(request, strings[0] as string), READ);
  const names = namesText(node.children ?? new Map());
  const offset = numberAtFront(strings[1] as string) >>> 0;
  const generation = `${node.generation}\0`;
  if (offset >= names.length) return `${generation}\0`;
  let end = offset;
  const endMax = offset + PAYLOAD_MAX - generation.length - 1;
  while (end < names.length) {
    const next = names.indexOf("\0", end) + 1;
    if (next > endMax) break;
    end = next;
  }
  return `${generation}${names.slice(offset, end)}${end === names.length ? "\0" : ""}`;
}

/** There is room for the digits of an unsigned number, and a signed one is written. */
function signedTextOf(perm: Perm): string {
  return textOfPerm({ ...perm, domid: perm.domid | 0 }).slice(0, SIGNED_TEXT_MAX);
}

function getPerms(request: Request): Answer {
  const { specialPerms } = request.daemon.profile;
  const path = pathOf(request, onlyString(request), specialPerms !== undefined);
  const node = demandNode(request, path, READ);
  const text = request.daemon.permsOf(node).map((perm) => `${signedTextOf(perm)}\0`);
  return text.join("");
}

function write(request: Request): Answer {
  const { body } = request.message;
  const end = body.indexOf(0);
  if (end < 0) throw refusal("EINVAL");
  const path = pathOf(request, textOf(body, 0, end));
  const value = body.subarray(end + 1);
  const node = lookUp(request, path, WRITE);
  if (node === undefined) {
    createNode(request, path, value);
  } else {
    demandRoom(request, node.perms.length, value.length, node.children?.keys());
    request.tree.setValue(path, value);
  }
  changed(request, path, request.tree.read(path) as StoreNode, false);
  return OK;
}

function makeDirectory(request: Request): Answer {
  const path = pathOf(request, onlyString(request));
  if (lookUp(request, path, WRITE) === undefined) {
    createNode(request, path, new Uint8Array(0));
    changed(request, path, request.tree.read(path) as StoreNode, false);
  }
  return OK;
}

function remove(request: Request): Answer {
  const { tree, daemon } = request;
  const path = pathOf(request, onlyString(request));
  if (lookUp(request, path, WRITE) === undefined) {
    if (tree.read(parentOf(path)) === undefined) throw refusal("ENOENT");
    return OK;
  }
  if (path === "/") throw refusal("EINVAL");
  // Without watches below, nobody need be told of each node.
  tree.remove(path, (at, node) => {
    if (request.transaction !== undefined || daemon.watches.covers(at)) {
      changed(request, at, node, at !== path);
    }
  });
  return OK;
}

function setPerms(request: Request): Answer {
  const { daemon, connection, tree, message } = request;
  const [text = "", ...rest] = stringsOf(message.body);
  if (rest.length === 0) throw refusal("EINVAL");
  if (!connection.privileged && rest.length > daemon.quota("perms", connection.domid)) {
    throw refusal("ENOSPC");
  }
  const perms = rest.map((it) => markedPerm(request, it));
  if (perms[0]?.stale) throw refusal("ENOENT");
  if (daemon.profile.specialPerms === undefined && text[0] === "@") {
    return setSpecialPerms(request, text, perms);
  }
  const path = pathOf(request, text, true);
  const node = demandNode(request, path, WRITE | OWNER);
  const before = [...daemon.permsOf(node)];
  if (!connection.privileged && perms[0]?.domid !== before[0]?.domid) {
    throw refusal(daemon.profile.errors.chown);
  }
  const isOrphan = !daemon.domains.isKnown(node.perms[0]?.domid ?? 0);
  if (isOrphan && daemon.profile.specialPerms !== undefined) throw refusal("ENOMEM");
  demandRoom(request, perms.length, node.value.length, node.children?.keys());
  tree.setPerms(path, perms);
  changed(request, path, tree.read(path) as StoreNode, false, before);
  return OK;
}

/** Until 4.17 these are no nodes: no transaction holds them, and no watch tells of them. */
function setSpecialPerms({ daemon, connection }: Request, name: string, perms: Perm[]): Answer {
  const node = daemon.store.read(name);
  if (node === undefined) throw refusal("EINVAL");
  const access = WRITE | OWNER;
  if ((accessOf(daemon.permsOf(node), connection) & access) !== access) throw refusal("EACCES");
  const before = daemon.store.generation;
  const owned = node.perms;
  daemon.store.setPerms(name, perms);
  daemon.store.generation = before;
  // Nobody pays for them.
  daemon.store.count(perms, -1);
  daemon.store.count(owned, 1);
  return OK;
}

/** A domain that does not exist gets nothing, and who comes later under its number neither. */
function markedPerm({ daemon }: Request, text: string): Perm {
  const perm = permOf(text, unsignedOf);
  const { domains, store } = daemon;
  return domains.refer(perm.domid, store.generation) ? perm : { ...perm, stale: true };
}

/** strtoul() with any base, and nothing behind the number. */
function unsignedOf(text: string): number | undefined {
  const [, sign, digits] = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === undefined || /^0\d*[89]/.test(digits)) return undefined;
  const isOctal = /^0\d/.test(digits);
  const number = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  return (sign === "-" ? -number : number) >>> 0;
}

export const C_NODES: Handlers = {
  [TYPE.READ]: read,
  [TYPE.DIRECTORY]: directory,
  [TYPE.DIRECTORY_PART]: directoryPart,
  [TYPE.GET_PERMS]: getPerms,
  [TYPE.WRITE]: write,
  [TYPE.MKDIR]: makeDirectory,
  [TYPE.RM]: remove,
  [TYPE.SET_PERMS]: setPerms,
};
