/**
 * A client of a daemon: asks over some carrier of octets, and keeps what it is sent in its inbox.
 *
 * @module
 */
import type {
  WatchEvent,
  XenstoreConnection,
  XenstoreReply,
  XenstoreRequest,
} from "../../facets/xenstore.ts";
import { read } from "../../facets/xenstore_requests.ts";
import type { Inbox } from "./inbox.ts";
import { encodeRequest } from "./message.ts";
import type { Trace } from "./trace.ts";

/** Carries octets between a client and its daemon. */
export interface Carrier extends Disposable {
  readonly inbox: Inbox;
  /** Sends octets once the carrier stands. */
  send(octets: Uint8Array): Promise<void>;
  /** Somebody waits for what the daemon has to say; before that it need not be heard. */
  listen(): void;
}

export class Connection implements XenstoreConnection {
  readonly #carrier: Carrier;
  readonly #trace: Trace | undefined;
  #reqId = 0;

  /** `trace` hears of every message, both ways. */
  constructor(carrier: Carrier, trace?: Trace) {
    this.#carrier = carrier;
    this.#trace = trace;
    if (trace !== undefined) carrier.inbox.onMessage = (message) => trace.came(message);
  }

  async ask(request: XenstoreRequest, txid = 0): Promise<XenstoreReply> {
    await this.post(request, txid);
    return await this.answer();
  }

  post({ kind, body }: XenstoreRequest, txid = 0): Promise<void> {
    this.#reqId++;
    this.#trace?.asks(kind, body, txid);
    return this.#carrier.send(encodeRequest(kind, this.#reqId, txid, body));
  }

  send(octets: string): Promise<void> {
    this.#trace?.sends(octets);
    return this.#carrier.send(Buffer.from(octets, "latin1"));
  }

  answer(): Promise<XenstoreReply> {
    const reply = this.#carrier.inbox.next();
    this.#carrier.listen();
    return reply;
  }

  /** A daemon sends events in order with its answers, so a question brings all that there are. */
  async events(): Promise<readonly WatchEvent[]> {
    await this.ask(read("/"));
    return this.#carrier.inbox.takeEvents();
  }
}
