/**
 * The second client behind a message switch, as the one of xapi does it: two connections of one
 * session, a queue for answers, and answers told apart by the id that the switch gave the request.
 *
 * Source: xen-api, ocaml/message-switch, and nothing of our server's code.
 *
 * @module
 */
import type { NetConnectOpts } from "node:net";
import { ClientConnection } from "./client_connection.ts";
import { type Json, jsonText, parseJson } from "./client_json.ts";

const POLL_S = 30;

export class ClientSwitch {
  readonly #requests: ClientConnection;
  readonly #events: ClientConnection;
  readonly #service: string;
  readonly #replies: string;
  readonly #waiting = new Map<string, (payload: string) => void>();
  #from: string | undefined;
  #isClosed = false;

  private constructor(at: NetConnectOpts, service: string, replies: string) {
    this.#requests = new ClientConnection(at);
    this.#events = new ClientConnection(at);
    this.#service = service;
    this.#replies = replies;
  }

  static async open(at: NetConnectOpts, service: string, name: string): Promise<ClientSwitch> {
    const client = new ClientSwitch(at, service, name);
    for (const connection of [client.#requests, client.#events]) {
      await demand(connection.http("GET", `/login/${name}`));
    }
    await demand(client.#requests.http("GET", `/transient/${name}`));
    await demand(client.#requests.http("GET", `/persistent/${service}`));
    void client.#listen();
    return client;
  }

  /** Sends a payload, and waits for the payload of its answer. */
  async exchange(payload: string): Promise<string> {
    const path = `/request/${this.#service}/${this.#replies}`;
    const id = parseJson(await demand(this.#requests.http("POST", path, payload)));
    // An id, or a list of none or one: switches answer in either way.
    const found = Array.isArray(id) && Array.isArray(id[0]) ? id[0] : id;
    if (!Array.isArray(found) || found.length !== 2) throw new Error("The switch took no request");
    return await new Promise((resolve) => this.#waiting.set(found.join(), resolve));
  }

  close(): void {
    this.#isClosed = true;
    this.#requests.close();
    this.#events.close();
  }

  async #listen(): Promise<void> {
    while (!this.#isClosed) {
      const from: { [key: string]: Json } = this.#from === undefined ? {} : { from: this.#from };
      const body = jsonText({ ...from, timeout: POLL_S, queues: [this.#replies] });
      const reply = await demand(this.#events.http("POST", "/transfer", body)).catch(
        () => undefined,
      );
      if (reply === undefined) return;
      const { messages, next } = parseJson(reply) as { messages: Json[]; next: string };
      if (messages.length > 0) this.#from = next;
      for (const message of messages) await this.#take(message);
    }
  }

  async #take(message: Json): Promise<void> {
    const [[queue, number], { payload, kind }] = message as unknown as [
      [string, number],
      { payload: string; kind: [string, [string, number]] },
    ];
    const id = kind[1].join();
    this.#waiting.get(id)?.(payload);
    this.#waiting.delete(id);
    await this.#events.http("GET", `/ack/${queue}/${number}`).catch(() => {});
  }
}

async function demand(answer: Promise<{ status: number; body: string }>): Promise<string> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`The switch answers ${status}: ${body}`);
  return body;
}
