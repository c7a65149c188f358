/**
 * Live update as oxenstored does it: a request for one is answered BUSY, and the daemon goes over
 * to its successor at the first moment when no client has anything under way, as it saves nothing
 * of that. The result waits for whoever asks next.
 *
 * Source: xen, tools/ocaml/xenstored/process.ml, module LiveUpdate; connections.ml, prevents_quit.
 * What 4.17 and 4.20 do was seen: an update that is forced does not go ahead either, but never
 * gives up.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { Succeeding, Updater } from "./live_update.ts";
import type { Answer, Request, Surroundings } from "./request.ts";
import { numberAtFront } from "./text.ts";

/** Seconds that clients are given unless it is said otherwise. */
const TIMEOUT_USUAL = 60;
const OK = "OK";

export class DeferredUpdate implements Updater {
  readonly holdsUp = false;
  readonly #daemon: Surroundings;
  readonly #succeeding: Succeeding;
  #binary = "";
  #commandLine: string | undefined;
  #pending: { readonly deadline: number; readonly force: boolean } | undefined;
  #result = "";

  constructor(daemon: Surroundings, succeeding: Succeeding) {
    this.#daemon = daemon;
    this.#succeeding = succeeding;
  }

  get pending(): boolean {
    return this.#pending !== undefined;
  }

  control(_request: Request, args: readonly string[]): Answer {
    return this.#parse(args) ?? this.#answer();
  }

  leave(): void {}

  completed(): void {
    this.#result = OK;
  }

  poll(): void {
    if (this.#pending === undefined) return;
    const { deadline, force } = this.#pending;
    const busy = [...this.#daemon.connections()].filter(preventsQuit);
    if (busy.length > 0) {
      if (force || this.#daemon.now < deadline) return;
      this.#pending = undefined;
      this.#result = busy.map(describe).join("\n");
      return;
    }
    this.#pending = undefined;
    const update = { binary: this.#binary, commandLine: this.#commandLine, version: 1 };
    this.#result = this.#succeeding.perform(update) ?? "";
  }

  /** Does what is asked for; a text says why not. */
  #parse([option = "", ...rest]: readonly string[]): string | undefined {
    if (option === "-f" && rest.length === 1) {
      const reason = this.#succeeding.mayFollow?.(rest[0] as string);
      if (reason !== undefined) return reason;
      this.#binary = rest[0] as string;
    } else if (option === "-a" && rest.length === 0) {
      this.#pending = undefined;
      this.#result = "";
    } else if (option === "-c") {
      this.#commandLine = rest.join(" ");
    } else if (option === "-s") {
      return this.#start(rest);
    } else {
      return `Unknown arguments: ${[option, ...rest].join(",")}`;
    }
    return undefined;
  }

  #start(options: readonly string[]): string | undefined {
    // Asking again changes nothing, and a result is for whoever asks.
    if (this.#pending !== undefined || this.#result !== "") return undefined;
    let [timeout, force] = [TIMEOUT_USUAL, false];
    for (let at = 0; at < options.length; at++) {
      const next = options[at + 1];
      if (options[at] === "-F") {
        force = true;
      } else if (options[at] === "-t" && next !== undefined) {
        timeout = numberAtFront(next);
        at++;
      } else {
        return `unknown option '${options[at]}'`;
      }
    }
    this.#pending = { deadline: this.#daemon.now + timeout, force };
    return undefined;
  }

  #answer(): string {
    if (this.#pending !== undefined) return "BUSY";
    const result = this.#result;
    this.#result = "";
    return result === "" ? OK : result;
  }
}

/** It has something under way that is not saved. */
function preventsQuit({ input, waitingOctets, transactions, target }: Connection): boolean {
  return input.length > 0 || waitingOctets > 0 || transactions.size > 0 || target !== undefined;
}

function describe({ label, transactions, waitingOctets, domid, target }: Connection): string {
  const perms = [domid, ...(target === undefined ? [] : [target])].map((it) => `${it}"rw"`);
  return `${label}: ${transactions.size} tx, out: ${waitingOctets > 0}, perm: ${perms.join("")}`;
}
