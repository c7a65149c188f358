/**
 * Between the draft and what was implemented: the same records with other fields.
 *
 * The draft has no input that waits, no stale permissions and no descriptor of event channels; its
 * port is that of the domain, where later it is that of xenstored, and neither says the other one.
 *
 * Source: PATCH v3 of April 2020; Xen, docs/designs/xenstore-migration.md.
 *
 * @module
 */
import type { Layout } from "./layout.ts";
import type { Change } from "./ledger.ts";
import { quoted } from "./quote.ts";
import {
  type ConnectionData,
  type GlobalData,
  type NodeData,
  PERM_STALE,
  type RingSpec,
  type StreamRecord,
} from "./record.ts";

type Note = (change: Omit<Change, "offset" | "section">) => void;

/** From which layout a record comes, and to which it goes. */
export interface Way {
  readonly from: Layout | "text";
  readonly to: Layout | "text";
}

export function lowerGlobal(record: GlobalData, { from, to }: Way, note: Note): StreamRecord {
  const { evtchnFd, roSocketFd } = record;
  if ((from === "draft") === (to === "draft")) return record;
  const lowered = { ...record, evtchnFd: -1, roSocketFd: -1 };
  if (to === "draft") {
    const lost = `descriptor ${evtchnFd} of the event channels, and every port bound to it`;
    const costs = evtchnFd < 0 ? {} : { lost };
    note({ action: "changed", text: "ro-socket-fd is -1, in place of evtchn-fd", ...costs });
    return lowered;
  }
  const lost = `descriptor ${roSocketFd}, on which clients that only read come`;
  const costs = roSocketFd < 0 ? {} : { lost };
  note({ action: "changed", text: "evtchn-fd is -1, in place of ro-socket-fd", ...costs });
  return lowered;
}

/** What comes from a text dump has been made for its way already. */
export function lowerConnection(
  record: ConnectionData,
  { from, to }: Way,
  note: Note,
): StreamRecord | undefined {
  if (from === "text" || (from === "draft") === (to === "draft")) return record;
  if (to === "draft") return connectionOfDraft(record, note);
  const { connId, spec, fields } = record;
  if (spec.type === "socket" && (fields & 1) !== 0) {
    const text = `connection ${connId} only reads, and no version has such connections any more`;
    note({ action: "dropped", text, lost: `connection ${connId}: it would be let write` });
    return undefined;
  }
  const lowered = { ...record, fields: 0 };
  // A text dump has the domain's port, and the page, too.
  if (spec.type !== "ring" || to === "text") return lowered;
  const { mfn: _, ...ring } = spec;
  return { ...lowered, spec: { ...ring, evtchn: portLost(spec, "xenstored's", note) } };
}

function connectionOfDraft(record: ConnectionData, note: Note): ConnectionData {
  const { uniqueId, ...lowered } = record;
  const { connId, spec, inData } = record;
  if (inData.length > 0) {
    const text = "the draft has no place for input that waits";
    const lost = `${inData.length} octets of requests that connection ${connId} has sent`;
    note({ action: "changed", text, lost });
  }
  if (uniqueId !== undefined) {
    note({ action: "changed", text: "unique-id is left out: the draft has none" });
  }
  const plain = { ...lowered, fields: 0, inData: new Uint8Array(), outRespLen: 0 };
  if (spec.type !== "ring") return plain;
  const mfn = 2n ** 64n - 1n;
  return { ...plain, spec: { ...spec, mfn, evtchn: portLost(spec, "the domain's", note) } };
}

function portLost({ evtchn, domid }: RingSpec, side: string, note: Note): number {
  if (evtchn === 0) return 0;
  const text = `evtchn is 0: it must be ${side} port, and ${evtchn} is the other side's`;
  note({ action: "changed", text, lost: `events of domain ${domid} until it is introduced` });
  return 0;
}

/** A domain that comes with the number of one that is gone must not inherit its rights. */
export function lowerPerms(node: NodeData, note: Note): NodeData {
  const { perms, path } = node;
  if (perms.every(({ flags }) => (flags & PERM_STALE) === 0)) return node;
  const [owner, ...others] = perms;
  const kept = others.filter(({ flags }) => (flags & PERM_STALE) === 0);
  const isOrphan = owner !== undefined && (owner.flags & PERM_STALE) !== 0;
  const first = isOrphan ? [{ perm: owner.perm, flags: 0, domid: 0 }] : perms.slice(0, 1);
  const gone = perms.filter(({ flags }) => (flags & PERM_STALE) !== 0);
  const whose = gone.map(({ perm, domid }) => `${perm}${domid}`).join(" ");
  const text = `the stale permissions ${whose} of ${quoted(path)} have no place`;
  const lost = isOrphan
    ? { lost: `the owner of ${quoted(path)}, which is gone: now domain 0` }
    : {};
  note({ action: "changed", text, ...lost });
  return { ...node, perms: [...first, ...kept] };
}
