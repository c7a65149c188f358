/**
 * Requests about nodes as oxenstored answers them.
 *
 * Source: xen, tools/ocaml/xenstored/process.ml, do_directory to do_setperms; store.ml.
 *
 * @module
 */

import { fireOnChange, permsAt, tell } from "./ocaml_watches.ts";
import { splitPath } from "./path.ts";
import { accessOfEither, OWNER, type Perm, permOf, READ, textOfPerm, WRITE } from "./perms.ts";
import { type Answer, type Change, type Handlers, OK, type Request } from "./request.ts";
import { refusal } from "./request_error.ts";
import { SnapshotTransaction } from "./snapshot_transaction.ts";
import { NO_OCTETS, type Store } from "./store.ts";
import { parentOf, type StoreNode } from "./store_node.ts";
import { textOf } from "./text.ts";
import { TYPE } from "./wire.ts";

/** The body as one path: it ends in the body's only NUL. */
function onlyPath(request: Request): string {
  const { body } = request.message;
  if (body.length === 0 || body.indexOf(0) !== body.length - 1) throw refusal("EINVAL");
  return pathOf(request, textOf(body, 0, body.length - 1));
}

/** A special node is a child of the root; one with a slash in its name can be reached so only. */
function pathOf({ connection, daemon }: Request, text: string): string {
  const path = splitPath(text, connection.domid, daemon.profile.pathMax.guest);
  return path[0] === "@" && !path.includes("/") ? `/${path}` : path;
}

function demand({ connection }: Request, node: StoreNode, access: number): void {
  if ((accessOfEither(node.perms, connection) & access) !== access) throw refusal("EACCES");
}

function readable(request: Request, path: string): StoreNode {
  const node = request.tree.read(path);
  if (node === undefined) throw refusal("ENOENT");
  demand(request, node, READ);
  if (request.transaction instanceof SnapshotTransaction) request.transaction.hasRead(path);
  return node;
}

/** Notes what was written, and tells watches when the answer is queued or the transaction ends. */
function changed({ transaction, daemon, afterwards }: Request, change: Change, low: string): void {
  if (transaction instanceof SnapshotTransaction) {
    transaction.hasWritten(low);
    transaction.changes.push(change);
    return;
  }
  if (change.kind === "perms") {
    const { before, path } = change;
    // Of the root nobody is told.
    const perms = path === "/" ? [] : [before, ...permsAt(daemon.store.root, path)];
    afterwards.push(() => tell(daemon, path, () => perms, false));
    return;
  }
  const { root } = daemon.store;
  afterwards.push(() => fireOnChange(daemon, change, root, daemon.store.root));
}

function read(request: Request): Answer {
  return readable(request, onlyPath(request)).value;
}

function directory(request: Request): Answer {
  const { children } = readable(request, onlyPath(request));
  const names = [...(children?.keys() ?? [])].sort();
  return names.map((name) => `${name}\0`).join("");
}

function getPerms(request: Request): Answer {
  const { perms } = readable(request, onlyPath(request));
  return perms.map((perm) => `${shownPerm(perm)}\0`).join("");
}

/** Numbers have 63 bits, and are shown without a sign. */
function shownPerm(perm: Perm): string {
  if (perm.domid >= 0) return textOfPerm(perm);
  return textOfPerm({ ...perm, domid: 0 }).slice(0, 1) + String(2n ** 63n + BigInt(perm.domid));
}

function demandOctets({ daemon, connection }: Request, octets: number): void {
  if (octets > daemon.quota("nodeOctets", connection.domid)) throw refusal("E2BIG");
}

/** Who owns the deepest node there is pays for what is made below it. */
function demandNodes({ daemon, connection, tree }: Request, path: string): void {
  if (connection.privileged) return;
  let node = tree.read(path);
  for (let at = path; node === undefined; node = tree.read(at)) at = parentOf(at);
  const owner = node.perms[0]?.domid ?? 0;
  const owned = storeOf(tree).owned(owner);
  if (owner > 0 && owned >= daemon.quota("nodes", owner)) throw refusal("EQUOTA");
}

function storeOf(tree: Request["tree"]) {
  return tree as Store;
}

/** Makes a node that is not there; it gets all permissions of its parent, the owner too. */
function make(request: Request, path: string, value: Uint8Array): void {
  const parent = path[0] === "@" ? request.tree.read("/") : request.tree.read(parentOf(path));
  if (parent === undefined) throw refusal("ENOENT");
  demand(request, parent, WRITE);
  request.tree.create(path, value, parent.perms);
}

