/**
 * The model of XenStore as a daemon on a Unix socket: carries octets between clients and the
 * model, and keeps what a client does not read within bounds.
 *
 * A live update goes by way of a stream into a new model in the same process; descriptors that a
 * predecessor left can be taken over on Node and Deno.
 *
 * @module
 */
import { chmodSync, fstatSync, unlinkSync } from "node:fs";
import { createConnection, createServer, type Server, Socket } from "node:net";
import {
  type Connection,
  Daemon,
  type DaemonOptions,
  type Profile,
  restore,
  save,
  type Update,
} from "../../../src/xenstore/mod.ts";
import { readStream } from "../../../src/xenstore_stream/mod.ts";

/** How often the clock is looked at while a live update waits for transactions to end. */
const POLL_MS = 50;

export interface ServerOptions {
  readonly profile: Profile;
  readonly path: string;
  /** State of a predecessor. */
  readonly state?: Uint8Array;
  /** Its descriptors are ours: the process is the same. */
  readonly inherit?: boolean;
  /** Seconds. */
  readonly now: () => number;
}

export class SocketServer {
  readonly #options: ServerOptions;
  readonly #sockets = new Map<Connection, Socket>();
  readonly #waiting = new Set<Connection>();
  #daemon: Daemon;
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  #successor: Daemon | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { state } = options;
    this.#daemon = state === undefined ? new Daemon(this.#model()) : restore(state, this.#model());
  }

  #model(): DaemonOptions {
    return {
      profile: this.#options.profile,
      perform: (update) => this.#perform(update),
      afterRequest: () => this.#flush(),
    };
  }

  /** Begins to listen, and to serve clients that were taken over. */
  async start(): Promise<void> {
    this.#daemon.advanceTo(this.#options.now());
    const { state, inherit = false, path } = this.#options;
    const fd = state !== undefined && inherit ? listenerOf(state) : -1;
    if (inherit) this.#inherit();
    this.#server = createServer((socket) => this.#serve(socket, this.#daemon.connect()));
    if (fd >= 0) await listening(this.#server, { fd });
    else await this.#listenAt(this.#server, path);
  }

  async #listenAt(server: Server, path: string): Promise<void> {
    if (await isInUse(path)) throw new RangeError(`Cannot listen at "${path}" as it is in use`);
    try {
      unlinkSync(path);
    } catch {
      // There is nothing in the way.
    }
    await listening(server, { path });
    chmodSync(path, 0o600);
  }

  #inherit(): void {
    for (const connection of this.#daemon.connections()) {
      const { descriptor: fd, kind } = connection;
      if (kind !== "socket") continue;
      if (isSocket(fd)) this.#serve(new Socket({ fd, readable: true, writable: true }), connection);
      else this.#daemon.disconnect(connection);
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    for (const socket of this.#sockets.values()) socket.destroy();
    const server = this.#server;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket, first: Connection): void {
    let connection = first;
    const attach = (next: Connection) => {
      connection = next;
      this.#sockets.set(next, socket);
      next.descriptor = descriptorOf(socket, next);
      next.onWaiting = (it) => this.#waiting.add(it);
      if (next.waitingOctets > 0) this.#waiting.add(next);
    };
    this.#attachers.set(socket, attach);
    attach(first);
    socket.on("data", (chunk: Uint8Array) => {
      // A plain view: slices of a Buffer are not copies.
      const octets = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#daemon.receive(connection, octets);
      this.#settle(connection, socket);
    });
    socket.on("drain", () => this.#goOn(connection, socket));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(connection);
      this.#waiting.delete(connection);
      this.#attachers.delete(socket);
      this.#daemon.disconnect(connection);
      this.#settle(undefined, undefined);
    });
    this.#goOn(first, socket);
  }

  readonly #attachers = new Map<Socket, (connection: Connection) => void>();

  #goOn(connection: Connection, socket: Socket): void {
    this.#flush();
    this.#daemon.proceed(connection);
    this.#settle(connection, socket);
    if (socket.isPaused() && connection.waitingOctets === 0) socket.resume();
  }

  /** Sends what waits, to whoever reads. */
  #flush(): void {
    for (const connection of this.#waiting) {
      const socket = this.#sockets.get(connection);
      if (socket?.writableNeedDrain) continue;
      this.#waiting.delete(connection);
      const octets = connection.output();
      if (octets.length > 0) socket?.write(octets);
    }
  }

  /** After each turn: a successor takes over, bad clients go, slow ones are not read from. */
  #settle(connection: Connection | undefined, socket: Socket | undefined): void {
    if (this.#successor !== undefined) this.#takeOver(this.#successor);
    this.#flush();
    if (connection?.closed && this.#sockets.get(connection) === socket) {
      socket?.end();
      this.#daemon.disconnect(connection);
    } else if (socket?.writableNeedDrain) {
      socket.pause();
    }
    if (this.#daemon.update.pending && this.#timer === undefined) this.#startTimer();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#daemon.advanceTo(this.#options.now());
      this.#settle(undefined, undefined);
    }, POLL_MS);
  }

  /** The state goes through a stream, as into another process. */
  #perform(update: Update): string | undefined {
    try {
      const version = update.version === 2 ? 2 : 1;
      const state = save(this.#daemon, { version, update });
      this.#successor = restore(state, this.#model());
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    for (const connection of this.#daemon.connections()) connection.closed = true;
    return undefined;
  }

  #takeOver(successor: Daemon): void {
    this.#successor = undefined;
    const byDescriptor = new Map([...this.#sockets].map(([it, socket]) => [it.descriptor, socket]));
    this.#sockets.clear();
    this.#waiting.clear();
    this.#daemon = successor;
    successor.advanceTo(this.#options.now());
    const adopted: [Connection, Socket][] = [];
    for (const connection of successor.connections()) {
      if (connection.kind !== "socket") continue;
      const socket = byDescriptor.get(connection.descriptor);
      if (socket === undefined) continue;
      this.#attachers.get(socket)?.(connection);
      adopted.push([connection, socket]);
    }
    for (const [connection, socket] of adopted) this.#goOn(connection, socket);
  }
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

function isSocket(fd: number): boolean {
  try {
    return fd >= 0 && fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

function listenerOf(state: Uint8Array): number {
  const found = readStream(state).records.find(({ kind }) => kind === "GLOBAL_DATA");
  const fd = found?.kind === "GLOBAL_DATA" ? found.rwSocketFd : -1;
  return isSocket(fd) ? fd : -1;
}

/** The descriptor where the runtime tells it, and a number of our own elsewhere. */
function descriptorOf(socket: Socket, { id }: Connection): number {
  const { _handle } = socket as unknown as { _handle?: { fd?: number } };
  return _handle?.fd ?? id;
}
