/**
 * The state of a daemon as the text that oxenstored leaves for its successor. What clients have
 * under way has no place in it, so that oxenstored waits until there is nothing.
 *
 * Source: xen, tools/ocaml/xenstored/xenstored.ml, module DB, to_file.
 *
 * @module
 */
import { type DumpLine, writeDump } from "../xenstore_stream/mod.ts";
import type { Connection } from "./connection.ts";
import type { Daemon } from "./daemon.ts";
import { textOfPerm } from "./perms.ts";
import type { SaveOptions } from "./save_options.ts";
import type { StoreNode } from "./store_node.ts";
import { givenPath } from "./watch.ts";

/** Local port of the event that a domain is gone. */
const DOMAIN_EXCEPTION_PORT = 1;

/** Writes the state of `daemon`, which does nothing meanwhile. */
export function saveDump(
  daemon: Daemon,
  { listener = -1, events = -1, portOf }: Omit<SaveOptions, "version">,
): Uint8Array {
  const lines: DumpLine[] = [{ kind: "global", fd: listener }];
  if (events >= 0) lines.push({ kind: "evtchn-dev", fd: events, port: DOMAIN_EXCEPTION_PORT });
  for (const { domid, gfn, port, connection } of daemon.domains) {
    const localPort = portOf?.(domid) ?? port;
    lines.push({ kind: "dom", domid, mfn: Number(gfn), remotePort: port, localPort });
    lines.push(...watchLines(connection, domid));
  }
  for (const connection of daemon.connections()) {
    if (connection.kind !== "socket") continue;
    lines.push({ kind: "socket", fd: connection.descriptor });
    lines.push(...watchLines(connection, -connection.descriptor));
  }
  addNodes(lines, daemon, "/", daemon.store.root);
  return writeDump({ lines, isWhole: true });
}

/** Newest first. */
function watchLines({ watches }: Connection, owner: number): DumpLine[] {
  const lines = watches.map((watch): DumpLine => {
    return { kind: "watch", owner, path: givenPath(watch), token: watch.token };
  });
  return lines.reverse();
}

/** A node before what is below it. */
function addNodes(lines: DumpLine[], daemon: Daemon, path: string, node: StoreNode): void {
  const perms = daemon.permsOf(node).map((perm) => {
    return { perm: textOfPerm(perm)[0] as string, flags: 0, domid: perm.domid };
  });
  lines.push({ kind: "store", path, perms, value: node.value });
  const front = path === "/" ? "/" : `${path}/`;
  for (const [name, child] of node.children ?? []) {
    addNodes(lines, daemon, `${front}${name}`, child);
  }
}
