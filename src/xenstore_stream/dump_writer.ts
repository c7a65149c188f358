/**
 * Lines to oxenstored's text dump. What was read and not changed is written as the same octets.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { OctetView } from "../bytes/octet_view.ts";
import { DUMP_IDENT, type Dump, type DumpLine } from "./dump.ts";
import { WriteError } from "./error.ts";
import { STREAM_SIZE_MAX } from "./layout.ts";
import type { Perm } from "./record.ts";

/** Writes a dump; the first line is added. */
export function writeDump({ lines, isWhole }: Dump): Uint8Array {
  const pieces = lines.map((line) => line.text ?? textOf(line));
  const size = pieces.reduce((sum, piece) => sum + piece.length + 1, DUMP_IDENT.length + 1);
  if (size > STREAM_SIZE_MAX) {
    throw new WriteError(
      `Cannot write a dump of more than ${STREAM_SIZE_MAX} octets: current size is ${size}`,
    );
  }
  const octets = new Uint8Array(isWhole ? size : size - 1);
  const view = new OctetView(octets, true);
  view.putText(0, DUMP_IDENT);
  let at = DUMP_IDENT.length;
  for (const piece of pieces) {
    octets[at] = 10;
    view.putText(at + 1, piece);
    at += 1 + piece.length;
  }
  if (isWhole) octets[at] = 10;
  return octets;
}

function textOf(line: DumpLine): string {
  switch (line.kind) {
    case "global":
    case "socket":
      return `${line.kind},${line.fd}`;
    case "evtchn-dev":
      return `${line.kind},${line.fd},${line.port}`;
    case "dom": {
      const text = `dom,${line.domid},${line.mfn},${line.remotePort}`;
      return line.localPort === undefined ? text : `${text},${line.localPort}`;
    }
    case "watch":
      return `watch,${line.owner},${hexOf(line.path)},${hexOf(line.token)}`;
    case "store":
      return `store,${hexOf(line.path)},${hexOf(permsText(line.perms))},${toHex(line.value)}`;
    case "ignored":
      return line.text;
  }
}

function permsText(perms: readonly Perm[]): string {
  return perms.map(({ perm, domid }) => `${perm}${domid}`).join("\0");
}

function hexOf(text: string): string {
  const octets = new Uint8Array(text.length);
  new OctetView(octets, true).putText(0, text);
  return toHex(octets);
}
