/**
 * Where an adapter is served: standard input and output, a Unix socket, or HTTP on this machine.
 *
 * @module
 */
import { createServer, type Socket } from "node:net";
import type { Place, Serving } from "../../place.ts";
import { FramingError, type Message, MessageReader, packed } from "./framing.ts";
import { serveHttp } from "./http_server.ts";
import { CODES } from "./messages.ts";
import type { Served } from "./served.ts";
import { AdapterServer } from "./server.ts";

export function serveAt(served: Served, place: Place): Promise<Serving> {
  if (place.kind === "stdio") return Promise.resolve(serveStdio(served));
  if (place.kind === "socket") return serveSocket(served, place.path);
  return serveHttp(served, place.port);
}

/** Answers messages of one connection, one after the other. */
class Conversation {
  readonly #server: AdapterServer;
  readonly #reader: MessageReader;
  readonly #write: (octets: string | Uint8Array) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(served: Served, write: (octets: string | Uint8Array) => void) {
    this.#server = new AdapterServer(served, true);
    this.#reader = new MessageReader((message) => this.#hear(message));
    this.#write = write;
  }

  take(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      const answer = {
        jsonrpc: "2.0",
        id: null,
        error: { code: CODES.parse, message: error.message },
      };
      this.#write(`${JSON.stringify(answer)}\n`);
    }
  }

  #say(answer: Message): void {
    const { frames } = this.#server;
    const { text, octets } = packed(answer, frames);
    this.#write(`${text}\n`);
    if (octets !== undefined) this.#write(octets);
    // They come from now on; hello had none.
    this.#reader.frames = frames;
  }

  async end(): Promise<void> {
    await this.#last;
    await this.#server.close();
  }

  #hear(message: Message): void {
    this.#last = this.#last.then(async () => {
      const answer = await this.#server.answer(message);
      if (answer !== undefined) this.#say(answer);
    });
  }
}

function serveStdio(served: Served): Serving {
  const { stdin, stdout } = process;
  const conversation = new Conversation(served, (octets) => void stdout.write(octets));
  stdout.on("error", () => stdin.destroy());
  stdin.on("data", (chunk: Buffer) => conversation.take(chunk));
  const ended = new Promise<void>((resolve) => stdin.once("close", resolve));
  stdin.once("end", () => stdin.destroy());
  const stop = async () => {
    stdin.destroy();
    await conversation.end();
  };
  return { address: "", ended, stop };
}

async function serveSocket(served: Served, path: string): Promise<Serving> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const conversation = new Conversation(served, (octets) => void socket.write(octets));
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => conversation.take(chunk));
    socket.on("close", () => {
      sockets.delete(socket);
      void conversation.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  const ended = new Promise<void>((resolve) => server.once("close", resolve));
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  return { address: path, ended, stop };
}
