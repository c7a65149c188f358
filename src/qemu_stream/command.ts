/**
 * Commands: orders to the other side between the sections.
 *
 * Source: QEMU, migration/savevm.c, loadvm_process_command().
 *
 * @module
 */

import { OctetView } from "../bytes/octet_view.ts";
import type { Cursor } from "./cursor.ts";
import { WriteError } from "./error.ts";
import type { Sink } from "./sink.ts";
import { type Command, PACKAGED, PARTS } from "./stream.ts";

/** Reads a command whose first octet, at `offset`, was read. */
export function readCommand(cursor: Cursor, offset: number): Command {
  cursor.trail.push("COMMAND");
  const command = cursor.u16("command");
  const size = cursor.u16("length");
  const { at } = cursor;
  // Copied, as what stands around them is not held.
  const octets = new Uint8Array(cursor.take(size, "data"));
  const read = { kind: "command", offset, command, octets } as const;
  let packaged: Uint8Array | undefined;
  if (command === PACKAGED) {
    if (size !== 4) throw cursor.error(`must be 4: current value is ${size}`, "length", at - 2);
    packaged = new Uint8Array(cursor.take(new OctetView(octets, false).u32(0), "package"));
  }
  cursor.trail.pop();
  return packaged === undefined ? read : { ...read, packaged };
}

export function writeCommand(sink: Sink, { command, octets, packaged }: Command): void {
  if (octets.length > 0xffff) {
    throw new WriteError(`Cannot write a command as it has ${octets.length} octets, over 65535`);
  }
  sink.u8(PARTS.COMMAND);
  sink.u16(command);
  sink.u16(octets.length);
  sink.put(octets);
  if (packaged !== undefined) sink.put(packaged);
}
