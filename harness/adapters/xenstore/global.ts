/**
 * Descriptors that a saved state names and that belong to no connection.
 *
 * @module
 */
import { closeSync } from "node:fs";
import { isDump, readDump, readStream } from "../../../src/xenstore_stream/mod.ts";

/** Descriptors of the process that belong to no connection; -1 for none. */
export interface Global {
  readonly listener: number;
  readonly events: number;
}

export const NONE: Global = { listener: -1, events: -1 };

/** What a predecessor has left in this process, by a state that can be restored. */
export function globalOf(state: Uint8Array): Global {
  if (isDump(state)) return globalOfDump(state);
  const found = readStream(state).records.find(({ kind }) => kind === "GLOBAL_DATA");
  if (found?.kind !== "GLOBAL_DATA") return NONE;
  return { listener: found.rwSocketFd, events: found.evtchnFd };
}

/** Closes a descriptor that a predecessor left. Deno may not know it: then it stays open. */
export function closeLeft(fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBADF") throw error;
  }
}

function globalOfDump(state: Uint8Array): Global {
  const global = { ...NONE };
  for (const line of readDump(state).lines) {
    if (line.kind === "global") global.listener = line.fd;
    if (line.kind === "evtchn-dev") global.events = line.fd;
  }
  return global;
}
