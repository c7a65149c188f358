/**
 * Descriptors of this process, and those behind sockets of the runtime.
 *
 * @module
 */
import { fstatSync, readlinkSync } from "node:fs";
import type { Server, Socket } from "node:net";

/** Descriptors of this process. */
export const DESCRIPTORS = "/proc/self/fd";

/** What the runtimes keep behind a socket or server; none of them documents it. */
interface Handle {
  readonly _handle?: { readonly fd?: number; readStop?(): unknown; readStart?(): unknown };
}

/** The descriptor where the runtime tells it. */
export function descriptorOf(socket: Socket | Server): number | undefined {
  return (socket as unknown as Handle)._handle?.fd;
}

/** Nothing more is read, not even into a buffer: it is for somebody else. */
export function stopReading(socket: Socket): void {
  (socket as unknown as Handle)._handle?.readStop?.();
  socket.pause();
}

export function startReading(socket: Socket): void {
  (socket as unknown as Handle)._handle?.readStart?.();
  socket.resume();
}

/** Deno asks only after what it opened or was told of; there the system says more. */
export function isSocket(fd: number): boolean {
  if (targetOf(fd).startsWith("socket:")) return true;
  try {
    return fd >= 0 && fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

/** What is behind a descriptor of this process, as the system tells it apart; "" for nothing. */
export function targetOf(fd: number): string {
  try {
    return readlinkSync(`${DESCRIPTORS}/${fd}`);
  } catch {
    return "";
  }
}
