/**
 * Puts records in relation: each comes behind those that it depends on and is there once; what
 * depends on nothing that is there goes, or gets it.
 *
 * Source: Xen, docs/designs/xenstore-migration.md: "Records upon which other records depend must
 * always appear earlier in the stream". Of two that say the same thing the later one counts, as C
 * xenstored 4.17 has it; 4.20 exits over a node that is there twice.
 *
 * @module
 */
import type { Change, Ledger } from "./ledger.ts";
import { quoted } from "./quote.ts";
import type { NodeData, StreamRecord } from "./record.ts";
import { ConnectionRelations } from "./relate_connections.ts";
import { NodeRelations } from "./relate_nodes.ts";

/** The records of a stream as they may follow each other; END is none of them. */
export function relate(
  records: readonly StreamRecord[],
  ledger: Ledger,
  needsParents: boolean,
): readonly StreamRecord[] {
  const related: StreamRecord[] = [];
  const emit = (record: StreamRecord) => related.push(record);
  const latest = latestOf(records);
  const connections = new ConnectionRelations(records, ledger, emit);
  const nodes = new NodeRelations(latest, ledger, emit, needsParents);
  const done = new Set<string>();
  for (const record of records) {
    const key = keyOf(record);
    const last = key === undefined ? undefined : latest.get(key);
    if (key === undefined || last === undefined) {
      connections.take(record);
      continue;
    }
    if (last !== record) ledger.add(overridden(record, last));
    if (done.has(key)) continue;
    done.add(key);
    if (last.kind === "NODE_DATA") nodes.take(last);
    else emit(last);
  }
  connections.end();
  nodes.end();
  return related;
}

/** What a record says something about, when nothing else may say it; others are undefined. */
function keyOf(record: StreamRecord): string | undefined {
  switch (record.kind) {
    case "NODE_DATA":
      return record.connId === 0 ? record.path : undefined;
    case "DOMAIN_DATA":
      return `DOMAIN_DATA ${record.domid}`;
    case "GLOBAL_DATA":
    case "GLOBAL_QUOTA_DATA":
      return record.kind;
    default:
      return undefined;
  }
}

function latestOf(records: readonly StreamRecord[]): ReadonlyMap<string, StreamRecord> {
  const latest = new Map<string, StreamRecord>();
  for (const record of records) {
    const key = keyOf(record);
    if (key !== undefined) latest.set(key, record);
  }
  return latest;
}

function overridden(record: StreamRecord, last: StreamRecord): Change {
  const what = record.kind === "NODE_DATA" ? `node ${quoted(record.path)}` : record.kind;
  const text = `${what} is there again at offset ${last.offset}, and the last one counts`;
  const change = { offset: record.offset ?? 0, section: record.kind, action: "dropped" } as const;
  const isSame = contentOf(record) === contentOf(last);
  return { ...change, text, ...(isSame ? {} : { lost: "what the earlier one says" }) };
}

function contentOf(record: StreamRecord): string {
  const { offset: _, ...fields } = record as NodeData;
  return JSON.stringify(fields, (_, value) => (value instanceof Uint8Array ? [...value] : value));
}
