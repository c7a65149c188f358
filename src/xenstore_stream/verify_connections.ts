/**
 * What connections must be by the specification, and the watches and transactions that name them.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; for paths docs/misc/xenstore.txt.
 *
 * @module
 */
import { watchPathFault } from "./path.ts";
import { quoted } from "./quote.ts";
import type { Reading } from "./reading.ts";
import {
  type ConnectionData,
  DOMID_INVALID,
  type StreamRecord,
  type TransactionData,
  type WatchData,
  type WatchDataExtended,
} from "./record.ts";
import type { RuleCode } from "./rules.ts";
import type { Violations } from "./violation.ts";

export class ConnectionVerifier {
  readonly #octets: Uint8Array;
  readonly #reading: Reading;
  readonly #found: Violations;
  readonly #connections = new Set<number>();
  readonly #peers = new Set<string>();
  readonly #watches = new Set<string>();
  readonly #transactions = new Map<number, Set<number>>();

  constructor(octets: Uint8Array, reading: Reading, found: Violations) {
    this.#octets = octets;
    this.#reading = reading;
    this.#found = found;
  }

  connection(record: ConnectionData): void {
    const { connId, spec, fields, outRespLen, outData } = record;
    const isDraft = this.#reading.stream.layout === "draft";
    if (connId === 0) this.#add("connection-id", record, 8, "conn-id must not be zero");
    if (this.#connections.has(connId)) {
      this.#add(
        "connection-id",
        record,
        8,
        `conn-id must name one connection: ${connId} is there twice`,
      );
    }
    this.#connections.add(connId);
    const peer = peerOf(spec);
    if (peer !== undefined && this.#peers.has(peer)) {
      this.#add("connection-once", record, 16, `a connection must be there once: ${peer}`);
    }
    if (peer !== undefined) this.#peers.add(peer);
    if (spec.type === "reserved") {
      this.#add(
        "connection-type",
        record,
        12,
        `conn-type must be 0 or 1: current value is ${spec.connType}`,
      );
    }
    const permitted = isDraft && spec.type === "ring" ? 0 : 1;
    if ((fields & ~permitted) !== 0) {
      const name = isDraft ? "flags" : "fields";
      this.#add(
        "connection-fields",
        record,
        14,
        `reserved bits of ${name} must be zero: current value is ${fields}`,
      );
    }
    if (outRespLen > outData.length) {
      const text = `out-resp-len must be at most out-data-len, ${outData.length}`;
      this.#add("connection-out-resp-len", record, 26, `${text}: current value is ${outRespLen}`);
    }
    if (spec.type === "socket" && spec.fd < 0) {
      this.#add(
        "connection-socket",
        record,
        16,
        `socket-fd must be a descriptor: current value is ${spec.fd}`,
      );
    }
    if (spec.type !== "ring") return;
    if (spec.domid >= DOMID_INVALID)
      this.#add("connection-domid", record, 16, domidText("domid", spec.domid));
    if (spec.tdomid > DOMID_INVALID)
      this.#add("connection-domid", record, 18, domidText("tdomid", spec.tdomid));
  }

  watch(record: WatchData | WatchDataExtended): void {
    const isExtended = record.kind === "WATCH_DATA_EXTENDED";
    const { version, watchHead } = this.#reading.stream;
    if (isExtended && version < 2)
      this.#add("watch-extended-version", record, 0, "needs version 2 and up");
    if (isExtended && watchHead !== 12) {
      const lacks = watchHead === 8 ? "depth and pad, as 4.22 writes it" : "pad, as 4.22 reads it";
      this.#add("watch-extended-head", record, 16, `lacks ${lacks}`);
    }
    const { connId, path, token } = record;
    if (!this.#connections.has(connId)) {
      this.#add(
        "watch-connection",
        record,
        8,
        `conn-id must name an earlier connection: current value is ${connId}`,
      );
    }
    const key = `${connId} ${path}\0${token}`;
    if (this.#watches.has(key)) {
      const text = `a watch must be there once: ${quoted(path)} with token ${quoted(token)}`;
      this.#add("watch-once", record, 8, text);
    }
    this.#watches.add(key);
    if (this.#reading.isConsistent) return;
    const at = (record.offset ?? 0) + 8 + (isExtended ? watchHead : 8);
    const fault = watchPathFault(this.#octets, at, at + path.length);
    if (fault !== undefined) this.#found.add("watch-path", at, record.kind, `wpath ${fault}`);
    if (token.includes("\0")) {
      this.#found.add(
        "watch-token",
        at + path.length + 1,
        record.kind,
        "token must have no NUL inside",
      );
    }
  }

  transaction(record: TransactionData): void {
    const { connId, txId } = record;
    if (!this.#connections.has(connId)) {
      this.#add(
        "transaction-connection",
        record,
        8,
        `conn-id must name an earlier connection: current value is ${connId}`,
      );
    }
    const known = this.#transactions.get(connId) ?? new Set();
    if (txId === 0) this.#add("transaction-id", record, 12, "tx-id must not be zero");
    if (known.has(txId))
      this.#add("transaction-id", record, 12, `tx-id must be there once: current value is ${txId}`);
    this.#transactions.set(connId, known.add(txId));
  }

  transactionFault(connId: number, txId: number): string | undefined {
    if (!this.#connections.has(connId)) {
      return `conn-id must name an earlier connection: current value is ${connId}`;
    }
    if (this.#transactions.get(connId)?.has(txId)) return undefined;
    return `tx-id must name an earlier transaction: current value is ${txId}`;
  }

  #add(code: RuleCode, record: StreamRecord, at: number, text: string): void {
    this.#found.add(code, (record.offset ?? 0) + at, record.kind, text);
  }
}

/** That a field must be the number of a domain. */
export function domidText(field: string, value: number): string {
  return `${field} must be that of a domain: current value is ${value}`;
}

/** Whom a connection goes to; there is one to each. */
function peerOf(spec: ConnectionData["spec"]): string | undefined {
  if (spec.type === "ring") return `domain ${spec.domid}`;
  return spec.type === "socket" ? `socket ${spec.fd}` : undefined;
}
