/**
 * One connection to a message switch: requests of HTTP, one after the other, of one session.
 *
 * @module
 */
import { createConnection, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

interface Waiting {
  readonly resolve: (body: string) => void;
  readonly reject: (error: Error) => void;
}

export class SwitchLink {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #octets = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => this.#read(chunk));
    socket.on("close", () => this.#end(new Error("Cannot hear the switch: it has gone")));
  }

  /** Connects and logs in. */
  static async open(path: string, token: string): Promise<SwitchLink> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    socket.on("error", () => socket.destroy());
    const link = new SwitchLink(socket);
    await link.ask("GET", `/login/${encodeURIComponent(token)}`);
    return link;
  }

  /** The body of the answer; throws when it is none that is meant to be. */
  ask(method: "GET" | "POST", path: string, body = ""): Promise<string> {
    const head = `${method} ${path} HTTP/1.1\r\nhost: switch\r\nconnection: keep-alive\r\n`;
    if (this.#socket.destroyed) return Promise.reject(new Error("Cannot ask: the switch has gone"));
    this.#socket.write(`${head}content-length: ${Buffer.byteLength(body)}${HEAD_END}${body}`);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Uint8Array): void {
    this.#octets = Buffer.concat([this.#octets, chunk]);
    for (;;) {
      const start = this.#octets.indexOf(HEAD_END);
      if (start < 0) return;
      const head = this.#octets.toString("latin1", 0, start);
      const size = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
      const end = start + HEAD_END.length + size;
      if (!(size <= ANSWER_BYTES_MAX)) this.#socket.destroy();
      if (this.#socket.destroyed) return;
      if (this.#octets.length < end) return;
      const body = this.#octets.toString("utf8", start + HEAD_END.length, end);
      this.#octets = this.#octets.subarray(end);
      const waiting = this.#waiting.shift();
      if (/^HTTP\/1\.[01] 200 /.test(head)) waiting?.resolve(body);
      else waiting?.reject(new Error(`Cannot ask the switch: it says ${head.split("\r\n")[0]}`));
    }
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
