/**
 * A daemon that begins with a state that is given to it, as if an older one had left it: no older
 * daemon is needed, and any octets can be tried.
 *
 * The descriptors of the state are there: pairs of sockets, one for what listens, one for event
 * channels, and one for a client. Nobody connects anew, so the first two need not be what they say.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { type Carrier, Connection } from "./connection.ts";
import { Inbox } from "./inbox.ts";
import type { Program } from "./installation.ts";
import type { Release } from "./releases.ts";
import { RunDirectory } from "./run_directory.ts";

/** Descriptors that the state must name. */
export const INHERITED = { listener: 20, events: 21, client: 22 } as const;

/** Characters of a daemon's messages that are kept. */
const WORDS_MAX = 10_000;

export class InjectedDaemon implements AsyncDisposable {
  readonly #directory = new RunDirectory();
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #carrier: PipeCarrier;
  readonly client: Connection;
  #words = "";
  #ending: string | undefined;

  /** `domains` are there besides domain 0. */
  constructor(
    { dialect }: Release,
    program: Program,
    state: Uint8Array,
    domains: readonly number[] = [],
  ) {
    const { path, environment } = this.#directory;
    for (const domid of domains) this.#directory.makeDomain(domid);
    this.#directory.writeState(dialect, state);
    const own = dialect === "c" ? ["-N", "-U"] : ["--no-fork", "--config-file", program.config];
    const restart = dialect === "c" ? [] : ["--restart"];
    const stdio = Array.from({ length: INHERITED.client + 1 }, (_, fd) =>
      fd === 2 || fd >= INHERITED.listener ? ("pipe" as const) : ("ignore" as const),
    );
    this.#child = spawn(
      program.loader,
      ["--library-path", program.libraries, program.path, ...own, ...restart],
      {
        cwd: path,
        env: environment,
        stdio,
      },
    );
    const pipes: readonly unknown[] = this.#child.stdio;
    this.#carrier = new PipeCarrier(pipes[INHERITED.client] as Duplex);
    this.client = new Connection(this.#carrier);
    for (const fd of [INHERITED.listener, INHERITED.events]) {
      (pipes[fd] as Duplex).on("error", () => {});
    }
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#words = `${this.#words}${chunk}`.slice(-WORDS_MAX);
    });
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        this.#ending = signal ?? `exit code ${code}`;
        this.#carrier.inbox.close();
        resolve();
      });
    });
  }

  /** Settles when the process has ended. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** How the process ended, and what it said last; undefined while it runs. */
  get ending(): string | undefined {
    const [line = ""] = this.#words.split("\n").filter((text) => /fatal/i.test(text));
    return this.#ending === undefined ? undefined : `${this.#ending} ${line}`.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ending === undefined) this.#child.kill("SIGKILL");
    await this.#closed;
    this.#carrier[Symbol.dispose]();
    this.#directory[Symbol.dispose]();
  }
}

/** One end of a pair of sockets, of which a daemon has the other one. */
class PipeCarrier implements Carrier {
  readonly inbox = new Inbox();
  readonly #pipe: Duplex;

  constructor(pipe: Duplex) {
    this.#pipe = pipe;
    pipe.on("data", (chunk: Buffer) => this.inbox.push(chunk));
    pipe.on("error", () => this.inbox.close());
    pipe.on("close", () => this.inbox.close());
  }

  send(octets: Uint8Array): Promise<void> {
    if (!this.inbox.closed) this.#pipe.write(octets);
    return Promise.resolve();
  }

  listen(): void {}

  [Symbol.dispose](): void {
    this.#pipe.destroy();
    this.inbox.close();
  }
}
