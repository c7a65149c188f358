/**
 * A daemon from a migration stream. It is taken as a whole or refused; the stream is hostile.
 *
 * Source: xen, docs/designs/xenstore-migration.md. A node that was pending in a transaction is not
 * committed, unlike what C xenstored does; its transaction ends with EAGAIN, as the document asks.
 * Without GLOBAL_DATA C 4.17 and 4.22 die of SIGSEGV, and 4.20 goes on without socket and store: a
 * stream without it is refused here, and so is one that holds nothing but END.
 *
 * @module
 */
import {
  type ConnectionData,
  DOMID_INVALID,
  readStream,
  type StreamRecord,
} from "../xenstore_stream/mod.ts";
import { adoptNode, adoptRing, adoptWatch, completeSpecials } from "./adopt.ts";
import type { Connection } from "./connection.ts";
import { Daemon } from "./daemon.ts";
import type { DaemonOptions } from "./daemon_options.ts";
import { eachQuota } from "./quota_names.ts";
import { restoreDump } from "./restore_dump.ts";

/** A daemon in the state of `octets`; or an error, and nothing has happened. */
export function restore(octets: Uint8Array, options: DaemonOptions): Daemon {
  return options.profile.state === "text"
    ? restoreDump(octets, options)
    : restoreStream(octets, options);
}

function restoreStream(octets: Uint8Array, options: DaemonOptions): Daemon {
  const { version, flags, records } = readStream(octets);
  const { readsVersion } = options.profile;
  if (version > readsVersion) {
    throw new RangeError(
      `Cannot restore a stream as its version must be at most ${readsVersion}: ` +
        `current value is ${version}`,
    );
  }
  if (flags > 1) {
    throw new RangeError(`Cannot restore a stream as flags must be 0 or 1: they are ${flags}`);
  }
  if (!records.some(({ kind }) => kind === "GLOBAL_DATA")) {
    throw new RangeError("Cannot restore a stream as it must have GLOBAL_DATA: there is none");
  }
  const daemon = new Daemon({ ...options, bare: true });
  const connections = new Map<number, Connection>();
  for (const record of records) {
    try {
      adopt(daemon, connections, record);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RangeError(`Cannot restore ${record.kind} at ${record.offset ?? 0}: ${reason}`);
    }
  }
  completeSpecials(daemon);
  return daemon;
}

function adopt(daemon: Daemon, connections: Map<number, Connection>, record: StreamRecord): void {
  switch (record.kind) {
    case "CONNECTION_DATA":
      if (record.connId === 0 || connections.has(record.connId)) {
        throw new RangeError(`conn-id must be new and not 0: current value is ${record.connId}`);
      }
      connections.set(record.connId, adoptConnection(daemon, record));
      return;
    case "WATCH_DATA":
      adoptWatch(daemon, demand(connections, record.connId), record);
      return;
    case "WATCH_DATA_EXTENDED":
      adoptWatch(daemon, demand(connections, record.connId), record);
      return;
    case "TRANSACTION_DATA":
      adoptTransaction(daemon, demand(connections, record.connId), record.txId);
      return;
    case "NODE_DATA":
      if (record.connId === 0) adoptNode(daemon, record);
      else demandTransaction(demand(connections, record.connId), record.txId);
      return;
    case "DOMAIN_DATA": {
      const domain = daemon.domains.get(record.domid);
      if (domain !== undefined) domain.features = record.features;
      const { domid } = record;
      eachQuota(record.quotas, (name, value) => daemon.limits.set(name, value, domid));
      return;
    }
    case "GLOBAL_QUOTA_DATA":
      eachQuota([...record.domainQuotas, ...record.globalQuotas], (name, value) =>
        daemon.limits.set(name, value),
      );
      return;
    case "DAMAGED":
      throw new RangeError(`the record of type ${record.type} is damaged`);
    default:
      // END, descriptors that are the embedder's, types of the future.
      return;
  }
}

function demand(connections: ReadonlyMap<number, Connection>, connId: number): Connection {
  const connection = connections.get(connId);
  if (connection === undefined) {
    throw new RangeError(`conn-id must be that of a connection before: current value is ${connId}`);
  }
  return connection;
}

function demandTransaction(connection: Connection, txId: number): void {
  if (connection.transactions.has(txId)) return;
  throw new RangeError(`tx-id must be that of a transaction before: current value is ${txId}`);
}

function adoptConnection(daemon: Daemon, record: ConnectionData): Connection {
  const { spec, inData, outData, outRespLen } = record;
  if (spec.type === "reserved") throw new RangeError(`conn-type must be 0 or 1: ${spec.connType}`);
  if (outRespLen > outData.length) throw new RangeError(`out-resp-len is ${outRespLen}`);
  const connection =
    spec.type === "socket" ? daemon.connect() : adoptRing(daemon, spec.domid, spec.evtchn);
  if (spec.type === "socket") connection.descriptor = spec.fd;
  else if (spec.tdomid !== DOMID_INVALID) connection.target = spec.tdomid;
  connection.feed(inData.slice());
  connection.restoreOutput(outData.slice(), outRespLen);
  return connection;
}

/** What was done in it is lost, so it must not end well. */
function adoptTransaction(daemon: Daemon, connection: Connection, txId: number): void {
  if (txId === 0 || connection.transactions.has(txId)) {
    throw new RangeError(`tx-id must be new and not 0: current value is ${txId}`);
  }
  const transaction = daemon.profile.transactions.start(daemon, connection);
  transaction.doom();
  connection.transactions.set(txId, transaction);
  connection.transactionsSince ??= daemon.now;
}
