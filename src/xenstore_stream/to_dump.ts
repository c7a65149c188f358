/**
 * Records as the lines of oxenstored's text dump, which has no place for what is under way in a
 * connection, for targets, and for the depths of watches.
 *
 * Source: Xen, tools/ocaml/xenstored/xenstored.ml, module `DB`.
 *
 * @module
 */
import type { DumpLine } from "./dump.ts";
import type { Ports } from "./from_dump.ts";
import type { Change, Ledger } from "./ledger.ts";
import { lowerPerms } from "./lower_draft.ts";
import { isWhole } from "./pending.ts";
import { quoted } from "./quote.ts";
import { type ConnectionData, DOMID_INVALID, type NodeData, type StreamRecord } from "./record.ts";

/** What oxenstored restores of a node, unless its configuration says otherwise, in octets. */
const QUOTA_MAXSIZE = 2048;
const QUOTA_PATH_MAX = 1024;

/**
 * The lines of a dump, without the first one; what has no place is noted. A dump that is one
 * already has been written by a daemon that takes its values, whatever their size.
 */
export function dumpLines(
  records: readonly StreamRecord[],
  ports: Ports,
  ledger: Ledger,
  wasDump: boolean,
): readonly DumpLine[] {
  return new LineWriter(ports, ledger, wasDump).run(records);
}

class LineWriter {
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #wasDump: boolean;
  readonly #lines: DumpLine[] = [];
  readonly #owners = new Map<number, number>();
  /** The newest comes first. */
  readonly #watches: DumpLine[] = [];

  constructor(ports: Ports, ledger: Ledger, wasDump: boolean) {
    this.#ports = ports;
    this.#ledger = ledger;
    this.#wasDump = wasDump;
  }

  run(records: readonly StreamRecord[]): readonly DumpLine[] {
    for (const record of records) {
      if (record.kind !== "WATCH_DATA") this.#endRun();
      this.#take(record);
    }
    this.#endRun();
    return this.#lines;
  }

  #take(record: StreamRecord): void {
    switch (record.kind) {
      case "GLOBAL_DATA":
        this.#global(record.rwSocketFd, record.evtchnFd, record);
        return;
      case "CONNECTION_DATA":
        this.#connection(record);
        return;
      case "WATCH_DATA": {
        const owner = this.#owners.get(record.connId);
        const { path, token } = record;
        if (owner !== undefined) this.#watches.push({ kind: "watch", owner, path, token });
        return;
      }
      case "NODE_DATA":
        this.#node(record);
    }
  }

  #node(record: NodeData): void {
    const path = record.path[0] === "@" ? `/${record.path}` : record.path;
    const { perms } = lowerPerms(record, (change) => this.#note(record, change));
    const { value } = record;
    if (!this.#wasDump && path.length > QUOTA_PATH_MAX) {
      const what = `a node whose path has ${path.length} octets`;
      const text = `${what}: oxenstored takes ${QUOTA_PATH_MAX}`;
      this.#note(record, { action: "dropped", text, lost: `node ${quoted(path)}` });
      return;
    }
    if (this.#wasDump || value.length <= QUOTA_MAXSIZE) {
      this.#lines.push({ kind: "store", path, perms, value });
      return;
    }
    // Without the node oxenstored would leave out all nodes below it, too.
    const text = `the value of ${quoted(path)} is empty: oxenstored takes ${QUOTA_MAXSIZE} octets`;
    const lost = `the value of ${quoted(path)}, ${value.length} octets`;
    this.#note(record, { action: "changed", text, lost });
    this.#lines.push({ kind: "store", path, perms, value: new Uint8Array() });
  }

  #global(fd: number, evtchnFd: number, record: StreamRecord): void {
    this.#lines.push({ kind: "global", fd });
    if (evtchnFd < 0) return;
    const { exception: port } = this.#ports;
    if (port !== undefined) {
      this.#lines.push({ kind: "evtchn-dev", fd: evtchnFd, port });
      return;
    }
    const text = `evtchn-fd ${evtchnFd} is left out: its ports are not in the stream`;
    this.#note(record, { action: "changed", text: `${text}, so they are bound anew` });
  }

  #connection(record: ConnectionData): void {
    const { connId, spec, inData, outData, outRespLen, uniqueId } = record;
    const drop = (reason: string, lost: string) => {
      const text = `connection ${connId}, and its watches: ${reason}`;
      this.#note(record, { action: "dropped", text, lost });
    };
    if (outRespLen > 0 || !isWhole(inData)) {
      const reason = "a message is under way in it, and its front would be lost";
      drop(reason, `connection ${connId}, and its watches`);
      return;
    }
    if (inData.length + outData.length > 0) {
      const text = `connection ${connId}: a dump has no place for what waits in it`;
      const lost = `${inData.length} octets of requests and ${outData.length} of answers`;
      this.#note(record, { action: "changed", text, lost: `${lost} of connection ${connId}` });
    }
    if (uniqueId !== undefined) {
      this.#note(record, { action: "changed", text: "unique-id is left out: a dump has none" });
    }
    if (spec.type === "socket") {
      this.#owners.set(connId, -spec.fd);
      this.#lines.push({ kind: "socket", fd: spec.fd });
      return;
    }
    if (spec.type !== "ring") return;
    const { domid, tdomid, mfn = domid === 0 ? 0n : undefined, evtchn } = spec;
    if (mfn === undefined) {
      const lost = `the ring of domain ${domid} and its watches, until it is introduced`;
      drop("neither the page of its ring nor the domain's port is in the stream", lost);
      return;
    }
    if (tdomid !== DOMID_INVALID) {
      const text = `tdomid of domain ${domid} is left out: a dump has none`;
      const lost = `the target ${tdomid} of domain ${domid}`;
      this.#note(record, { action: "changed", text, lost });
    }
    this.#owners.set(connId, domid);
    const remotePort = spec.mfn === undefined ? 0 : evtchn;
    const line = { kind: "dom", domid, mfn: Number(mfn), remotePort } as const;
    const localPort = this.#ports.local.get(domid);
    this.#lines.push(localPort === undefined ? line : { ...line, localPort });
  }

  #endRun(): void {
    this.#lines.push(...this.#watches.toReversed());
    this.#watches.length = 0;
  }

  #note(record: StreamRecord, change: Omit<Change, "offset" | "section">): void {
    this.#ledger.add({ offset: record.offset ?? 0, section: record.kind, ...change });
  }
}
