/**
 * A daemon from a migration stream. It is taken as a whole or refused; the stream is hostile.
 *
 * Source: xen, docs/designs/xenstore-migration.md. A node that was pending in a transaction is not
 * committed, unlike what C xenstored does; its transaction ends with EAGAIN, as the document asks.
 *
 * @module
 */
import {
  type ConnectionData,
  DOMID_INVALID,
  type NodeData,
  PERM_STALE,
  readStream,
  type StreamRecord,
} from "../xenstore_stream/mod.ts";
import type { Connection } from "./connection.ts";
import { Daemon, type DaemonOptions } from "./daemon.ts";
import { DOMID_FIRST_RESERVED } from "./domains.ts";
import { canonicalPath, homeOf, INTRODUCE_DOMAIN, isAbsolute, RELEASE_DOMAIN } from "./path.ts";
import { type Perm, permOf } from "./perms.ts";
import { NO_OCTETS } from "./store.ts";
import { parentOf } from "./store_node.ts";
import { DEPTH_UNLIMITED } from "./watch.ts";

/** Longest path that any daemon takes. */
const PATH_MAX = 4096;
/** Domain whose number stands for all others, in permissions of special nodes. */
const DOMID_ANY = 0x7ff5;

/** A daemon in the state of `octets`; or an error, and nothing has happened. */
export function restore(octets: Uint8Array, options: DaemonOptions): Daemon {
  const daemon = new Daemon({ ...options, bare: true });
  const connections = new Map<number, Connection>();
  for (const record of readStream(octets).records) {
    try {
      adopt(daemon, connections, record);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RangeError(`Cannot restore ${record.kind} at ${record.offset ?? 0}: ${reason}`);
    }
  }
  for (const special of [INTRODUCE_DOMAIN, RELEASE_DOMAIN]) {
    if (daemon.store.read(special) !== undefined) continue;
    daemon.store.create(special, NO_OCTETS, [{ access: 0, domid: 0 }]);
  }
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
      return;
    }
    case "DAMAGED":
      throw new RangeError(`the record of type ${record.type} is damaged`);
    default:
      // END, descriptors that are the embedder's, quotas by name, types of the future.
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
    spec.type === "socket" ? daemon.connect() : ringOf(daemon, spec.domid, spec.evtchn);
  if (spec.type === "socket") connection.descriptor = spec.fd;
  else if (spec.tdomid !== DOMID_INVALID) connection.target = spec.tdomid;
  connection.feed(inData.slice());
  connection.restoreOutput(outData.slice(), outRespLen);
  return connection;
}

function ringOf(daemon: Daemon, domid: number, port: number): Connection {
  const known = daemon.domains.get(domid);
  if (domid === 0 && known !== undefined) return known.connection;
  if (known !== undefined || domid >= DOMID_FIRST_RESERVED) {
    throw new RangeError(`domid must be a domain without a ring yet: current value is ${domid}`);
  }
  daemon.domains.appear(domid, 0);
  const connection = daemon.connectRing(domid);
  daemon.domains.introduce({ domid, gfn: 0n, port, connection, shutdown: false, features: 0 });
  return connection;
}

function adoptWatch(
  daemon: Daemon,
  connection: Connection,
  {
    path,
    token,
    depth = DEPTH_UNLIMITED,
  }: { path: string; token: string; depth?: number | undefined },
): void {
  const { domid, watches } = connection;
  const absolute = canonicalPath(path, domid, PATH_MAX, true);
  if (watches.some((it) => it.path === absolute && it.token === token)) {
    throw new RangeError(`the watch of "${path}" must be there once only`);
  }
  const prefix = isAbsolute(path) ? 0 : homeOf(domid).length + 1;
  daemon.watches.add(connection, { path: absolute, token, prefix, depth });
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

function adoptNode(daemon: Daemon, { path, perms, value }: NodeData): void {
  const { store, domains } = daemon;
  if (perms.length === 0) throw new RangeError(`node "${path}" must have permissions`);
  const adopted = perms.map(({ perm, flags, domid }): Perm => {
    const adoptedPerm = permOf(`${perm}${domid}`, Number);
    if ((flags & PERM_STALE) !== 0) return { ...adoptedPerm, stale: true };
    // Whoever has a permission that is not stale was there when the stream was written.
    if (domid < DOMID_FIRST_RESERVED || domid === DOMID_ANY) domains.appear(domid, 0);
    return adoptedPerm;
  });
  const isSpecial = path === INTRODUCE_DOMAIN || path === RELEASE_DOMAIN;
  const checked = isSpecial ? path : canonicalPath(path, 0, PATH_MAX, false);
  if (checked !== path) throw new RangeError(`the path must be absolute: current value is ${path}`);
  if (path === "/") {
    store.setPerms(path, adopted);
    store.setValue(path, value.slice());
    return;
  }
  if (store.read(path) !== undefined) throw new RangeError(`node "${path}" must be there once`);
  if (!isSpecial && store.read(parentOf(path)) === undefined) {
    throw new RangeError(`the parent of "${path}" must be known`);
  }
  store.create(path, value.slice(), adopted);
}
