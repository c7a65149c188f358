/**
 * Repairs a record by itself: its length and padding, and each field that its section of the
 * specification does not allow. What other records say is no matter here.
 *
 * @module
 */
import { aligned, type Shape } from "./layout.ts";
import type { Change, Ledger } from "./ledger.ts";
import { mendNode } from "./mend_node.ts";
import {
  type MendedPart,
  mendConnection,
  mendDomain,
  mendGlobal,
  mendQuotas,
  mendWatch,
} from "./mend_part.ts";
import type { StreamRecord } from "./record.ts";
import { bodySize } from "./record_writer.ts";
import type { Salvaged } from "./salvage.ts";

export class Mender {
  readonly #from: Shape;
  readonly #lengths: Shape["lengths"] | undefined;
  readonly #ledger: Ledger;

  /** `lengths` are those that are written; undefined when records change their layout anyway. */
  constructor(from: Shape, lengths: Shape["lengths"] | undefined, ledger: Ledger) {
    this.#from = from;
    this.#lengths = lengths;
    this.#ledger = ledger;
  }

  /** The record as it must be, or nothing when it cannot be; each change is noted. */
  mend(salvaged: Salvaged): StreamRecord | undefined {
    const { record } = salvaged;
    if (record.kind !== "UNKNOWN") this.#frame(salvaged);
    const { mended, changes } = this.#part(record);
    for (const { text, lost, section = record.kind } of changes) {
      const action = mended === undefined ? "dropped" : "changed";
      this.#add(record, { section, action, text, ...(lost === undefined ? {} : { lost }) });
    }
    if (mended === undefined) return undefined;
    if (mended.length === undefined && mended.kept === undefined) return mended;
    const { length: _, kept: __, ...plain } = mended;
    return plain as StreamRecord;
  }

  #part(record: StreamRecord): MendedPart {
    const { layout } = this.#from;
    switch (record.kind) {
      case "GLOBAL_DATA":
        return mendGlobal(record);
      case "CONNECTION_DATA":
        return mendConnection(record, layout === "draft");
      case "WATCH_DATA":
      case "WATCH_DATA_EXTENDED":
        return mendWatch(record);
      case "TRANSACTION_DATA":
        if (record.txId !== 0) return { mended: record, changes: [] };
        return { mended: undefined, changes: [{ text: "a transaction whose tx-id is zero" }] };
      case "NODE_DATA":
        return mendNode(record, layout === "draft");
      case "GLOBAL_QUOTA_DATA":
        return mendQuotas(record);
      case "DOMAIN_DATA":
        return mendDomain(record);
      default:
        return { mended: record, changes: [] };
    }
  }

  #frame({ record, len, head }: Salvaged): void {
    if (this.#lengths === undefined) return;
    const shape = { ...this.#from, watchHead: head };
    const size = bodySize(record, shape);
    const usual = this.#lengths === "padded" ? aligned(size) : size;
    const section = record.kind === "END" ? "END" : "Records";
    const counted = record.kind === "WATCH_DATA_EXTENDED" && head === 8 ? len - 4 : len;
    if (counted !== usual && aligned(counted) !== usual) {
      const extra = len > aligned(size) ? `, and ${len - size} octets behind its fields` : "";
      const was = `it was ${len}${extra}`;
      const text = `len of ${record.kind} is ${usual}, as long as its fields: ${was}`;
      this.#add(record, { section, action: "changed", text });
    } else if (counted !== usual) {
      const why = "C xenstored counts the padding and reads on behind len";
      const text = `len of ${record.kind} is ${usual}: it was ${len}, and ${why}`;
      this.#add(record, { section, action: "changed", text });
    }
    const padded = (record.kept ?? []).filter(({ at }) => at < aligned(size));
    if (padded.length === 0) return;
    const text = `padding of ${record.kind} is zero, as it must be written`;
    this.#add(record, { section: "Records", action: "changed", text });
  }

  #add({ offset = 0 }: StreamRecord, change: Omit<Change, "offset">): void {
    this.#ledger.add({ offset, ...change });
  }
}
