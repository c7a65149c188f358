/**
 * The state of a daemon as a migration stream: connections with what is pending, watches, and
 * nodes. Transactions are not in it, as no daemon writes them.
 *
 * Source: xen, docs/designs/xenstore-migration.md; the order is that of C xenstored 4.20.
 *
 * @module
 */
import {
  DEPTH_UNLIMITED,
  DOMID_INVALID,
  PERM_STALE,
  type StreamRecord,
  writeStream,
} from "../xenstore_stream/mod.ts";
import type { Connection } from "./connection.ts";
import type { Daemon } from "./daemon.ts";
import { INTRODUCE_DOMAIN, RELEASE_DOMAIN } from "./path.ts";
import { textOfPerm } from "./perms.ts";
import { quotasOf } from "./quota_names.ts";
import { saveDump } from "./save_dump.ts";
import type { SaveOptions } from "./save_options.ts";
import type { StoreNode } from "./store_node.ts";
import { givenPath } from "./watch.ts";
import { encodeMessage, type Message, TYPE } from "./wire.ts";

/** The field for its length has 16 bits. */
const IN_OCTETS_MAX = 0xffff;

/** Writes the state of `daemon`, which does nothing meanwhile. */
export function save(daemon: Daemon, options: SaveOptions): Uint8Array {
  return daemon.profile.state === "text" ? saveDump(daemon, options) : saveStream(daemon, options);
}

function saveStream(daemon: Daemon, options: SaveOptions): Uint8Array {
  const { version, update, listener = -1, events = -1 } = options;
  const records: StreamRecord[] = [
    { kind: "GLOBAL_DATA", rwSocketFd: listener, evtchnFd: events, roSocketFd: -1 },
  ];
  const domainQuotas = quotasOf(daemon.limits.all());
  if (version === 2 && domainQuotas.length > 0) {
    records.push({ kind: "GLOBAL_QUOTA_DATA", domainQuotas, globalQuotas: [] });
  }
  let connId = 0;
  for (const connection of daemon.connections()) {
    connId++;
    const { asked } = update ?? {};
    const answered = asked?.connection === connection ? asked.request : undefined;
    const { domid } = connection;
    const port = options.portOf?.(domid) ?? daemon.domains.get(domid)?.port ?? 0;
    records.push(connectionRecord(connection, connId, port, answered));
    records.push(...watchRecords(connection, connId, version));
  }
  addNodes(records, daemon, "/", daemon.store.root);
  for (const special of [RELEASE_DOMAIN, INTRODUCE_DOMAIN]) {
    const node = daemon.store.read(special);
    if (node !== undefined) records.push(nodeRecord(daemon, special, node));
  }
  if (version === 2) {
    for (const { domid, features } of daemon.domains) {
      const quotas = quotasOf(daemon.limits.all(domid));
      records.push({ kind: "DOMAIN_DATA", domid, features, quotas });
    }
  }
  records.push({ kind: "END" });
  return writeStream({ layout: version === 1 ? "1" : "2", records });
}

function connectionRecord(
  connection: Connection,
  connId: number,
  port: number,
  answered: Message | undefined,
): StreamRecord {
  const { kind, domid, target, descriptor } = connection;
  const delayed = connection.delayed.map((it) => encodeMessage(it.type, it, it.body));
  const inData = joined([...delayed, connection.input]);
  if (inData.length > IN_OCTETS_MAX) {
    throw new RangeError(
      `Cannot save a connection as its input must be at most ${IN_OCTETS_MAX} octets: ` +
        `current number is ${inData.length}`,
    );
  }
  const last = answered === undefined ? [] : [encodeMessage(TYPE.CONTROL, answered, "OK\0")];
  return {
    kind: "CONNECTION_DATA",
    connId,
    fields: 0,
    spec:
      kind === "socket"
        ? { type: "socket", fd: descriptor }
        : { type: "ring", domid, tdomid: target ?? DOMID_INVALID, evtchn: port },
    inData,
    outRespLen: connection.partial,
    outData: joined([connection.peekOutput(), ...last]),
  };
}

function watchRecords(connection: Connection, connId: number, version: 1 | 2): StreamRecord[] {
  return connection.watches.map((watch): StreamRecord => {
    const { token, depth } = watch;
    const path = givenPath(watch);
    if (version === 1 || depth === DEPTH_UNLIMITED) {
      return { kind: "WATCH_DATA", connId, path, token };
    }
    return { kind: "WATCH_DATA_EXTENDED", connId, path, token, depth };
  });
}

/** A node before what is below it. */
function addNodes(records: StreamRecord[], daemon: Daemon, path: string, node: StoreNode): void {
  records.push(nodeRecord(daemon, path, node));
  const front = path === "/" ? "/" : `${path}/`;
  for (const [name, child] of node.children ?? []) {
    if (name[0] !== "@") addNodes(records, daemon, `${front}${name}`, child);
  }
}

function nodeRecord(daemon: Daemon, path: string, node: StoreNode): StreamRecord {
  const perms = daemon.permsOf(node).map((perm) => ({
    perm: textOfPerm(perm)[0] as string,
    flags: perm.stale ? PERM_STALE : 0,
    domid: perm.domid,
  }));
  return { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value: node.value };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    octets.set(piece, at);
    at += piece.length;
  }
  return octets;
}
