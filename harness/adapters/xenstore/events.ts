/**
 * The FIFO by which domains raise their event channels at a stand-in for Xen: a port of four
 * octets for each event.
 *
 * Node waits for it as for a socket. Deno and Bun cannot, so there it is looked at each
 * millisecond.
 *
 * @module
 */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { Socket } from "node:net";

/** Time between two looks. */
const LOOK_MS = 1;
const BUFFER_LENGTH = 4096;

const waits = process.versions.bun === undefined && process.versions.deno === undefined;

/** Calls `hear` when something has been raised, until the result is disposed of. */
export function eventsAt(path: string, hear: () => void): Disposable {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  if (!waits) return lookedAt(fd, hear);
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on("data", hear);
  socket.on("error", () => socket.destroy());
  return { [Symbol.dispose]: () => void socket.destroy() };
}

function lookedAt(fd: number, hear: () => void): Disposable {
  const buffer = new Uint8Array(BUFFER_LENGTH);
  const timer = setInterval(() => {
    if (hasOctets(fd, buffer)) hear();
  }, LOOK_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}

function hasOctets(fd: number, buffer: Uint8Array): boolean {
  try {
    return readSync(fd, buffer) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
    throw error;
  }
}
