/**
 * Live update: a session is opened with the program that is to follow, then started; it goes
 * ahead when no transaction is open, or is forced to after its time.
 *
 * Source: xen, tools/xenstored/lu.c, do_control_lu() and do_lu_start().
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import { type Answer, LATER, type Request, type Surroundings, type Updating } from "./request.ts";
import { refusal } from "./request_error.ts";
import { numberAtFront } from "./text.ts";
import { encodeMessage, type Message, TYPE } from "./wire.ts";

/** Versions of the stream that can be asked for. */
const VERSION_MAX = 2;

/** What the successor is to be. */
export interface Update {
  readonly binary: string;
  readonly commandLine: string | undefined;
  readonly version: number;
  /** The request that the successor answers, when it does. */
  readonly asked?: Asked;
}

interface Asked {
  readonly connection: Connection;
  readonly request: Message;
}

/** How a successor comes about. */
export interface Succeeding {
  /** Hands the daemon over to a successor; a text says why that is impossible. */
  readonly perform: (update: Update) => string | undefined;
  /** Says why a program cannot be the successor, when it cannot. */
  readonly mayFollow?: ((path: string) => string | undefined) | undefined;
}

/** What becomes of an update that was asked for. */
export interface Updater extends Updating {
  /** Its client is gone. */
  leave(connection: Connection): void;
  /** Goes ahead, or gives up, when it is time. */
  poll(): void;
  /** The daemon has taken over from another one. */
  completed(): void;
}

interface Session {
  readonly connection: Connection;
  readonly binary: string;
  commandLine: string | undefined;
  started: Start | undefined;
}

interface Start {
  readonly request: Message;
  readonly at: number;
  readonly timeout: number;
  readonly force: boolean;
  readonly version: number;
}

export class LiveUpdate implements Updater {
  readonly #daemon: Surroundings;
  readonly #succeeding: Succeeding;
  #session: Session | undefined;

  constructor(daemon: Surroundings, succeeding: Succeeding) {
    this.#daemon = daemon;
    this.#succeeding = succeeding;
  }

  /** A session is open. */
  get pending(): boolean {
    return this.#session !== undefined;
  }

  get holdsUp(): boolean {
    return this.pending;
  }

  control(request: Request, [option = "", ...rest]: readonly string[]): Answer | typeof LATER {
    if (option === "-s") return this.#start(request, rest);
    if (option === "-a" && rest.length === 0) return `${this.#abort()}\0`;
    if (rest.length !== 1) throw refusal("EINVAL");
    if (option === "-f") return `${this.#begin(request.connection, rest[0] as string)}\0`;
    if (option === "-c") return `${this.#setCommandLine(request.connection, rest[0] as string)}\0`;
    throw refusal("EINVAL");
  }

  #begin(connection: Connection, binary: string): string {
    if (this.#session !== undefined) return "live-update session already active.";
    const reason = this.#succeeding.mayFollow?.(binary);
    if (reason !== undefined) return reason;
    this.#session = { connection, binary, commandLine: undefined, started: undefined };
    return "OK";
  }

  #setCommandLine(connection: Connection, commandLine: string): string {
    if (this.#session?.connection !== connection) return "Not in live-update session.";
    this.#session.commandLine = commandLine;
    return "OK";
  }

  #start({ connection, message }: Request, options: readonly string[]): Answer | typeof LATER {
    const { force, timeout, version } = startOptions(options, this.#daemon.profile.streamVersion);
    if (this.#session?.connection !== connection) return "Not in live-update session.\0";
    if (version < 1 || version > VERSION_MAX) return "Migration stream version not supported.\0";
    const at = this.#daemon.now;
    this.#session.started = { request: message, at, timeout, force, version };
    return LATER;
  }

  #abort(): string {
    if (this.#session === undefined) return "No live-update session active.";
    const { connection, started } = this.#session;
    this.#session = undefined;
    if (started !== undefined) answer(connection, started.request, "Cancellation was requested");
    this.#daemon.resume();
    return "OK";
  }

  /** The answer to the request is part of the state. */
  completed(): void {}

  /** Its client is gone, and the session with it. */
  leave(connection: Connection): void {
    if (this.#session?.connection !== connection) return;
    this.#session = undefined;
    this.#daemon.resume();
  }

  /** Goes ahead, or gives up, when it is time. */
  poll(): void {
    const session = this.#session;
    if (session?.started === undefined) return;
    const { connection, binary, commandLine, started } = session;
    const { request, version, force, at, timeout } = started;
    if (!this.#isAllowed(started)) {
      if (this.#daemon.now < at + timeout) return;
      if (!force) {
        this.#session = undefined;
        answer(connection, request, this.#reason(timeout));
        this.#daemon.resume();
        return;
      }
    }
    this.#session = undefined;
    const asked = { connection, request };
    const failure = this.#succeeding.perform({ binary, commandLine, version, asked });
    if (failure === undefined) return;
    answer(connection, request, failure);
    this.#daemon.resume();
  }

  #isAllowed({ force, timeout }: Start): boolean {
    for (const { transactionsSince } of this.#daemon.connections()) {
      if (transactionsSince === undefined) continue;
      if (!force || this.#daemon.now - transactionsSince < timeout) return false;
    }
    return true;
  }

  #reason(timeout: number): string {
    let text = "";
    for (const { transactionsSince, domid } of this.#daemon.connections()) {
      if (transactionsSince === undefined) continue;
      const seconds = Math.floor(this.#daemon.now - transactionsSince);
      if (seconds >= timeout) text += `\nDomain ${domid}: ${seconds} s`;
    }
    if (text === "") return "Overlapping transactions";
    return `Domains with long running transactions:${text}`;
  }
}

function answer(connection: Connection, request: Message, text: string): void {
  connection.send(encodeMessage(TYPE.CONTROL, request, `${text}\0`));
}

function startOptions(options: readonly string[], usual: number) {
  let [force, timeout, version] = [false, 0, usual];
  for (let at = 0; at < options.length; at++) {
    const next = options[at + 1];
    if (options[at] === "-F") {
      force = true;
    } else if (options[at] === "-t" && next !== undefined) {
      timeout = numberAtFront(next);
      at++;
    } else if (options[at] === "-v" && next !== undefined) {
      version = numberAtFront(next);
      at++;
    } else {
      throw refusal("EINVAL");
    }
  }
  return { force, timeout, version };
}
