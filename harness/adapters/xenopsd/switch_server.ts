/**
 * A message switch at a socket, so that clients which know nothing else can reach a service: its
 * verbs are paths of HTTP.
 *
 * Source: xen-api, ocaml/message-switch. A connection belongs to a session by its login; without
 * one it is told to log in. Neither traces nor the pages for administrators are there.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import { RpcDict, type RpcValue, readJson, writeJson } from "../../../src/xenops_interface/mod.ts";
import { CONNECTIONS_MAX } from "./api_server.ts";
import { inTurn, send } from "./connection.ts";
import { HttpReader, type HttpRequest, type HttpResponse, responseText } from "./http_request.ts";
import { type MessageId, type SwitchMessage, SwitchQueues } from "./switch_queues.ts";

/** Seconds that a poll may wait, whatever it asks for. */
const POLL_S_MAX = 60;
const NUMBER = /^\d{1,18}$/;

const OK: HttpResponse = { status: 200, body: "" };
const NOT_FOUND: HttpResponse = { status: 404, body: "" };
const NOT_LOGGED_IN: HttpResponse = { status: 404, body: "Please log in." };
const FULL: HttpResponse = { status: 503, body: "Cannot hold more queues\n" };

export function switchServer(): Server {
  const messageSwitch = new MessageSwitch();
  const server = createServer((socket) => messageSwitch.serve(socket));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

class MessageSwitch {
  readonly #queues = new SwitchQueues();
  /** How many connections each session has. */
  readonly #sessions = new Map<string, number>();
  readonly #polls = new Set<() => void>();

  serve(socket: Socket): void {
    const client = new SwitchClient(this, this.#queues, socket);
    const connection = inTurn(socket, new HttpReader(), async (request) => {
      const response = await client.respond(request);
      send(socket, responseText(response, request.keepAlive), request.keepAlive);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => client.leave());
    socket.on("data", (chunk: Uint8Array) => connection.push(chunk));
  }

  join(session: string): void {
    this.#sessions.set(session, (this.#sessions.get(session) ?? 0) + 1);
  }

  leave(session: string): void {
    const count = (this.#sessions.get(session) ?? 1) - 1;
    if (count > 0) this.#sessions.set(session, count);
    else {
      this.#sessions.delete(session);
      this.#queues.leave(session);
    }
  }

  /** Something was sent. */
  wake(): void {
    for (const poll of [...this.#polls]) poll();
  }

  /** Settles when something was sent, when time is up, or the client gone. */
  wait(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#polls.delete(end);
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      this.#polls.add(end);
      signal.addEventListener("abort", end);
    });
  }
}

class SwitchClient {
  readonly #switch: MessageSwitch;
  readonly #queues: SwitchQueues;
  readonly #gone = new AbortController();
  #session: string | undefined;

  constructor(messageSwitch: MessageSwitch, queues: SwitchQueues, socket: Socket) {
    this.#switch = messageSwitch;
    this.#queues = queues;
    if (socket.destroyed) this.#gone.abort();
  }

  leave(): void {
    this.#gone.abort();
    if (this.#session !== undefined) this.#switch.leave(this.#session);
    this.#session = undefined;
  }

  async respond({ method, path, body }: HttpRequest): Promise<HttpResponse> {
    const [, verb = "", ...words] = path.split("/").map(decoded);
    if (words.includes(undefined)) return NOT_FOUND;
    const [first = "", second = "", third = ""] = words as string[];
    if (method === "GET" && verb === "login" && words.length === 1) return this.#login(first);
    if (this.#session === undefined) return NOT_LOGGED_IN;
    switch (`${method} ${verb} ${words.length}`) {
      case "GET persistent 1":
        return this.#queues.create(first) ? { status: 200, body: first } : FULL;
      case "GET transient 1":
        return this.#queues.create(first, this.#session) ? { status: 200, body: first } : FULL;
      case "GET destroy 1":
        this.#queues.destroy(first);
        return OK;
      case "GET list 1":
        return { status: 200, body: writeJson(this.#queues.list(first)) };
      case "GET ack 2":
        if (!NUMBER.test(second)) return NOT_FOUND;
        this.#queues.ack([first, BigInt(second)]);
        return OK;
      case "POST request 2":
        return this.#send(first, { payload: textOf(body), kind: { replyTo: second } });
      case "POST response 3": {
        if (!NUMBER.test(third)) return NOT_FOUND;
        const answers: MessageId = [second, BigInt(third)];
        return this.#send(first, { payload: textOf(body), kind: { answers } });
      }
      case "POST transfer 0":
        return await this.#transfer(readJson(textOf(body)));
      default:
        return NOT_FOUND;
    }
  }

  #login(session: string): HttpResponse {
    if (this.#session !== undefined) this.#switch.leave(this.#session);
    this.#session = session;
    this.#switch.join(session);
    return OK;
  }

  #send(queue: string, message: SwitchMessage): HttpResponse {
    const id = this.#queues.send(queue, message);
    if (id !== undefined) this.#switch.wake();
    // An option that is no field: a list of none or one.
    return { status: 200, body: writeJson(id === undefined ? [] : [id]) };
  }

  async #transfer(body: RpcValue): Promise<HttpResponse> {
    const asked = pollOf(body);
    if (asked === undefined) return { status: 400, body: "Cannot read a transfer\n" };
    const { from, seconds, queues } = asked;
    const found = () => this.#queues.transfer(from, queues);
    const { signal } = this.#gone;
    if (found().length === 0 && seconds > 0) await this.#pollFor(seconds, signal, found);
    const messages = found();
    const next = messages.at(-1)?.[0][1] ?? from;
    const answer = new RpcDict([
      ["messages", messages.map(([id, message]) => [id, rpcOf(message)])],
      ["next", `${next}`],
    ]);
    return { status: 200, body: writeJson(answer) };
  }

  /** Every message wakes every poll; those that it is not for wait again. */
  async #pollFor(seconds: number, signal: AbortSignal, found: () => unknown[]): Promise<void> {
    let isOver = false;
    const over = setTimeout(() => {
      isOver = true;
      this.#switch.wake();
    }, seconds * 1000);
    while (!isOver && !signal.aborted && found().length === 0) {
      await this.#switch.wait(seconds + 1, signal);
    }
    clearTimeout(over);
  }
}

function rpcOf({ payload, kind }: SwitchMessage): RpcDict {
  const rpc: RpcValue =
    "replyTo" in kind ? ["Request", kind.replyTo] : ["Response", [...kind.answers]];
  return new RpcDict([
    ["payload", payload],
    ["kind", rpc],
  ]);
}

/** What is asked for; `undefined` when it cannot be read. */
function pollOf(body: RpcValue) {
  if (!(body instanceof RpcDict)) return undefined;
  const [from, timeout, queues] = ["from", "timeout", "queues"].map((key) => body.get(key));
  const seconds = Number(timeout);
  if (!Array.isArray(queues) || !queues.every((name) => typeof name === "string")) return undefined;
  if (!(seconds >= 0) || (typeof timeout !== "number" && typeof timeout !== "bigint")) {
    return undefined;
  }
  const isFrom = typeof from === "string" && /^-?\d{1,18}$/.test(from);
  if (from !== undefined && !isFrom) return undefined;
  return {
    from: isFrom ? BigInt(from) : -1n,
    seconds: Math.min(seconds, POLL_S_MAX),
    queues: queues as string[],
  };
}

function decoded(word: string): string | undefined {
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8");
}
