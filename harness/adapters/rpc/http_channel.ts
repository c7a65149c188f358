/**
 * An adapter behind HTTP: each request is the body of a POST, and its answer the body of the reply.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
// Bun has a stub in place of the bare name.
import { Pool } from "undici/index.js";
import type { Channel, Listener } from "./channel.ts";
import { MESSAGE_BYTES_MAX, type Message, type Packed } from "./framing.ts";

const OK = 200;
/** The header that tells one connection from another; see the page about the protocol. */
export const CONNECTION = "freezethaw-connection";

export class HttpChannel implements Channel {
  readonly canFrame = false;
  readonly #path: string;
  readonly #pool: Pool;
  readonly #listener: Listener;
  readonly #max: number;
  readonly #connection = randomUUID();
  #lost = false;

  constructor(url: string, messageBytesMax: number | undefined, listener: Listener) {
    const { origin, pathname, search } = new URL(url);
    this.#path = `${pathname}${search}`;
    // Deadlines are those of the link.
    this.#pool = new Pool(origin, { connections: 1, headersTimeout: 0, bodyTimeout: 0 });
    this.#listener = listener;
    this.#max = messageBytesMax ?? MESSAGE_BYTES_MAX;
  }

  send({ text }: Packed): void {
    this.#post(text).then(
      (message) => {
        if (!this.#lost) this.#listener.hear(message);
      },
      (error: unknown) => this.#lose(error),
    );
  }

  agreeOnFrames(): void {}

  end(): void {
    this.#lost = true;
    void this.#pool.destroy();
  }

  async close(): Promise<void> {
    this.#lost = true;
    await this.#pool.destroy();
  }

  async #post(body: string): Promise<Message> {
    const { statusCode, body: answer } = await this.#pool.request({
      path: this.#path,
      method: "POST",
      headers: { "content-type": "application/json", [CONNECTION]: this.#connection },
      body,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > this.#max) throw new BadAnswer(`more than ${this.#max} octets`);
      chunks.push(chunk);
    }
    if (statusCode !== OK) throw new BadAnswer(`status ${statusCode}`);
    try {
      const message: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      if (typeof message === "object" && message !== null && !("method" in message)) {
        return message as Message;
      }
    } catch {
      // It is told below.
    }
    throw new BadAnswer("no JSON object that is an answer");
  }

  #lose(error: unknown): void {
    if (this.#lost) return;
    this.#lost = true;
    if (error instanceof BadAnswer) {
      this.#listener.lose({ kind: "broke", reason: `the adapter answered ${error.message}` });
      return;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    this.#listener.lose({
      kind: "ended",
      reason: `the adapter cannot be reached: ${code ?? message}`,
    });
  }
}

/** What came is no answer. */
class BadAnswer extends Error {}
