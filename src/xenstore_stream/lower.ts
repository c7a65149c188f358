/**
 * What a target's reader does not use is dropped or put in terms that it does, and what somebody
 * loses by that is named.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; for what readers do, tools/xenstored/lu.c: they
 * skip types that they do not know, and commit nodes of transactions.
 *
 * @module
 */
import type { Layout, WatchHead } from "./layout.ts";
import type { Change, Ledger } from "./ledger.ts";
import { lowerConnection, lowerGlobal, lowerPerms } from "./lower_draft.ts";
import { quoted } from "./quote.ts";
import {
  ACCESS_WRITTEN,
  DEPTH_UNLIMITED,
  type DomainData,
  type NodeData,
  type Quota,
  type StreamRecord,
  type WatchDataExtended,
} from "./record.ts";
import type { Target } from "./target.ts";

export class Lowering {
  readonly #target: Target;
  readonly #from: Layout | "text";
  readonly #ledger: Ledger;

  constructor(target: Target, from: Layout | "text", ledger: Ledger) {
    this.#target = target;
    this.#from = from;
    this.#ledger = ledger;
  }

  /** Whether the reader has no use for a record; that is noted, with what it costs. */
  drops(record: StreamRecord): boolean {
    const { kinds, reader } = this.#target;
    if (record.kind === "NODE_DATA") {
      if (record.connId === 0 || kinds.has("TRANSACTION_DATA")) return false;
      this.#drop(record, ...pendingNode(record, reader));
      return true;
    }
    if (record.kind === "END" || record.kind === "WATCH_DATA_EXTENDED") return false;
    if (kinds.has(record.kind)) return false;
    this.#drop(record, `${nameOf(record)}: ${reader} has no use for it`, lossOf(record));
    return true;
  }

  /** The record as the target has it. `head` is that of an extended watch as it was read. */
  translate(record: StreamRecord, head: WatchHead): StreamRecord | undefined {
    const way = { from: this.#from, to: this.#target.layout };
    const note = (change: Omit<Change, "offset" | "section">) => this.#note(record, change);
    switch (record.kind) {
      case "WATCH_DATA_EXTENDED":
        return this.#extended(record, head);
      case "DOMAIN_DATA":
        return this.#domain(record);
      case "GLOBAL_DATA":
        return lowerGlobal(record, way, note);
      case "CONNECTION_DATA":
        return lowerConnection(record, way, note);
      case "NODE_DATA":
        return way.to === "draft" && way.from !== "draft" ? lowerPerms(record, note) : record;
      default:
        return record;
    }
  }

  #extended(record: WatchDataExtended, head: WatchHead): StreamRecord {
    const { kinds, reader, watchHead } = this.#target;
    const { connId, depth, path, token, offset } = record;
    const plain: StreamRecord = { kind: "WATCH_DATA", connId, path, token };
    const lost = `its depth: connection ${connId} gets events from all below ${quoted(path)}`;
    if (depth === undefined) {
      const text = "it is a WATCH_DATA: 4.22 has left out its depth and its pad";
      this.#note(record, { action: "changed", text, lost });
      return offset === undefined ? plain : { ...plain, offset };
    }
    if (!kinds.has(record.kind)) {
      const text = `it is a WATCH_DATA: ${reader} skips extended watches`;
      const limited = depth === DEPTH_UNLIMITED ? {} : { lost: `${lost}, not ${depth} levels` };
      this.#note(record, { action: "changed", text, ...limited });
      return offset === undefined ? plain : { ...plain, offset };
    }
    if (head !== watchHead) {
      const text = `its path is at ${watchHead}, as ${reader} reads it: it was at ${head}`;
      this.#note(record, { action: "changed", text });
    }
    return record;
  }

  #domain(record: DomainData): StreamRecord {
    const { domainQuotas, reader } = this.#target;
    if (domainQuotas || record.quotas.length === 0) return record;
    const text = `its quotas are left out: ${reader} has none of a domain`;
    const lost = `of domain ${record.domid} the quotas ${quotasText(record.quotas)}`;
    this.#note(record, { action: "changed", text, lost });
    return { ...record, quotas: [] };
  }

  #drop(record: StreamRecord, text: string, lost: string | undefined): void {
    this.#note(record, { action: "dropped", text, ...(lost === undefined ? {} : { lost }) });
  }

  #note(record: StreamRecord, change: Omit<Change, "offset" | "section">): void {
    const section = record.kind === "UNKNOWN" ? "Records" : record.kind;
    this.#ledger.add({ offset: record.offset ?? 0, section, ...change });
  }
}

function nameOf(record: StreamRecord): string {
  if (record.kind !== "UNKNOWN" && record.kind !== "DAMAGED") return `a ${record.kind}`;
  return `a record of the reserved type 0x${record.type.toString(16)}`;
}

function pendingNode({ connId, txId, access, path }: NodeData, reader: string) {
  const text = `a node of transaction ${txId} of connection ${connId}: ${reader} commits it`;
  const where = `${quoted(path)} in transaction ${txId}, which must not be ended as done`;
  if (access === 0) return [text, `the deletion of ${where}`] as const;
  return [text, (access & ACCESS_WRITTEN) === 0 ? undefined : `the write of ${where}`] as const;
}

/** What is lost with a record that nobody uses. */
function lossOf(record: StreamRecord): string | undefined {
  switch (record.kind) {
    case "TRANSACTION_DATA":
      return `transaction ${record.txId} of connection ${record.connId}, which gets ENOENT for it`;
    case "GLOBAL_QUOTA_DATA": {
      const quotas = [...record.domainQuotas, ...record.globalQuotas];
      return quotas.length === 0 ? undefined : `the quotas ${quotasText(quotas)}`;
    }
    case "DOMAIN_DATA": {
      const { domid, features, quotas } = record;
      const parts = [
        ...(features === 0 ? [] : [`the features 0x${features.toString(16)}`]),
        ...(quotas.length === 0 ? [] : [`the quotas ${quotasText(quotas)}`]),
      ];
      return parts.length === 0 ? undefined : `of domain ${domid} ${parts.join(" and ")}`;
    }
    case "UNKNOWN":
      return `${record.body.length} octets of which nobody knows what they mean`;
    default:
      return undefined;
  }
}

function quotasText(quotas: readonly Quota[]): string {
  return quotas.map(({ name, value }) => `${quoted(name)} ${value || "unlimited"}`).join(", ");
}
