/**
 * A state that another daemon has saved, somewhere else, made into one that a successor here can
 * take: descriptors are those that are open here, and sockets that nobody here holds are gone, with
 * what depends on them. Nodes, rights, domains and everything else stay as they are.
 *
 * A state that cannot be read is given as it is.
 *
 * @module
 */
import {
  type ConnectionData,
  type DumpLine,
  isDump,
  isStream,
  readDump,
  readStream,
  type Stream,
  StreamError,
  type StreamRecord,
  writeDump,
  writeStream,
} from "../../../src/xenstore_stream/mod.ts";

/** Octets of `foreign` in the place of `own`, which a daemon here has just saved. */
export function transplanted(foreign: Uint8Array, own: Uint8Array): Uint8Array {
  try {
    if (isStream(foreign) && isStream(own)) return streamOf(readStream(foreign), readStream(own));
    if (isDump(foreign) && isDump(own)) {
      const dump = readDump(foreign);
      return writeDump({ ...dump, lines: linesOf(dump.lines, readDump(own).lines) });
    }
    return foreign;
  } catch (error) {
    if (error instanceof StreamError) return foreign;
    throw error;
  }
}

function streamOf(foreign: Stream, own: Stream): Uint8Array {
  const sockets = own.records.filter(isSocket);
  const gone = new Set(foreign.records.filter(isSocket).map(({ connId }) => connId));
  const connIds = foreign.records.map((record) => ("connId" in record ? record.connId : 0));
  // Their numbers must be nobody else's.
  const first = connIds.reduce((max, connId) => Math.max(max, connId), 0) + 1;
  const here = sockets.map((record, at) => ({ ...record, connId: first + at }));
  const global = own.records.find(({ kind }) => kind === "GLOBAL_DATA");
  const records = foreign.records.flatMap((record): readonly StreamRecord[] => {
    if (record.kind === "GLOBAL_DATA") return global === undefined ? [] : [global];
    if ("connId" in record && gone.has(record.connId)) return [];
    return [record];
  });
  // Connections come before the nodes, which are charged to their domains.
  const at = records.findIndex(({ kind }) => kind === "NODE_DATA" || kind === "END");
  const place = at < 0 ? records.length : at;
  return writeStream({ ...foreign, records: records.toSpliced(place, 0, ...here) });
}

function isSocket(record: StreamRecord): record is ConnectionData {
  return record.kind === "CONNECTION_DATA" && record.spec.type === "socket";
}

function linesOf(foreign: readonly DumpLine[], own: readonly DumpLine[]): readonly DumpLine[] {
  const kept = foreign.filter((line) => {
    if (line.kind === "watch") return line.owner >= 0;
    return line.kind === "dom" || line.kind === "store";
  });
  const here = own.filter(({ kind }) => ["global", "evtchn-dev", "socket"].includes(kind));
  const head = here.filter(({ kind }) => kind !== "socket");
  const sockets = here.filter(({ kind }) => kind === "socket");
  return [
    ...head,
    ...kept.filter(({ kind }) => kind !== "store"),
    ...sockets,
    ...kept.filter(({ kind }) => kind === "store"),
  ];
}
