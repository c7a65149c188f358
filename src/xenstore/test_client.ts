/**
 * A client of a daemon for tests: sends requests and sorts what comes back.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { Daemon } from "./daemon.ts";
import { octetsOf, textOf } from "./text.ts";
import { encodeMessage, HEADER_LENGTH, lengthAt, TYPE, type TypeName } from "./wire.ts";

export class TestClient {
  daemon: Daemon;
  connection: Connection;
  /** Events that came, oldest first. */
  readonly events: string[] = [];
  #answer: { readonly type: number; readonly body: Uint8Array } | undefined;

  constructor(daemon: Daemon, connection: Connection = daemon.connect()) {
    this.daemon = daemon;
    this.connection = connection;
  }

  /** Sends a request; the answer's text, or `undefined` when there is none yet. */
  ask(name: TypeName, body: string, txId = 0): string | undefined {
    return this.send(TYPE[name], txId, octetsOf(body));
  }

  send(type: number, txId: number, body: Uint8Array): string | undefined {
    this.daemon.receive(this.connection, encodeMessage(type, { reqId: 7, txId }, body));
    return this.answer();
  }

  /** Takes what waits; the text of the last answer. */
  answer(): string | undefined {
    this.#answer = undefined;
    const octets = this.connection.output();
    for (let at = 0; at < octets.length; ) {
      const body = octets.slice(at + HEADER_LENGTH, at + HEADER_LENGTH + lengthAt(octets, at));
      const type = octets[at] as number;
      if (type === TYPE.WATCH_EVENT) this.events.push(textOf(body));
      else this.#answer = { type, body };
      at += HEADER_LENGTH + body.length;
    }
    return this.#answer === undefined ? undefined : textOf(this.#answer.body);
  }

  get refused(): boolean {
    return this.#answer?.type === TYPE.ERROR;
  }
}
