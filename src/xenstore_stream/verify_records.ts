/**
 * What records must be by the specification, one after the other; nodes are in `verify_node.ts`.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; for paths docs/misc/xenstore.txt.
 *
 * @module
 */
import { aligned, type Stream } from "./layout.ts";
import { ReadNode } from "./node.ts";
import { quoted } from "./quote.ts";
import type { Reading } from "./reading.ts";
import {
  DOMID_INVALID,
  type DomainData,
  type GlobalData,
  type Quota,
  type StreamRecord,
} from "./record.ts";
import { bodySize } from "./record_writer.ts";
import type { RuleCode } from "./rules.ts";
import { ConnectionVerifier, domidText } from "./verify_connections.ts";
import { NodeVerifier } from "./verify_node.ts";
import type { Violations } from "./violation.ts";

/** Looks at the records of a stream once, in order. */
export class Verifier {
  readonly #octets: Uint8Array;
  readonly #reading: Reading;
  readonly #stream: Stream;
  readonly #found: Violations;
  readonly #connections: ConnectionVerifier;
  readonly #domains = new Set<number>();
  #globals = 0;
  #globalQuotas = 0;

  constructor(octets: Uint8Array, reading: Reading, found: Violations) {
    this.#octets = octets;
    this.#reading = reading;
    this.#stream = reading.stream;
    this.#found = found;
    this.#connections = new ConnectionVerifier(octets, reading, found);
  }

  run(): void {
    const { records, rest } = this.#stream;
    this.#header();
    if (this.#stream.lengths === "packed") this.#packed();
    const nodes = new NodeVerifier(this.#octets, this.#reading, this.#found, (conn, tx) =>
      this.#connections.transactionFault(conn, tx),
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
        this.#connections.connection(record);
        return;
      case "WATCH_DATA":
      case "WATCH_DATA_EXTENDED":
        this.#connections.watch(record);
        return;
      case "TRANSACTION_DATA":
        this.#connections.transaction(record);
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
