/**
 * An adapter at a Unix socket: the same lines as on standard input and output.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { Channel, Listener } from "./channel.ts";
import { FramingError, MESSAGE_BYTES_MAX, MessageReader, type Packed } from "./framing.ts";

export class SocketChannel implements Channel {
  readonly canFrame = true;
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #listener: Listener;
  #lost = false;

  constructor(path: string, messageBytesMax: number | undefined, listener: Listener) {
    this.#listener = listener;
    this.#reader = new MessageReader(listener.hear, messageBytesMax ?? MESSAGE_BYTES_MAX);
    this.#socket = connect(path);
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      this.#lose("ended", `the socket of the adapter failed: ${code ?? message}`);
    });
    this.#socket.on("close", () => this.#lose("ended", "the adapter closed its socket"));
  }

  send({ text, octets }: Packed): void {
    this.#socket.write(`${text}\n`);
    if (octets !== undefined) this.#socket.write(octets);
  }

  agreeOnFrames(): void {
    this.#reader.frames = true;
  }

  end(): void {
    this.#lost = true;
    this.#socket.destroy();
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  #take(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#lose("broke", `the adapter wrote ${error.message}`);
      this.#socket.destroy();
    }
  }

  #lose(kind: "ended" | "broke", reason: string): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#listener.lose({ kind, reason });
  }
}