/** Makes what is missing above `path`; these nodes stay if the rest fails, and nobody is told. */
function makeParents(request: Request, path: string): void {
  if (path[0] === "@") return;
  const missing: string[] = [];
  for (let at = parentOf(path); request.tree.read(at) === undefined; at = parentOf(at)) {
    missing.unshift(at);
  }
  for (const at of missing) {
    demandNodes(request, at);
    make(request, at, NO_OCTETS);
    const { transaction } = request;
    if (transaction instanceof SnapshotTransaction) transaction.hasWritten(parentOf(at));
  }
}

function write(request: Request): Answer {
  const { body } = request.message;
  const end = body.indexOf(0);
  if (end < 0) throw refusal("EINVAL");
  const path = pathOf(request, textOf(body, 0, end));
  const value = body.subarray(end + 1);
  makeParents(request, path);
  const node = request.tree.read(path);
  demandOctets(request, value.length);
  if (node === undefined) {
    demandNodes(request, path);
    make(request, path, value);
  } else {
    demand(request, node, WRITE);
    if (!isSame(node.value, value)) request.tree.setValue(path, value);
    // The same value leaves the node as it is, and makes those above it anew.
    else if (path !== "/") storeOf(request.tree).own(path[0] === "@" ? "/" : parentOf(path));
  }
  changed(request, { kind: "written", path }, node === undefined ? parentOf(path) : path);
  return OK;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

function makeDirectory(request: Request): Answer {
  const path = onlyPath(request);
  makeParents(request, path);
  const node = request.tree.read(path);
  if (node === undefined) {
    demandNodes(request, path);
    make(request, path, NO_OCTETS);
  } else if (path !== "/") {
    demand(request, node, WRITE);
    return OK;
  }
  changed(request, { kind: "made", path }, parentOf(path));
  return OK;
}

function remove(request: Request): Answer {
  const { tree, daemon } = request;
  const path = onlyPath(request);
  const node = tree.read(path);
  if (node === undefined) {
    if (path[0] !== "@" && tree.read(parentOf(path)) === undefined) throw refusal("ENOENT");
    return OK;
  }
  demand(request, node, WRITE);
  const change: Change = { kind: "removed", path, node };
  if (request.transaction === undefined) {
    // Whom to tell depends on what was there.
    const events = eventsOf(request, path);
    request.afterwards.push(() => tell(daemon, path, (at) => events.get(at) ?? [], true));
  } else {
    changed(request, change, parentOf(path));
  }
  if (path !== "/") tree.remove(path);
  else for (const name of [...(node.children?.keys() ?? [])]) tree.remove(childPath(name));
  return OK;
}

function eventsOf({ daemon }: Request, path: string) {
  const paths = [path, ...daemon.watches.below(path)];
  return new Map(paths.map((at) => [at, permsAt(daemon.store.root, at)]));
}

function childPath(name: string): string {
  return name[0] === "@" ? name : `/${name}`;
}

function setPerms(request: Request): Answer {
  const { body } = request.message;
  const end = body.indexOf(0);
  if (end < 0) throw refusal("EINVAL");
  const texts = textOf(body, end + 1).split("\0");
  texts.pop();
  const path = pathOf(request, textOf(body, 0, end));
  if (texts.length === 0) throw refusal("EINVAL");
  const perms = texts.map((it) => permOf(it, integerOf));
  const node = request.tree.read(path);
  if (node === undefined) throw refusal("ENOENT");
  const before = node.perms;
  if (!request.connection.privileged && before[0]?.domid !== perms[0]?.domid) {
    throw refusal(request.daemon.profile.errors.chown);
  }
  demand(request, node, path === "/" ? WRITE : WRITE | OWNER);
  request.tree.setPerms(path, perms);
  changed(request, { kind: "perms", path, before }, path);
  return OK;
}

/** int_of_string of OCaml. */
export function integerOf(text: string): number | undefined {
  const [, sign, digits] = INTEGER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits.replaceAll("_", "").replace(/^0[uU]/, ""));
  return sign === "-" ? -number : number;
}

const INTEGER =
  /^([+-]?)((?:0[uU])?\d[\d_]*|0[xX][0-9a-fA-F][0-9a-fA-F_]*|0[bB][01][01_]*|0[oO][0-7][0-7_]*)$/;

export const OCAML_NODES: Handlers = {
  [TYPE.READ]: read,
  [TYPE.DIRECTORY]: directory,
  [TYPE.GET_PERMS]: getPerms,
  [TYPE.WRITE]: write,
  [TYPE.MKDIR]: makeDirectory,
  [TYPE.RM]: remove,
  [TYPE.SET_PERMS]: setPerms,
};
