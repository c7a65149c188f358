/**
 * An embedded implementation behind HTTP on this machine: the body of a POST is a request.
 *
 * @module
 */
import { createServer, type IncomingMessage } from "node:http";
import type { Serving } from "../../place.ts";
import { Connections } from "./connections.ts";
import { MESSAGE_BYTES_MAX, type Message, packed } from "./framing.ts";
import { CONNECTION } from "./http_channel.ts";
import type { Served } from "./served.ts";

/** How often it is looked for those who are gone. */
const SWEEP_MS = 60_000;

export async function serveHttp(served: Served, port: number): Promise<Serving> {
  const connections = new Connections(served);
  const server = createServer(async (request, response) => {
    const answer = request.method === "POST" ? await answerTo(request, connections) : undefined;
    response.statusCode = answer === undefined ? 400 : 200;
    response.setHeader("content-type", "application/json");
    response.end(packed(answer ?? {}, false).text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  const ended = new Promise<void>((resolve) => server.once("close", resolve));
  const sweeping = setInterval(() => void connections.sweep(), SWEEP_MS);
  sweeping.unref?.();
  const stop = async () => {
    clearInterval(sweeping);
    server.close();
    server.closeAllConnections();
    await ended;
    await connections.close();
  };
  return { address: `http://127.0.0.1:${bound}/`, ended, stop };
}

async function answerTo(request: IncomingMessage, connections: Connections) {
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
    const name = String(request.headers[CONNECTION] ?? "");
    return await connections.at(name).answer(message as Message);
  } catch {
    return undefined;
  }
}
