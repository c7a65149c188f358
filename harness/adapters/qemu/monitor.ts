/**
 * A client of QEMU's monitor protocol: one JSON value a line over a Unix socket. Answers come in
 * the order of the commands; what comes between them are events.
 *
 * Source: QEMU, docs/interop/qmp-spec.rst.
 *
 * @module
 */
import { connect, createServer, type Socket } from "node:net";

/** Characters of a line; a greeting has some hundred, an answer at most some ten thousand. */
const LINE_LENGTH_MAX = 16 * 1024 * 1024;
/** How long an answer may take; most take less than 1 ms, a snapshot some 100 ms. */
const ANSWER_MS = 20_000;

/** A command that QEMU refused, in its own words. */
export class MonitorError extends Error {
  override readonly name = "MonitorError";
}

/** QEMU is gone, or does not answer, or says what is no answer. */
export class MonitorLost extends Error {
  override readonly name = "MonitorLost";
  /** The process ends, if it has not. */
  readonly isEnd: boolean;

  constructor(message: string, isEnd = true) {
    super(message);
    this.isEnd = isEnd;
  }
}

export interface Answer {
  readonly [name: string]: unknown;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

interface Listening {
  hear(event: string, data: Answer): void;
  reject(error: Error): void;
}

export class Monitor {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #line = "";
  #lost: MonitorLost | undefined;
  /** Awaited from the start, as it comes unasked. */
  readonly #greeting: Promise<unknown>;
  /** Names of events so far, in order. */
  readonly events: string[] = [];
  readonly #listening = new Set<Listening>();
  readonly #answerMs: number;
  #overdue: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: Socket, answerMs = ANSWER_MS) {
    this.#socket = socket;
    this.#answerMs = answerMs;
    this.#greeting = this.#next();
    // Who does not ask for it learns of the loss by a command.
    this.#greeting.catch(() => {});
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", (error) => this.#lose(error.message));
    socket.on("close", () => this.#lose("the monitor closed"));
  }

  /** The greeting, once it has come. */
  greeting(): Promise<Answer> {
    return this.#greeting as Promise<Answer>;
  }

  /** Runs a command; its answer, or a {@linkcode MonitorError}. */
  execute(command: string, args: Answer = {}): Promise<unknown> {
    const answer = this.#next();
    this.#gather();
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    return answer;
  }

  /** The data of the next `event` that `test` is true of. */
  when(event: string, test: (data: Answer) => boolean): Promise<Answer> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const listening: Listening = {
        hear: (name, data) => {
          if (name !== event || !test(data)) return;
          this.#listening.delete(listening);
          resolve(data);
        },
        reject,
      };
      this.#listening.add(listening);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What is asked in one go is sent in one piece. */
  #gather(): void {
    if (this.#socket.writableCorked > 0) return;
    this.#socket.cork();
    process.nextTick(() => this.#socket.uncork());
  }

  #next(): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#waiting.length === 1) this.#expect();
    });
  }

  /** Waits for the next answer, if one is due. */
  #expect(): void {
    clearTimeout(this.#overdue);
    if (this.#waiting.length === 0) return;
    const give = () => this.#giveUp(`the monitor does not answer within ${this.#answerMs} ms`);
    this.#overdue = setTimeout(give, this.#answerMs);
  }

  #giveUp(reason: string): void {
    this.#lose(reason, false);
    this.#socket.destroy();
  }

  #take(text: string): void {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop() ?? "";
    if (this.#line.length > LINE_LENGTH_MAX) {
      this.#giveUp("a line of the monitor does not end");
      return;
    }
    for (const line of lines) if (line.trim() !== "") this.#hear(line);
  }

  #hear(line: string): void {
    const said = answerIn(line);
    if (said === undefined) {
      this.#giveUp(`the monitor said no JSON: ${line.slice(0, 80)}`);
      return;
    }
    if (typeof said.event === "string") {
      this.events.push(said.event);
      for (const { hear } of [...this.#listening]) hear(said.event, (said.data ?? {}) as Answer);
      return;
    }
    const waiting = this.#waiting.shift();
    this.#expect();
    if (said.error === undefined) waiting?.resolve(said.return ?? said.QMP);
    else waiting?.reject(new MonitorError(String((said.error as Answer).desc)));
  }

  #lose(reason: string, isEnd = true): void {
    this.#lost ??= new MonitorLost(reason, isEnd);
    clearTimeout(this.#overdue);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
    for (const { reject } of this.#listening) reject(this.#lost);
    this.#listening.clear();
  }
}

/** The object in `line`; undefined when there is none. */
function answerIn(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** The monitor of a program that is told to connect to `path`, which is listened at by then. */
export async function expectMonitor(path: string): Promise<Expected> {
  const server = createServer();
  const came = new Promise<Monitor>((resolve) => {
    server.once("connection", (socket) => resolve(new Monitor(socket)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return { came, [Symbol.dispose]: () => void server.close() };
}

/** A monitor that is waited for. */
export interface Expected extends Disposable {
  readonly came: Promise<Monitor>;
}

/** Connects to the socket at `path`. */
export function connectMonitor(path: string, answerMs?: number): Promise<Monitor> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.removeListener("error", reject);
      resolve(new Monitor(socket, answerMs));
    });
  });
}
