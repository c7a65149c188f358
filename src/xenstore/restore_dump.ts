/**
 * A daemon from the text that oxenstored leaves for its successor. What oxenstored would ignore is
 * ignored, as the text has neither a length nor an end by which a part could be missed. But
 * oxenstored also goes on without its socket when the text does not name one, so that nobody can
 * come any more: such a text is refused here.
 *
 * Source: xen, tools/ocaml/xenstored/xenstored.ml, module DB, from_file.
 *
 * @module
 */
import { type DumpLine, readDump } from "../xenstore_stream/mod.ts";
import { adoptNode, adoptRing, adoptWatch, completeSpecials } from "./adopt.ts";
import type { Connection } from "./connection.ts";
import { Daemon } from "./daemon.ts";
import type { DaemonOptions } from "./daemon_options.ts";

/** A daemon in the state of `octets`; or an error, and nothing has happened. */
export function restoreDump(octets: Uint8Array, options: DaemonOptions): Daemon {
  const { lines } = readDump(octets);
  if (!lines.some(({ kind }) => kind === "global")) {
    throw new RangeError('Cannot restore a dump as it must have a line "global": there is none');
  }
  const daemon = new Daemon({ ...options, bare: true });
  const connections = new Map<number, Connection>();
  // Newest first, as they were.
  const watches = lines.filter((line) => line.kind === "watch").reverse();
  for (const line of [...lines.filter((line) => line.kind !== "watch"), ...watches]) {
    try {
      adopt(daemon, connections, line);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RangeError(`Cannot restore ${line.kind} at ${line.offset ?? 0}: ${reason}`);
    }
  }
  completeSpecials(daemon);
  daemon.update.completed();
  return daemon;
}

function adopt(daemon: Daemon, connections: Map<number, Connection>, line: DumpLine): void {
  switch (line.kind) {
    case "dom":
      connections.set(line.domid, adoptRing(daemon, line.domid, line.remotePort, BigInt(line.mfn)));
      return;
    case "socket": {
      if (connections.has(-line.fd)) throw new RangeError(`socket ${line.fd} must be there once`);
      const connection = daemon.connect();
      connection.descriptor = line.fd;
      connections.set(-line.fd, connection);
      return;
    }
    case "watch": {
      const connection = connections.get(line.owner);
      if (connection !== undefined) adoptWatch(daemon, connection, line);
      return;
    }
    case "store":
      // A special node is written as a child of the root.
      adoptNode(daemon, { ...line, path: line.path.replace(/^\/@/, "@") });
      return;
    default:
      // Descriptors are the embedder's; what is not understood is ignored.
      return;
  }
}
