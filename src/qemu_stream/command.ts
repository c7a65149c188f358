/**
 * Commands: orders to the other side between the sections.
 *
 * Source: QEMU, migration/savevm.c, loadvm_process_command().
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import { WriteError } from "./error.ts";
import type { Sink } from "./sink.ts";
import { type Command, PACKAGED, PARTS } from "./stream.ts";

/** Octets of a packaged command: how long the package is. */
const PACKAGE_HEAD = 4;

/** Reads a command whose first octet, at `offset`, was read. */
export function readCommand(cursor: Cursor, offset: number): Command {
  cursor.trail.push("COMMAND");
  const command = cursor.u16("command");
  const size = cursor.u16("length");
  const { at } = cursor;
  if (command === PACKAGED && size !== PACKAGE_HEAD) {
    throw cursor.error(`must be ${PACKAGE_HEAD}: current value is ${size}`, "length", at - 2);
  }
  // Copied, as what stands around them is not held.
  const octets = new Uint8Array(cursor.take(size, "data"));
  cursor.trail.pop();
  return { kind: "command", offset, command, octets };
}

export function writeCommand(sink: Sink, { command, octets }: Command): void {
  if (octets.length > 0xffff) {
    throw new WriteError(`Cannot write a command as it has ${octets.length} octets, over 65535`);
  }
  sink.u8(PARTS.COMMAND);
  sink.u16(command);
  sink.u16(octets.length);
  sink.put(octets);
}
