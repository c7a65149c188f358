/**
 * What records must be by the specification, one after the other; nodes are in `verify_node.ts`.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; for paths docs/misc/xenstore.txt.
 *
 * @module
 */
import { aligned, type Stream } from "./layout.ts";
import { ReadNode } from "./node.ts";
import { watchPathFault } from "./path.ts";
import { quoted } from "./quote.ts";
import type { Reading } from "./reading.ts";
import {
  type ConnectionData,
  DOMID_INVALID,
  type DomainData,
  type GlobalData,
  type Quota,
  type StreamRecord,
  type TransactionData,
  type WatchData,
  type WatchDataExtended,
} from "./record.ts";
import { bodySize } from "./record_writer.ts";
import type { RuleCode } from "./rules.ts";
import { NodeVerifier } from "./verify_node.ts";
import type { Violations } from "./violation.ts";

/** Looks at the records of a stream once, in order. */
export class Verifier {
  readonly #octets: Uint8Array;
  readonly #reading: Reading;
  readonly #stream: Stream;
  readonly #found: Violations;
  readonly #connections = new Set<number>();
  readonly #peers = new Set<string>();
  readonly #watches = new Set<string>();
  readonly #transactions = new Map<number, Set<number>>();
  readonly #domains = new Set<number>();
  #globals = 0;
  #globalQuotas = 0;

  constructor(octets: Uint8Array, reading: Reading, found: Violations) {
    this.#octets = octets;
    this.#reading = reading;
    this.#stream = reading.stream;
    this.#found = found;
  }

  run(): void {
    const { records, rest } = this.#stream;
    this.#header();
    if (this.#stream.lengths === "packed") this.#packed();
    const nodes = new NodeVerifier(this.#octets, this.#reading, this.#found, (conn, tx) =>
      this.#transactionFault(conn, tx),
    );
    for (const record of records) {
      this.#frame(record);
      if (record instanceof ReadNode) nodes.verify(record);
      else this.#record(record);
    }
    if (rest.length === 0 || records.at(-1)?.kind !== "END") return;
    const at = this.#octets.length - rest.length;
    this.#found.add(
      "end-last",
      at,
      "END",
      `must be the final record: ${rest.length} octets follow`,
    );
  }

