/**
 * Repairs connections, watches, quotas and domains; nodes are in `mend_node.ts`.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, sections named like the records.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { watchPathFault } from "./path.ts";
import { quoted } from "./quote.ts";
import {
  type ConnectionData,
  DOMID_INVALID,
  type DomainData,
  type GlobalData,
  type GlobalQuotaData,
  type Quota,
  type StreamRecord,
  type WatchData,
  type WatchDataExtended,
} from "./record.ts";

/** A change of a record that stays, or why it goes. */
export interface PartChange {
  readonly text: string;
  readonly lost?: string;
  /** The record's own one when absent. */
  readonly section?: string;
}

export interface MendedPart {
  readonly mended: StreamRecord | undefined;
  readonly changes: readonly PartChange[];
}

/** Descriptors are such, or -1 for none. */
export function mendGlobal(record: GlobalData): MendedPart {
  const fds = { rwSocketFd: "rw-socket-fd", evtchnFd: "evtchn-fd", roSocketFd: "ro-socket-fd" };
  const changes: PartChange[] = [];
  let mended = record;
  for (const field of ["rwSocketFd", "evtchnFd", "roSocketFd"] as const) {
    if (record[field] >= -1) continue;
    const lost = `what descriptor ${record[field]}, which is none, was to be`;
    changes.push({ text: `${fds[field]} is -1: it was ${record[field]}`, lost });
    mended = { ...mended, [field]: -1 };
  }
  return { mended, changes };
}

/** A connection names what it goes to, and its lengths fit its data. */
export function mendConnection(record: ConnectionData, isDraft: boolean): MendedPart {
  const { connId, spec, outData } = record;
  const gone = (reason: string): MendedPart => {
    const lost = `connection ${connId}, and what it has registered`;
    return { mended: undefined, changes: [{ text: `connection ${connId}: ${reason}`, lost }] };
  };
  if (spec.type === "reserved") return gone(`conn-type ${spec.connType} is reserved`);
  if (spec.type === "socket" && spec.fd < 0) return gone(`socket-fd is ${spec.fd}`);
  if (spec.type === "ring" && spec.domid >= DOMID_INVALID) {
    return gone(`domid ${spec.domid} is that of no domain`);
  }
  const changes: PartChange[] = [];
  let mended = record;
  const permitted = isDraft && spec.type === "ring" ? 0 : 1;
  if ((record.fields & ~permitted) !== 0) {
    const name = isDraft ? "flags" : "fields";
    changes.push({ text: `reserved bits of ${name} are zero: they were ${record.fields}` });
    mended = { ...mended, fields: record.fields & permitted };
  }
  if (record.outRespLen > outData.length) {
    const text = `out-resp-len is ${outData.length}, all of out-data: it was ${record.outRespLen}`;
    changes.push({ text });
    mended = { ...mended, outRespLen: outData.length };
  }
  if (spec.type === "ring" && spec.tdomid > DOMID_INVALID) {
    const lost = `the target ${spec.tdomid} of domain ${spec.domid}, which is that of no domain`;
    changes.push({ text: `tdomid is DOMID_INVALID: it was ${spec.tdomid}`, lost });
    mended = { ...mended, spec: { ...spec, tdomid: DOMID_INVALID } };
  }
  return { mended, changes };
}

/** A watch has a path that somebody could have asked for, and both strings end at their NUL. */
export function mendWatch(record: WatchData | WatchDataExtended): MendedPart {
  const changes: PartChange[] = [];
  let mended = record;
  for (const field of ["path", "token"] as const) {
    const nul = record[field].indexOf("\0");
    if (nul < 0) continue;
    const lost = `${field} ${quoted(record[field])} behind its NUL`;
    changes.push({ text: `${field} ends at its first NUL, as whoever reads it has it`, lost });
    mended = { ...mended, [field]: record[field].slice(0, nul) };
  }
  const fault = textFault(mended.path);
  if (fault === undefined) return { mended, changes };
  const lost = `the watch of ${quoted(record.path)} with token ${quoted(record.token)}`;
  return { mended: undefined, changes: [{ text: `a watch whose path ${fault}`, lost }] };
}

export function mendQuotas(record: GlobalQuotaData): MendedPart {
  const domains = namedOnce(record.domainQuotas);
  const globals = namedOnce(record.globalQuotas);
  const changes = [...domains.changes, ...globals.changes];
  if (changes.length === 0) return { mended: record, changes };
  const quotas = { domainQuotas: domains.quotas, globalQuotas: globals.quotas };
  return { mended: { ...record, ...quotas }, changes };
}

export function mendDomain(record: DomainData): MendedPart {
  if (record.domid >= DOMID_INVALID) {
    const text = `domid ${record.domid} is that of no domain`;
    return { mended: undefined, changes: [{ text }] };
  }
  const { quotas, changes } = namedOnce(record.quotas);
  return { mended: changes.length === 0 ? record : { ...record, quotas }, changes };
}

/** Each quota has a name, and of two with the same one the last counts. */
function namedOnce(quotas: readonly Quota[]): { quotas: readonly Quota[]; changes: PartChange[] } {
  const byName = new Map<string, Quota>();
  const changes: PartChange[] = [];
  for (const quota of quotas) {
    const { name, value } = quota;
    if (name === "") {
      changes.push({ text: `a quota of ${value} without a name is left out` });
      continue;
    }
    const earlier = byName.get(name);
    if (earlier !== undefined) {
      changes.push({ text: `quota ${quoted(name)} is ${value}: it was there before` });
    }
    byName.set(name, quota);
  }
  return { quotas: changes.length === 0 ? quotas : [...byName.values()], changes };
}

function textFault(text: string): string | undefined {
  const octets = new Uint8Array(text.length);
  new OctetView(octets, true).putText(0, text);
  return watchPathFault(octets, 0, octets.length);
}
