/**
 * Repairs a node by itself: its path, its permissions, and what it did in its transaction.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, NODE_DATA.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import type { MendedPart, PartChange } from "./mend_part.ts";
import { permOf } from "./node.ts";
import { nodePathFault } from "./path.ts";
import { quoted } from "./quote.ts";
import { ACCESS_READ, ACCESS_WRITTEN, type NodeData, PERM_STALE, type Perm } from "./record.ts";

/** Domain 0 owns it and nobody else may do anything: what is unknown is not given away. */
const OWNED_BY_DOMAIN_0 = permOf(0x6e, 0, 0);
const LETTERS = "nrwb";

/** A node has a path that it could have, and permissions that are such. */
export function mendNode(node: NodeData, isDraft: boolean): MendedPart {
  const changes: PartChange[] = [];
  const path = pathOf(node, changes);
  if (path === undefined) return { mended: undefined, changes };
  const perms = permsOf(node, isDraft, path, changes);
  const { connId, txId, offset } = node;
  const { access, value } = connId === 0 ? node : accessOf(node, changes);
  const at = offset === undefined ? {} : { offset };
  const mended: NodeData = { kind: "NODE_DATA", ...at, connId, txId, access, perms, path, value };
  return { mended, changes };
}

function pathOf(node: NodeData, changes: PartChange[]): string | undefined {
  const whole = node.path;
  const nul = whole.indexOf("\0");
  const path = nul < 0 ? whole : whole.slice(0, nul);
  const octets = new Uint8Array(path.length);
  new OctetView(octets, true).putText(0, path);
  const fault = nodePathFault(octets, 0, octets.length);
  if (fault !== undefined) {
    const lost = `node ${quoted(whole)} with a value of ${node.value.length} octets`;
    changes.push({ text: `a node whose path ${fault}`, lost });
    return undefined;
  }
  if (nul >= 0) {
    const lost = `path ${quoted(whole)} behind its NUL`;
    changes.push({ text: "path ends at its first NUL, as whoever reads it has it", lost });
  }
  return path;
}

function permsOf(
  { connId, access, perms }: NodeData,
  isDraft: boolean,
  path: string,
  changes: PartChange[],
): readonly Perm[] {
  const isDeleted = connId !== 0 && access === 0;
  if (isDeleted && perms.length > 0) {
    changes.push({ text: `perm-count of ${quoted(path)}, which is deleted, is 0` });
    return [];
  }
  if (!isDeleted && perms.length === 0) {
    const lost = `who owns ${quoted(path)}: domain 0 does`;
    changes.push({ text: `permissions of ${quoted(path)} are n0: there were none`, lost });
    return [OWNED_BY_DOMAIN_0];
  }
  if (perms.every((perm) => isGood(perm, isDraft))) return perms;
  return perms.map((perm) => goodPerm(perm, isDraft, path, changes));
}

function isGood({ perm, flags }: Perm, isDraft: boolean): boolean {
  return LETTERS.includes(perm) && (flags === 0 || (flags === PERM_STALE && !isDraft));
}

function goodPerm(given: Perm, isDraft: boolean, path: string, changes: PartChange[]): Perm {
  const { perm, flags, domid } = given;
  const of = `of domain ${domid} to ${quoted(path)}`;
  if (!LETTERS.includes(perm)) {
    const text = `permission ${of} is n, as C xenstored takes it: it was ${quoted(perm)}`;
    changes.push({ text });
  }
  const kept = isDraft ? 0 : flags & PERM_STALE;
  if (kept !== flags) {
    const name = isDraft ? "pad" : "reserved bits of flags";
    changes.push({ text: `${name} of the permission ${of} is zero: it was ${flags}` });
  }
  const octet = LETTERS.includes(perm) ? perm.charCodeAt(0) : 0x6e;
  return permOf(octet, kept, domid);
}

/** What a transaction did to a node: at most reading and writing it, or deleting it. */
function accessOf(node: NodeData, changes: PartChange[]): Pick<NodeData, "access" | "value"> {
  const { path, value } = node;
  if (node.access === 0) {
    if (value.length === 0) return { access: 0, value };
    changes.push({ text: `value-len of ${quoted(path)}, which is deleted, is 0` });
    return { access: 0, value: new Uint8Array() };
  }
  const known = node.access & (ACCESS_READ | ACCESS_WRITTEN);
  // Zero would mean that it is deleted.
  const access = known === 0 ? ACCESS_READ : known;
  if (access !== node.access) {
    changes.push({ text: `access to ${quoted(path)} is ${access}: it was ${node.access}` });
  }
  return { access, value };
}
