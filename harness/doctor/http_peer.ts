/**
 * An adapter behind HTTP: each line that is written is the body of a POST, and what comes back is
 * heard as a line.
 *
 * @module
 */
import { request } from "node:http";
import type { Peer } from "./peer.ts";

export class HttpPeer implements Peer {
  readonly #url: string;
  readonly #hear: (chunk: Buffer) => void;
  readonly #end: () => void;
  readonly exited: Promise<void>;
  readonly lastWords = "";
  ending: Peer["ending"];
  isKilled = false;

  constructor(url: string, hear: (chunk: Buffer) => void) {
    this.#url = url;
    this.#hear = hear;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.exited = promise;
    this.#end = resolve;
  }

  get closed(): Promise<void> {
    return this.exited;
  }

  write(octets: string | Uint8Array): void {
    const headers = { "content-type": "application/json" };
    const post = request(this.#url, { method: "POST", headers }, (response) => {
      response.on("data", this.#hear);
      // A body needs no line feed at its end.
      response.on("end", () => this.#hear(Buffer.from("\n")));
    });
    post.on("error", ({ message }) => this.#fail(message));
    post.end(octets);
  }

  closeInput(): void {
    this.ending ??= { text: "nothing more is asked", code: 0 };
    this.#end();
  }

  kill(): void {
    this.isKilled = true;
    this.#end();
  }

  children(): Promise<number> {
    return Promise.resolve(0);
  }

  #fail(why: string): void {
    this.ending ??= { text: `its server failed: ${why}`, code: null };
    this.#end();
  }
}
