/**
 * Where a server listens: at a path, or at a port of the loopback interface. It ends with all of
 * its connections, once what was written to them has gone out.
 *
 * @module
 */
import { chmodSync, statSync, unlinkSync } from "node:fs";
import { createConnection, type Server, type Socket } from "node:net";

export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async at(server: Server, place: string | number): Promise<Listener> {
    const listener = new Listener(server);
    if (typeof place === "string") await makeWay(place);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      if (typeof place === "string") server.listen(place, () => resolve());
      else server.listen(place, "127.0.0.1", () => resolve());
    });
    if (typeof place === "string") chmodSync(place, 0o600);
    return listener;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
    await closed;
  }
}

/** Removes a socket at which nobody listens; anything else stays. */
async function makeWay(path: string): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const isInUse = await new Promise<boolean>((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (isInUse) throw new RangeError(`Cannot listen at "${path}" as it is in use`);
  unlinkSync(path);
}
