/**
 * Registers and memory of a machine from outside, by the protocol of QEMU's own device tests: one
 * command a line, one answer a line.
 *
 * The machine is not driven by the qtest accelerator, which not every build has, so there is no
 * `clock_step`; the guest must be one that does nothing, and run, for the devices' timers.
 *
 * Source: QEMU, system/qtest.c.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import { hexOf, octetsOf } from "./qtest_hex.ts";

/** Octets of memory that go into one command. */
const CHUNK = 4096;

/** A command that was refused, or a machine that is gone. */
export class QtestError extends Error {
  override readonly name = "QtestError";
}

interface Waiting {
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** The side that QEMU connects to. */
export class Qtest implements AsyncDisposable {
  readonly #server: Server;
  readonly #connected: Promise<Socket>;
  readonly #waiting: Waiting[] = [];
  readonly #sockets = new Set<Socket>();
  #text = "";
  #lost: QtestError | undefined;

  /** Listens at `path`; QEMU is started after that with {@linkcode qtestArguments}. */
  static async listen(path: string): Promise<Qtest> {
    const server = createServer();
    const qtest = new Qtest(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    return qtest;
  }

  private constructor(server: Server) {
    this.#server = server;
    this.#connected = new Promise((resolve) => {
      server.once("connection", (socket) => {
        this.#sockets.add(socket);
        socket.setEncoding("latin1").on("data", (text: string) => this.#take(text));
        socket.on("error", ({ message }) => this.#lose(message));
        socket.on("close", () => this.#lose("the machine is gone"));
        resolve(socket);
      });
    });
  }

  /** Writes 32 bits to a port. */
  async outl(port: number, value: number): Promise<void> {
    await this.#ask(`outl 0x${port.toString(16)} 0x${(value >>> 0).toString(16)}`);
  }

  async inl(port: number): Promise<number> {
    return numberOf(await this.#ask(`inl 0x${port.toString(16)}`));
  }

  /** Writes 32 bits to an address. */
  async writel(address: number, value: number): Promise<void> {
    await this.#ask(`writel 0x${address.toString(16)} 0x${(value >>> 0).toString(16)}`);
  }

  async readl(address: number): Promise<number> {
    return numberOf(await this.#ask(`readl 0x${address.toString(16)}`));
  }

  /** Octets of memory. */
  async read(address: number, size: number): Promise<Uint8Array> {
    const octets = new Uint8Array(size);
    for (let at = 0; at < size; at += CHUNK) {
      const length = Math.min(CHUNK, size - at);
      const answer = await this.#ask(
        `read 0x${(address + at).toString(16)} 0x${length.toString(16)}`,
      );
      octets.set(octetsOf(answer, length), at);
    }
    return octets;
  }

  async write(address: number, octets: Uint8Array): Promise<void> {
    for (let at = 0; at < octets.length; at += CHUNK) {
      const part = octets.subarray(at, at + CHUNK);
      const place = `0x${(address + at).toString(16)} 0x${part.length.toString(16)}`;
      await this.#ask(`write ${place} ${hexOf(part)}`);
    }
  }

  /** What a command answers behind its OK. */
  async #ask(command: string): Promise<string> {
    const socket = await this.#connected;
    if (this.#lost !== undefined) throw this.#lost;
    const answer = new Promise<string>((resolve, reject) =>
      this.#waiting.push({ resolve, reject }),
    );
    socket.write(`${command}\n`);
    const line = await answer;
    if (line === "OK" || line.startsWith("OK ")) return line.slice(3);
    throw new QtestError(`${command.slice(0, 40)}: ${line}`);
  }

  #take(text: string): void {
    const lines = (this.#text + text).split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) {
      // Interrupts come unasked.
      if (!line.startsWith("IRQ ")) this.#waiting.shift()?.resolve(line.trim());
    }
  }

  #lose(reason: string): void {
    this.#lost ??= new QtestError(reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Arguments of a machine that is ruled through the socket at `path`. */
export function qtestArguments(path: string): readonly string[] {
  return ["-qtest", `unix:${path}`, "-qtest-log", "/dev/null"];
}

function numberOf(answer: string): number {
  const value = Number(answer);
  if (answer === "" || !Number.isSafeInteger(value)) {
    throw new QtestError(`no number: ${answer.slice(0, 40)}`);
  }
  return value;
}
