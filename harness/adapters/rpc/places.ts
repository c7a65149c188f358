/**
 * Where an adapter is served: standard input and output, a Unix socket, or HTTP on this machine.
 *
 * @module
 */
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type Socket } from "node:net";
import type { Place, Serving } from "../../place.ts";
import { FramingError, MESSAGE_BYTES_MAX, type Message, MessageReader } from "./framing.ts";
import { CODES } from "./messages.ts";
import { AdapterServer, type Served } from "./server.ts";

export function serveAt(served: Served, place: Place): Promise<Serving> {
  if (place.kind === "stdio") return Promise.resolve(serveStdio(served));
  if (place.kind === "socket") return serveSocket(served, place.path);
  return serveHttp(served, place.port);
}

/** Answers messages of one connection, one after the other. */
class Conversation {
  readonly #server: AdapterServer;
  readonly #reader: MessageReader;
  readonly #write: (text: string) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(served: Served, write: (text: string) => void) {
    this.#server = new AdapterServer(served);
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

  async end(): Promise<void> {
    await this.#last;
    await this.#server.close();
  }

  #hear(message: Message): void {
    this.#last = this.#last.then(async () => {
      const answer = await this.#server.answer(message);
      if (answer !== undefined) this.#write(`${JSON.stringify(answer)}\n`);
    });
  }
}

function serveStdio(served: Served): Serving {
  const { stdin, stdout } = process;
  const conversation = new Conversation(served, (text) => void stdout.write(text));
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
    const conversation = new Conversation(served, (text) => void socket.write(text));
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

/** All requests are one conversation: HTTP has no connections that mean something. */
async function serveHttp(served: Served, port: number): Promise<Serving> {
  const adapter = new AdapterServer(served);
  const server = createHttpServer(async (request, response) => {
    const answer = request.method === "POST" ? await answerTo(request, adapter) : undefined;
    response.statusCode = answer === undefined ? 400 : 200;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  const ended = new Promise<void>((resolve) => server.once("close", resolve));
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await ended;
    await adapter.close();
  };
  return { address: `http://127.0.0.1:${bound}/`, ended, stop };
}

async function answerTo(request: IncomingMessage, adapter: AdapterServer) {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MESSAGE_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  try {
    const message: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof message !== "object" || message === null) return undefined;
    return await adapter.answer(message as Message);
  } catch {
    return undefined;
  }
}
