/**
 * The interface at a socket: JSON-RPC and XML-RPC by HTTP POST, and JSON behind sixteen digits.
 *
 * Source: xen-api, ocaml/xapi-idl/lib/xcp_service.ml. XML and JSON are told apart by content type,
 * and where that says nothing, by the first character. What is no POST is not found. Requests of
 * one connection are answered one after the other.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import {
  type Request,
  type RpcValue,
  readRequest,
  readXmlRequest,
  writeFailure,
  writeResult,
  writeXmlFailure,
  writeXmlResult,
} from "../../../src/xenops_interface/mod.ts";
import { type Connection, inTurn, send } from "./connection.ts";
import { FramedReader, framed } from "./framed_request.ts";
import {
  HttpError,
  HttpReader,
  type HttpRequest,
  type HttpResponse,
  responseText,
} from "./http_request.ts";

/** Performs a request; throws what it fails with. */
export type Perform = (request: Request, signal?: AbortSignal) => Promise<RpcValue>;

/** Connections at once; another one is refused. */
export const CONNECTIONS_MAX = 1024;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A server that has to be told where to listen. */
export function apiServer(perform: Perform): Server {
  const server = createServer((socket) => serve(socket, perform));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

/** The answer to a body of JSON, whatever it is. */
export async function answerJson(
  body: Uint8Array,
  perform: Perform,
  signal?: AbortSignal,
): Promise<string> {
  try {
    return writeResult(await perform(readRequest(textOf(body)), signal));
  } catch (error) {
    return writeFailure(error);
  }
}

async function answerXml(body: Uint8Array, perform: Perform, signal: AbortSignal): Promise<string> {
  try {
    return writeXmlResult(await perform(readXmlRequest(textOf(body)), signal));
  } catch (error) {
    return writeXmlFailure(error);
  }
}

function serve(socket: Socket, perform: Perform): void {
  const gone = new AbortController();
  socket.on("error", () => socket.destroy());
  socket.on("close", () => gone.abort());
  socket.once("data", (first: Uint8Array) => {
    const isFramed = first[0] !== undefined && first[0] >= 0x30 && first[0] <= 0x39;
    const connection = isFramed
      ? framedConnection(socket, perform, gone.signal)
      : httpConnection(socket, perform, gone.signal);
    socket.on("data", (chunk: Uint8Array) => connection.push(chunk));
    connection.push(first);
  });
}

function httpConnection(socket: Socket, perform: Perform, signal: AbortSignal): Connection {
  const reader = new HttpReader();
  return inTurn(socket, reader, async (request) => {
    const response = await respond(request, perform, signal);
    send(socket, responseText(response, request.keepAlive), request.keepAlive);
  });
}

function framedConnection(socket: Socket, perform: Perform, signal: AbortSignal): Connection {
  return inTurn(socket, new FramedReader(), async (body) => {
    send(socket, framed(await answerJson(body, perform, signal)));
  });
}

async function respond(
  request: HttpRequest,
  perform: Perform,
  signal: AbortSignal,
): Promise<HttpResponse> {
  if (request.method !== "POST") return { status: 404, body: "" };
  const { contentType, body } = request;
  if (isXml(contentType, body)) {
    return { status: 200, body: await answerXml(body, perform, signal), contentType: "text/xml" };
  }
  const answer = await answerJson(body, perform, signal);
  return { status: 200, body: answer, contentType: "application/json" };
}

function isXml(contentType: string, body: Uint8Array): boolean {
  if (/xml/i.test(contentType)) return true;
  if (/json/i.test(contentType)) return false;
  return body.find((octet) => octet > 0x20) === 0x3c;
}

function textOf(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new HttpError(400, "UTF-8", "other octets");
  }
}