  #header(): void {
    const { version, flags, order, layout } = this.#stream;
    if (version !== 1 && (layout === "draft" || version !== 2)) {
      const expected = layout === "draft" ? "1" : "1 or 2";
      this.#found.add(
        "header-version",
        8,
        "Header",
        `version must be ${expected}: current value is ${version}`,
      );
    }
    if (flags >>> 1 !== 0) {
      const value = `0x${flags.toString(16)}`;
      this.#found.add(
        "header-flags",
        12,
        "Header",
        `flags 1 to 31 must be zero: current value is ${value}`,
      );
    }
    if (((flags & 1) === 1) !== (order === "big")) {
      this.#found.add(
        "header-order",
        12,
        "Header",
        `flags must say that records are ${order}-endian`,
      );
    }
  }

  /** Where padding is first missing. */
  #packed(): void {
    const first = this.#stream.records.find((record) => {
      return record.kind !== "DAMAGED" && bodySize(record, this.#stream) % 8 !== 0;
    });
    if (first === undefined) return;
    const text = "padding to a multiple of 8 octets must follow each record";
    this.#found.add("record-padded", first.offset ?? 0, "Records", text);
  }

  #frame(record: StreamRecord): void {
    if (record.length === undefined && record.kept === undefined) return;
    if (record.kind === "DAMAGED") return;
    const offset = record.offset ?? 0;
    if (record.length !== undefined) {
      const size = bodySize(record, this.#stream);
      const usual = this.#stream.lengths === "padded" ? aligned(size) : size;
      const [code, section] =
        record.kind === "END"
          ? (["end-empty", "END"] as const)
          : (["record-length", "Records"] as const);
      const text = `len must be ${usual}, as long as the fields: current value is ${record.length}`;
      this.#found.add(code, offset + 4, section, text);
    }
    for (const { at } of record.kept ?? []) {
      this.#found.add(
        "record-padding",
        offset + 8 + at,
        "Records",
        "padding must be written as zero",
      );
    }
  }

  #record(record: StreamRecord): void {
    switch (record.kind) {
      case "GLOBAL_DATA":
        this.#global(record);
        return;
      case "CONNECTION_DATA":
        this.#connection(record);
        return;
      case "WATCH_DATA":
      case "WATCH_DATA_EXTENDED":
        this.#watch(record);
        return;
      case "TRANSACTION_DATA":
        this.#transaction(record);
        return;
      case "GLOBAL_QUOTA_DATA":
        if (++this.#globalQuotas > 1) this.#add("quota-once", record, 0, "must be there once");
        this.#quotas(record, record.domainQuotas);
        this.#quotas(record, record.globalQuotas);
        return;
      case "DOMAIN_DATA":
        this.#domain(record);
        return;
      case "UNKNOWN":
        this.#found.add(
          "record-type",
          record.offset ?? 0,
          "Records",
          `type must not be reserved: current value is 0x${record.type.toString(16)}`,
        );
    }
  }

  #global(record: GlobalData): void {
    if (++this.#globals > 1) this.#add("global-once", record, 0, "must be there once");
    const second = this.#stream.layout === "draft" ? record.roSocketFd : record.evtchnFd;
    if (record.rwSocketFd < -1)
      this.#add("global-fd", record, 8, "rw-socket-fd must be a descriptor or -1");
    if (second < -1) this.#add("global-fd", record, 12, "the second descriptor must be one or -1");
  }

  #connection(record: ConnectionData): void {
    const { connId, spec, fields, outRespLen, outData } = record;
    const isDraft = this.#stream.layout === "draft";
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

  #watch(record: WatchData | WatchDataExtended): void {
    const isExtended = record.kind === "WATCH_DATA_EXTENDED";
    const { version, watchHead } = this.#stream;
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

  #transaction(record: TransactionData): void {
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

  #transactionFault(connId: number, txId: number): string | undefined {
    if (!this.#connections.has(connId)) {
      return `conn-id must name an earlier connection: current value is ${connId}`;
    }
    if (this.#transactions.get(connId)?.has(txId)) return undefined;
    return `tx-id must name an earlier transaction: current value is ${txId}`;
  }

  #domain(record: DomainData): void {
    const { domid, features, quotas } = record;
    if (domid >= DOMID_INVALID) this.#add("domain-domid", record, 8, domidText("domid", domid));
    if (this.#domains.has(domid))
      this.#add("domain-once", record, 8, `domid must be there once: ${domid}`);
    this.#domains.add(domid);
    if (features !== 0 && this.#stream.version < 2) {
      this.#add("domain-features", record, 12, "features must be zero before version 2");
    }
    this.#quotas(record, quotas);
  }

  #quotas(record: StreamRecord, quotas: readonly Quota[]): void {
    const names = new Set<string>();
    for (const { name } of quotas) {
      if (name === "") this.#add("quota-name", record, 8, "a quota must have a name");
      else if (names.has(name))
        this.#add("quota-name", record, 8, `quota ${quoted(name)} must be there once`);
      names.add(name);
    }
  }

  #add(code: RuleCode, record: StreamRecord, at: number, text: string): void {
    this.#found.add(code, (record.offset ?? 0) + at, record.kind, text);
  }
}

/** Whom a connection goes to; there is one to each. */
function peerOf(spec: ConnectionData["spec"]): string | undefined {
  if (spec.type === "ring") return `domain ${spec.domid}`;
  return spec.type === "socket" ? `socket ${spec.fd}` : undefined;
}

function domidText(field: string, value: number): string {
  return `${field} must be that of a domain: current value is ${value}`;
}
