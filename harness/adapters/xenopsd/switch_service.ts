/**
 * The service behind a message switch: it takes requests from its queue, answers each, and only
 * then acknowledges it. So what was not answered before a crash is delivered again.
 *
 * Source: xen-api, ocaml/xapi-idl/lib/xcp_service.ml. What is no request at all, or one of a method
 * that nobody knows, is answered with bare text, as the known implementation does it.
 *
 * @module
 */
import {
  JsonError,
  RequestError,
  RpcDict,
  type RpcValue,
  readJson,
  readRequest,
  writeFailure,
  writeJson,
  writeResult,
} from "../../../src/xenops_interface/mod.ts";
import type { Perform } from "./api_server.ts";
import { SwitchLink } from "./switch_link.ts";

/** Queue of the service: of xenopsd with libxc, as clients of Xen know it. */
export const SERVICE_QUEUE = "org.xen.xapi.xenops.classic";
const POLL_S = 30;
/** How long to wait for a switch that is not there. */
const RETRY_MS = 5000;

export class SwitchService {
  readonly #path: string;
  readonly #token: string;
  readonly #perform: Perform;
  readonly #stopped = new AbortController();
  #links: readonly SwitchLink[] = [];

  /** `token` tells this process from others at the switch. */
  constructor(path: string, token: string, perform: Perform) {
    this.#path = path;
    this.#token = token;
    this.#perform = perform;
  }

  /** Connects, throws if it cannot the first time, and serves until it is stopped. */
  async start(): Promise<void> {
    const polls = await this.#connect();
    void this.#goOn(polls);
  }

  stop(): void {
    this.#stopped.abort();
    for (const link of this.#links) link.close();
  }

  async #connect(): Promise<() => Promise<void>> {
    for (const link of this.#links) link.close();
    const [events, answers] = [
      await SwitchLink.open(this.#path, this.#token),
      await SwitchLink.open(this.#path, this.#token),
    ];
    this.#links = [events, answers];
    await answers.ask("GET", `/persistent/${SERVICE_QUEUE}`);
    let from: string | undefined;
    return async () => {
      const body = new RpcDict([
        ...(from === undefined ? [] : [["from", from] as const]),
        ["timeout", POLL_S],
        ["queues", [SERVICE_QUEUE]],
      ]);
      const reply = readJson(await events.ask("POST", "/transfer", writeJson(body)));
      const { messages, next } = transferOf(reply);
      for (const message of messages) void this.#answer(message, answers);
      if (messages.length > 0) from = next;
    };
  }

  async #goOn(first: () => Promise<void>): Promise<void> {
    let poll = first;
    while (!this.#stopped.signal.aborted) {
      try {
        await poll();
      } catch {
        if (this.#stopped.signal.aborted) return;
        await this.#pause();
        poll = await this.#connect().catch(() => poll);
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.#stopped.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #answer({ queue, number, payload, replyTo }: Delivery, link: SwitchLink): Promise<void> {
    const reply = await this.#replyTo(payload);
    if (this.#stopped.signal.aborted) return;
    try {
      const path = [replyTo, queue, number].map((it) => encodeURIComponent(`${it}`)).join("/");
      await link.ask("POST", `/response/${path}`, reply);
      await link.ask("GET", `/ack/${encodeURIComponent(queue)}/${number}`);
    } catch {
      // The link is gone; what was not acknowledged comes again over the next one.
    }
  }

  async #replyTo(payload: string): Promise<string> {
    try {
      return writeResult(await this.#perform(readRequest(payload), this.#stopped.signal));
    } catch (error) {
      const isBare = error instanceof RequestError || error instanceof JsonError;
      return isBare ? error.message : writeFailure(error);
    }
  }
}

interface Delivery {
  readonly queue: string;
  readonly number: bigint;
  readonly payload: string;
  readonly replyTo: string;
}

/** Requests of a reply to a transfer; throws when it is none. */
function transferOf(reply: RpcValue): { messages: Delivery[]; next: string } {
  const [messages, next] =
    reply instanceof RpcDict ? [reply.get("messages"), reply.get("next")] : [];
  if (!Array.isArray(messages) || typeof next !== "string")
    throw new Error("Cannot read a transfer");
  return { messages: messages.flatMap(deliveryOf), next };
}

function deliveryOf(entry: RpcValue): Delivery[] {
  if (!Array.isArray(entry)) return [];
  const [id, message] = entry as RpcValue[];
  const [queue, number] = Array.isArray(id) ? (id as RpcValue[]) : [];
  const [payload, kind] =
    message instanceof RpcDict ? [message.get("payload"), message.get("kind")] : [];
  const [tag, replyTo] = Array.isArray(kind) ? (kind as RpcValue[]) : [];
  const isRequest = tag === "Request" && typeof replyTo === "string";
  if (typeof queue !== "string" || typeof number !== "bigint") return [];
  return isRequest && typeof payload === "string" ? [{ queue, number, payload, replyTo }] : [];
}
