/**
 * What C xenstored needs of the owners of nodes, and the specification does not say: the ring of
 * the domain that owns a node comes before it. Where it does not, 4.17 and 4.20 exit ("write node
 * error restoring node"), and for domain 0 they crash.
 *
 * Source: Xen, tools/xenstored/domain.c: `domain_memory_add` takes no domain that is not known yet.
 *
 * @module
 */
import type { Change, Ledger } from "./ledger.ts";
import { permOf } from "./node.ts";
import { quoted } from "./quote.ts";
import {
  type ConnectionData,
  DOMID_INVALID,
  type NodeData,
  type Perm,
  type StreamRecord,
} from "./record.ts";

/** Puts rings before nodes, adds that of domain 0, and gives it what nobody can own. */
export function settleOwners(
  records: readonly StreamRecord[],
  ledger: Ledger,
): readonly StreamRecord[] {
  if (!records.some(isCommitted)) return records;
  const settler = new Settler(records, ledger);
  return settler.run();
}

class Settler {
  readonly #records: readonly StreamRecord[];
  readonly #ledger: Ledger;
  readonly #rings: ReadonlySet<number>;

  constructor(records: readonly StreamRecord[], ledger: Ledger) {
    this.#records = records;
    this.#ledger = ledger;
    this.#rings = new Set(records.flatMap((record) => ringOf(record) ?? []));
  }

  run(): readonly StreamRecord[] {
    const owned = this.#records.map((record) =>
      isCommitted(record) ? this.#owned(record) : record,
    );
    const ordered = this.#behindRings(owned);
    return this.#rings.has(0) ? ordered : [this.#ringOf0(), ...ordered];
  }

  #owned(node: NodeData): NodeData {
    const [owner, ...others] = node.perms;
    if (owner === undefined || owner.domid === 0 || this.#rings.has(owner.domid)) return node;
    const given: Perm = permOf(owner.perm.charCodeAt(0), 0, 0);
    const name = quoted(node.path);
    const text = `domain 0 owns ${name}: domain ${owner.domid} has no ring in the stream`;
    const lost = `domain ${owner.domid} as the owner of ${name}; C xenstored would exit over it`;
    this.#note(node, { action: "changed", text, lost });
    return { ...node, perms: [given, ...others] };
  }

  /** Nodes that come before the last ring come right behind it. */
  #behindRings(records: readonly StreamRecord[]): readonly StreamRecord[] {
    const last = records.findLastIndex((record) => ringOf(record) !== undefined);
    const front = records.slice(0, last + 1);
    const early = front.filter(isCommitted);
    for (const node of early) {
      const text = `node ${quoted(node.path)} comes behind the rings of domains`;
      this.#note(node, { action: "moved", text });
    }
    if (early.length === 0) return records;
    const rest = records.slice(last + 1);
    return [...front.filter((record) => !isCommitted(record)), ...early, ...rest];
  }

  #ringOf0(): ConnectionData {
    const used = this.#records.map((record) => ("connId" in record ? record.connId : 0));
    const connId = used.reduce((most, id) => Math.max(most, id), 0) + 1;
    const offset = this.#records[0]?.offset ?? 0;
    this.#ledger.add({
      offset,
      section: "CONNECTION_DATA",
      action: "added",
      text: `connection ${connId}, the ring of domain 0: it owns nodes`,
      lost: "events of domain 0 until it is introduced: its port is not in the stream",
    });
    const spec = { type: "ring", domid: 0, tdomid: DOMID_INVALID, evtchn: 0 } as const;
    const data = { inData: new Uint8Array(), outRespLen: 0, outData: new Uint8Array() };
    return { kind: "CONNECTION_DATA", connId, fields: 0, spec, ...data };
  }

  #note(record: StreamRecord, change: Omit<Change, "offset" | "section">): void {
    this.#ledger.add({ offset: record.offset ?? 0, section: record.kind, ...change });
  }
}

function isCommitted(record: StreamRecord): record is NodeData {
  return record.kind === "NODE_DATA" && record.connId === 0;
}

function ringOf(record: StreamRecord): number | undefined {
  if (record.kind !== "CONNECTION_DATA" || record.spec.type !== "ring") return undefined;
  return record.spec.domid;
}
