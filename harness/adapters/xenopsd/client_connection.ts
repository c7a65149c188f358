/**
 * One connection of the second client. It speaks HTTP/1.1, or sixteen digits of length; one request
 * at a time.
 *
 * Source: xen-api, ocaml/xapi-idl/lib/xcp_service.ml, and nothing of our server's code.
 *
 * @module
 */
import { connect, type NetConnectOpts, type Socket } from "node:net";

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export class ClientConnection {
  readonly #socket: Socket;
  #octets = Buffer.alloc(0);
  #failure: Error | undefined;
  #wake = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(at: NetConnectOpts) {
    this.#socket = connect(at);
    this.#socket.on("data", (chunk: Uint8Array) => {
      this.#octets = Buffer.concat([this.#octets, chunk]);
      this.#wake();
    });
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("The server has closed the connection")));
  }

  /** Sends a request of HTTP, and waits for its answer. */
  http(method: string, path: string, body?: string, type = "application/json") {
    return this.#inTurn(async (): Promise<HttpAnswer> => {
      const entity =
        body === undefined
          ? ""
          : `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
      this.#socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${entity}\r\n${body ?? ""}`,
      );
      const head = await this.#until(() => {
        const end = this.#octets.indexOf("\r\n\r\n");
        return end < 0 ? undefined : end + 4;
      });
      const lines = head.toString("latin1").split("\r\n");
      const status = Number(lines[0]?.split(" ")[1]);
      const length = lines.find((line) => /^content-length:/i.test(line))?.split(":")[1] ?? "0";
      return { status, body: await this.#text(Number(length)) };
    });
  }

  /** Sends a request behind its length, and waits for its answer. */
  framed(body: string): Promise<string> {
    return this.#inTurn(async () => {
      this.#socket.write(`${Buffer.byteLength(body)}`.padStart(16, "0") + body);
      return await this.#text(Number(await this.#text(16)));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #inTurn<T>(exchange: () => Promise<T>): Promise<T> {
    const next = this.#last.then(exchange);
    this.#last = next.catch(() => {});
    return next;
  }

  async #text(length: number): Promise<string> {
    const octets = await this.#until(() => (this.#octets.length < length ? undefined : length));
    return octets.toString("utf8");
  }

  /** The octets up to where `end` says, once it does. */
  async #until(end: () => number | undefined): Promise<Buffer> {
    for (;;) {
      const at = end();
      if (at !== undefined) {
        const taken = this.#octets.subarray(0, at);
        this.#octets = this.#octets.subarray(at);
        return taken;
      }
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }
}
