/**
 * The lines of oxenstored's text dump as records.
 *
 * Source: Xen, tools/ocaml/xenstored/xenstored.ml, module `DB`. It writes special nodes below the
 * root, and the newest watch of a connection first.
 *
 * @module
 */
import type { DomLine, Dump, DumpLine, WatchLine } from "./dump.ts";
import type { Ledger } from "./ledger.ts";
import { DOMID_INVALID, type RingSpec, type StreamRecord } from "./record.ts";

/** What lines say that no record of an implemented version does. */
export interface Ports {
  /** Port of the event that a domain is gone. */
  exception?: number;
  /** By domid. */
  readonly local: Map<number, number>;
}

/** Which port a record of a ring has: the draft, and a dump, have that of the domain. */
export type Side = "domain" | "xenstored";

/** The records of a dump, and its ports; what oxenstored would ignore is noted and left out. */
export function dumpRecords(
  { lines }: Dump,
  side: Side,
  ledger: Ledger,
): { records: readonly StreamRecord[]; ports: Ports } {
  const reader = new LineRecords(side, ledger);
  for (const line of lines) reader.take(line);
  return { records: reader.end(lines), ports: reader.ports };
}

class LineRecords {
  readonly ports: Ports = { local: new Map() };
  readonly #records: StreamRecord[] = [];
  readonly #side: Side;
  readonly #ledger: Ledger;
  readonly #owners = new Map<number, number>();
  /** Watches that follow each other; each is older than the one before. */
  #run: WatchLine[] = [];

  constructor(side: Side, ledger: Ledger) {
    this.#side = side;
    this.#ledger = ledger;
  }

  take(line: DumpLine): void {
    if (line.kind === "watch") {
      this.#run.push(line);
      return;
    }
    this.#endRun();
    const at = line.offset === undefined ? {} : { offset: line.offset };
    switch (line.kind) {
      case "global":
      case "evtchn-dev":
        if (line.kind === "evtchn-dev") this.ports.exception = line.port;
        return;
      case "dom":
        if (line.localPort !== undefined) this.ports.local.set(line.domid, line.localPort);
        this.#connect(line.domid, this.#ring(line), line);
        return;
      case "socket":
        this.#connect(-line.fd, { type: "socket", fd: line.fd }, line);
        return;
      case "store": {
        const path = line.path.startsWith("/@") ? line.path.slice(1) : line.path;
        const { perms, value } = line;
        const node = { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value };
        this.#records.push({ ...node, ...at } as StreamRecord);
        return;
      }
      case "ignored":
        this.#ledger.add({
          offset: line.offset ?? 0,
          section: "lines",
          action: "dropped",
          text: `a line that oxenstored ignores: ${line.reason}`,
          ...(line.text === "" ? {} : { lost: "whatever was in it" }),
        });
    }
  }

  end(lines: readonly DumpLine[]): readonly StreamRecord[] {
    this.#endRun();
    const global = lines.findLast((line) => line.kind === "global");
    const events = lines.findLast((line) => line.kind === "evtchn-dev");
    if (global === undefined && events === undefined) return this.#records;
    const fds = { rwSocketFd: global?.fd ?? -1, evtchnFd: events?.fd ?? -1, roSocketFd: -1 };
    const offset = global?.offset ?? events?.offset ?? 0;
    return [{ kind: "GLOBAL_DATA", ...fds, offset }, ...this.#records];
  }

  #connect(owner: number, spec: RingSpec | { type: "socket"; fd: number }, line: DumpLine): void {
    const connId = this.#ownerId(owner);
    const data = { inData: new Uint8Array(), outRespLen: 0, outData: new Uint8Array() };
    const record = { kind: "CONNECTION_DATA", connId, fields: 0, spec, ...data } as const;
    this.#records.push({ ...record, offset: line.offset ?? 0 });
  }

  #ring({ domid, mfn, remotePort, localPort, offset = 0 }: DomLine): RingSpec {
    const ring = { type: "ring", domid, tdomid: DOMID_INVALID } as const;
    if (this.#side === "domain") return { ...ring, evtchn: remotePort, mfn: BigInt(mfn) };
    if (localPort !== undefined) return { ...ring, evtchn: localPort };
    this.#ledger.add({
      offset,
      section: "CONNECTION_DATA",
      action: "changed",
      text: `evtchn of domain ${domid} is 0: the dump has the port of the other side only`,
      lost: `events of domain ${domid} until it is introduced`,
    });
    return { ...ring, evtchn: 0 };
  }

  #endRun(): void {
    for (const { owner, path, token, offset } of this.#run.toReversed()) {
      const watch = { kind: "WATCH_DATA", connId: this.#ownerId(owner), path, token } as const;
      this.#records.push(offset === undefined ? watch : { ...watch, offset });
    }
    this.#run = [];
  }

  /** A number for whoever has a connection, or is said to have one. */
  #ownerId(owner: number): number {
    const known = this.#owners.get(owner);
    if (known !== undefined) return known;
    const id = this.#owners.size + 1;
    this.#owners.set(owner, id);
    return id;
  }
}
