/**
 * The socket at which a daemon listens: made at a path, or taken over from a predecessor, and left
 * to a successor.
 *
 * @module
 */
import { chmodSync, renameSync, unlinkSync } from "node:fs";
import { createConnection, type Server } from "node:net";
import { isSocket } from "./descriptors.ts";

/** Listens at the descriptor `fd` when that is a socket, and else at `path`. */
export async function listenAt(server: Server, fd: number, path: string): Promise<void> {
  if (isSocket(fd)) return await listening(server, { fd });
  if (await isInUse(path)) throw new RangeError(`Cannot listen at "${path}" as it is in use`);
  try {
    unlinkSync(path);
  } catch {
    // There is nothing in the way.
  }
  await listening(server, { path });
  chmodSync(path, 0o600);
}

/** Closes a server whose path goes on to be that of somebody else; closing unlinks it. */
export function leaveListener(server: Server, path: string): void {
  const aside = `${path}.aside`;
  try {
    renameSync(path, aside);
  } catch {
    // Another one may have it already.
    server.close();
    return;
  }
  server.close();
  renameSync(aside, path);
}

function listening(server: Server, at: { path: string } | { fd: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, () => resolve());
  });
}

/** Somebody answers there. */
function isInUse(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
