/**
 * Connections, and what depends on them: watches, transactions, and nodes of transactions.
 *
 * @module
 */
import type { Change, Ledger } from "./ledger.ts";
import { quoted } from "./quote.ts";
import type { ConnectionData, NodeData, StreamRecord } from "./record.ts";

/** A record that names a connection. */
type Dependent = Extract<StreamRecord, { readonly connId: number }>;

const U32_MAX = 0xffff_ffff;

export class ConnectionRelations {
  readonly #ledger: Ledger;
  readonly #emit: (record: StreamRecord) => void;
  /** The id under which the connection with an id of the stream is written. */
  readonly #ids = new Map<number, number>();
  readonly #used = new Set<number>();
  readonly #byPeer = new Map<string, number>();
  readonly #seen = new Set<string>();
  /** By what they wait for. */
  readonly #waiting = new Map<string, Dependent[]>();
  readonly #coming: ReadonlySet<string>;
  #nextId = 1;

  constructor(
    records: readonly StreamRecord[],
    ledger: Ledger,
    emit: (record: StreamRecord) => void,
  ) {
    this.#ledger = ledger;
    this.#emit = emit;
    const coming = new Set<string>();
    for (const record of records) {
      if (record.kind === "CONNECTION_DATA") {
        coming.add(String(record.connId));
        this.#nextId = Math.max(this.#nextId, record.connId + 1);
      } else if (record.kind === "TRANSACTION_DATA") coming.add(transactionKey(record));
    }
    this.#coming = coming;
  }

  take(record: StreamRecord): void {
    if (record.kind === "CONNECTION_DATA") this.#connection(record);
    else if (isDependent(record)) this.#dependent(record);
    else this.#emit(record);
  }

  /** Nothing more comes: what still waits never gets what it depends on. */
  end(): void {
    for (const records of this.#waiting.values()) for (const it of records) this.#dangling(it);
  }

  #connection(record: ConnectionData): void {
    const { connId, inData, outData } = record;
    const peer = peerOf(record);
    const known = this.#byPeer.get(peer);
    if (known !== undefined) {
      const pending = inData.length + outData.length;
      const lost = pending === 0 ? {} : { lost: `${pending} octets that wait in it` };
      const text = `connection ${connId} to ${peer}, which is that of connection ${known}`;
      this.#note(record, { action: "dropped", text, ...lost });
      this.#ids.set(connId, known);
    } else {
      const id = this.#idFor(record);
      this.#byPeer.set(peer, id);
      this.#ids.set(connId, id);
      this.#emit(id === connId ? record : { ...record, connId: id });
    }
    this.#flush(String(connId));
  }

  #idFor(record: ConnectionData): number {
    const { connId } = record;
    if (connId !== 0 && !this.#used.has(connId)) {
      this.#used.add(connId);
      return connId;
    }
    while (this.#used.has(this.#nextId) || this.#coming.has(String(this.#nextId))) this.#nextId++;
    if (this.#nextId > U32_MAX) this.#nextId = 1;
    const id = this.#nextId++;
    this.#used.add(id);
    const why = connId === 0 ? "it must not be zero" : "it must name one connection";
    const where = "also in what follows and depends on it";
    const text = `conn-id is ${id}, ${where}: it was ${connId}, ${why}`;
    this.#note(record, { action: "changed", text });
    return id;
  }

  #dependent(record: Dependent): void {
    const id = this.#ids.get(record.connId);
    const key = record.kind === "NODE_DATA" ? transactionKey(record) : String(record.connId);
    const isThere = id !== undefined && (record.kind !== "NODE_DATA" || this.#seen.has(key));
    if (!isThere) {
      if (!this.#coming.has(key)) this.#dangling(record);
      else this.#wait(key, record);
      return;
    }
    const identity = identityOf(record, id);
    if (this.#seen.has(identity)) {
      this.#note(record, { action: "dropped", text: `${nameOf(record)} is there already` });
      return;
    }
    this.#seen.add(identity);
    this.#emit(id === record.connId ? record : { ...record, connId: id });
    if (record.kind !== "TRANSACTION_DATA") return;
    this.#seen.add(transactionKey(record));
    this.#flush(transactionKey(record));
  }

  #wait(key: string, record: Dependent): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, [record]);
    else waiting.push(record);
  }

  #flush(key: string): void {
    const records = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const record of records) {
      const text = `${nameOf(record)} comes behind what it depends on`;
      this.#note(record, { action: "moved", text });
      this.#dependent(record);
    }
  }

  #dangling(record: Dependent): void {
    const missing =
      record.kind === "NODE_DATA" && this.#ids.has(record.connId)
        ? `transaction ${record.txId}`
        : `connection ${record.connId}`;
    const text = `${nameOf(record)}: ${missing} is not in the stream`;
    this.#note(record, { action: "dropped", text, lost: nameOf(record) });
  }

  #note(record: StreamRecord, change: Omit<Change, "offset" | "section">): void {
    this.#ledger.add({ offset: record.offset ?? 0, section: record.kind, ...change });
  }
}

function isDependent(record: StreamRecord): record is Dependent {
  return "connId" in record;
}

function transactionKey({ connId, txId }: { readonly connId: number; readonly txId: number }) {
  return `${connId}/${txId}`;
}

/** Whom a connection goes to: there is one connection to each. */
function peerOf({ spec, connId }: ConnectionData): string {
  if (spec.type === "ring") return `domain ${spec.domid}`;
  return spec.type === "socket" ? `socket ${spec.fd}` : `reserved ${connId}`;
}

function identityOf(record: Dependent, id: number): string {
  if (record.kind === "TRANSACTION_DATA") return `transaction ${id}/${record.txId}`;
  if (record.kind === "NODE_DATA") return `node ${id}/${record.txId}/${record.path}`;
  return record.kind === "CONNECTION_DATA"
    ? `connection ${id}`
    : `watch ${id} ${record.path}\0${record.token}`;
}

function nameOf(record: Dependent): string {
  if (record.kind === "NODE_DATA") return pendingName(record);
  if (record.kind === "TRANSACTION_DATA") {
    return `transaction ${record.txId} of connection ${record.connId}`;
  }
  if (record.kind === "CONNECTION_DATA") return `connection ${record.connId}`;
  const { path, token, connId } = record;
  return `the watch of ${quoted(path)} with token ${quoted(token)} of connection ${connId}`;
}

function pendingName({ path, txId, connId }: NodeData): string {
  return `node ${quoted(path)} of transaction ${txId} of connection ${connId}`;
}
