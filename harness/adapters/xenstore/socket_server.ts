/**
 * The model of XenStore as a daemon on a Unix socket and on shared rings: carries octets between
 * clients and the model, and keeps what a client does not read within bounds.
 *
 * A live update goes to whoever is to succeed, with the descriptors of all clients; or, when
 * nobody else is, by way of the saved state into a new model in the same process. Descriptors that
 * a predecessor left can be taken over on Node and Deno.
 *
 * @module
 */
import { createServer, type Server, Socket } from "node:net";
import {
  type Connection,
  Daemon,
  type DaemonOptions,
  restore,
  type Update,
} from "../../../src/xenstore/mod.ts";
import { descriptorOf, isSocket, startReading, stopReading } from "./descriptors.ts";
import { closeLeft, globalOf, NONE } from "./global.ts";
import { leaveListener, listenAt } from "./listener.ts";
import { Outbox } from "./outbox.ts";
import { Rings } from "./rings.ts";
import type { ServerOptions } from "./server_options.ts";
import { type Left, leftBy, type Succession } from "./succession.ts";
import { canRun } from "./successor.ts";

/** How often the clock is looked at while a live update waits for clients. */
const POLL_MS = 50;

export class SocketServer {
  readonly #options: ServerOptions;
  readonly #outbox = new Outbox((connection, socket) => this.#goOn(connection, socket));
  readonly #sockets = this.#outbox.sockets;
  readonly #attachers = new Map<Socket, (connection: Connection) => void>();
  #profile: ServerOptions["profile"];
  #daemon: Daemon;
  #server: Server | undefined;
  #rings: Rings | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What happens when the model has come to rest after an update. */
  #next: (() => void) | undefined;
  #isLeft = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#profile = options.profile;
    const { state } = options;
    this.#daemon = state === undefined ? new Daemon(this.#model()) : this.#restore(state);
  }

  /** A release without live update does not even know how it would be started. */
  #restore(state: Uint8Array): Daemon {
    const { name, hasLiveUpdate } = this.#profile;
    if (!hasLiveUpdate) throw new RangeError(`Cannot restore as ${name} has no live update`);
    return restore(state, this.#model());
  }

  #model(): DaemonOptions {
    return {
      profile: this.#profile,
      perform: (update) => this.#perform(update),
      mayFollow: (path) => this.#options.mayFollow?.(path),
      afterRequest: () => this.#flush(),
      exists: (domid) => this.#rings?.has(domid) ?? false,
    };
  }

  /** Begins to listen, and to serve clients that were taken over. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#daemon.advanceTo(this.#options.now());
    const { state, inherit = false, path, rings } = this.#options;
    const left = state !== undefined && inherit ? globalOf(state) : NONE;
    const daemon = this.#daemon;
    if (rings !== undefined) {
      this.#rings = new Rings(rings, () => this.#look());
      // What was raised is in the FIFO, which has been opened anew.
      if (left.events >= 0) closeLeft(left.events);
    }
    if (inherit) this.#inherit();
    this.#server = createServer((socket) => {
      if (this.#isLeft) socket.destroy();
      else this.#serve(socket, this.#daemon.connect());
    });
    await listenAt(this.#server, left.listener, path);
    if (this.#daemon === daemon) this.#look();
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
    this.#rings?.[Symbol.dispose]();
    for (const socket of this.#sockets.values()) socket.destroy();
    const server = this.#server;
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket, first: Connection): void {
    let connection = first;
    const attach = (next: Connection) => {
      connection = next;
      next.descriptor = descriptorOf(socket) ?? next.id;
      this.#outbox.attend(next, socket);
    };
    this.#attachers.set(socket, attach);
    attach(first);
    socket.on("data", (chunk: Uint8Array) => {
      // A plain view: slices of a Buffer are not copies.
      const octets = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#daemon.receive(connection, octets);
      this.#settle(connection, socket);
    });
    socket.on("drain", () => this.#outbox.unblock(connection, socket));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#outbox.leave(connection);
      this.#attachers.delete(socket);
      if (this.#isLeft) return;
      this.#daemon.disconnect(connection);
      this.#settle(undefined, undefined);
    });
    this.#goOn(first, socket);
  }

  #goOn(connection: Connection, socket: Socket): void {
    if (this.#isLeft) return;
    this.#flush();
    this.#daemon.proceed(connection);
    this.#settle(connection, socket);
    if (socket.isPaused() && connection.waitingOctets === 0 && !this.#isLeft) socket.resume();
  }

  /** A domain, or Xen, has raised an event. */
  #look(): void {
    if (this.#isLeft) return;
    this.#rings?.adopt(this.#daemon, (connection) => this.#outbox.attend(connection));
    this.#rings?.look(this.#daemon);
    this.#settle(undefined, undefined);
  }

  #flush(): void {
    // Between an update and what comes of it, what waits is in the state.
    if (this.#next === undefined && !this.#isLeft) this.#outbox.flush(this.#rings);
  }

  /** After each turn: a successor takes over, bad clients go, slow ones are not read from. */
  #settle(connection: Connection | undefined, socket: Socket | undefined): void {
    this.#rings?.adopt(this.#daemon, (ring) => this.#outbox.attend(ring));
    this.#flush();
    // An update may have waited for no more than that.
    if (this.#daemon.update.pending) this.#daemon.update.poll();
    const next = this.#next;
    this.#next = undefined;
    next?.();
    if (this.#isLeft) return;
    this.#flush();
    if (connection?.closed && this.#sockets.get(connection) === socket) {
      socket?.end();
      this.#daemon.disconnect(connection);
    } else if (connection !== undefined && this.#outbox.isBlocked(connection)) {
      socket?.pause();
    }
    if (this.#daemon.update.pending && this.#timer === undefined) this.#startTimer();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#daemon.advanceTo(this.#options.now());
      this.#settle(undefined, undefined);
    }, this.#options.pollMs ?? POLL_MS);
  }

  /** The state goes through a stream, as into another process, which it may be. */
  #perform(update: Update): string | undefined {
    const { succeed: other, isItself } = this.#options;
    const succeed = isItself?.(update.binary) ? undefined : other;
    if (succeed !== undefined && !canRun(update.binary)) return "Error activating new binary";
    const events = succeed === undefined ? undefined : this.#rings?.openEvents();
    try {
      const [server, sockets] = [this.#server, this.#sockets.values()];
      const left = leftBy(this.#daemon, update, { server, events, sockets });
      if (succeed === undefined) {
        const successor = restore(left.state, this.#model());
        this.#next = () => this.#takeOver(successor);
      } else {
        this.#next = () => this.#leave(succeed, left);
      }
    } catch (error) {
      this.#rings?.closeEvents();
      return error instanceof Error ? error.message : String(error);
    }
    for (const connection of this.#daemon.connections()) connection.closed = true;
    return undefined;
  }

  /** Nothing is read or accepted any more; whoever succeeds says what is to become of us. */
  #leave(succeed: NonNullable<ServerOptions["succeed"]>, left: Left): void {
    this.#isLeft = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const socket of this.#sockets.values()) stopReading(socket);
    this.#rings?.forget();
    const succession: Succession = {
      ...left,
      letGo: () => {
        this.#rings?.[Symbol.dispose]();
        for (const socket of this.#sockets.values()) socket.destroy();
        if (this.#server !== undefined) leaveListener(this.#server, this.#options.path);
      },
      goOn: (profile, state) => {
        this.#profile = profile;
        const successor = this.#restore(state);
        this.#rings?.closeEvents();
        this.#isLeft = false;
        this.#takeOver(successor);
        for (const socket of this.#sockets.values()) startReading(socket);
      },
    };
    void this.#outbox.sent().then(() => succeed(succession));
  }

  /** The model is another one, which has the clients that it knows. */
  #takeOver(successor: Daemon): void {
    const adopted = this.#outbox.handOver(successor);
    this.#rings?.forget();
    this.#daemon = successor;
    successor.advanceTo(this.#options.now());
    for (const [connection, socket] of adopted) this.#attachers.get(socket)?.(connection);
    for (const [connection, socket] of adopted) this.#goOn(connection, socket);
    this.#look();
  }
}
