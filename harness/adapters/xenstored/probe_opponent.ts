/**
 * A real daemon for the differential probe: freshly started, in a run directory of its own, with
 * clients that keep all that they are told in order.
 *
 * @module
 */
import { existsSync, unlinkSync, writeFileSync } from "node:fs";
import { CrashedError, HungError } from "../../adapter.ts";
import type { XenstoreReply } from "../../facets/xenstore.ts";
import { read } from "../../facets/xenstore_requests.ts";
import {
  DOMAINS_AT_FIRST,
  type Heard,
  isAnswer,
  type Opponent,
  type Reply,
  ringOf,
} from "../../xenstore_probe/mod.ts";
import { type Carrier, Connection } from "./connection.ts";
import { Daemon } from "./daemon.ts";
import { PORTS, raiseDomainException } from "./event_ports.ts";
import type { Program } from "./installation.ts";
import { beginningOf } from "./programs.ts";
import type { RealRelease } from "./releases.ts";
import { RingCarrier } from "./ring_carrier.ts";
import { RunDirectory } from "./run_directory.ts";
import { SocketCarrier } from "./socket_carrier.ts";

const START_DEADLINE_MS = 5000;
/** Guests that write much wait for each other for so long, at most. */
const ANSWER_DEADLINE_MS = 4000;
/** Time in which a connection ends; sockets do so at once, rings say nothing any more. */
const CLOSING_DEADLINE_MS = 100;
/** Time in which a process that has died is known to be dead. */
const ENDING_DEADLINE_MS = 2000;

/** Octets of a header, and where it says how long the body is. */
const [HEADER_SIZE, LENGTH_AT] = [16, 12] as const;

interface Client {
  readonly carrier: RingCarrier | SocketCarrier;
  heard: Heard[];
}

export class ProbeOpponent implements Opponent {
  readonly #directory: RunDirectory;
  readonly #daemon: Daemon;
  readonly #clients = new Map<string, Client>();
  readonly #control: SocketCarrier;

  private constructor(directory: RunDirectory, daemon: Daemon) {
    this.#directory = directory;
    this.#daemon = daemon;
    this.#control = new SocketCarrier(directory.socket);
  }

  /** Starts `release`; it answers when this is done. */
  static async start(release: RealRelease, program: Program): Promise<ProbeOpponent> {
    const directory = new RunDirectory();
    for (const domid of DOMAINS_AT_FIRST) directory.makeDomain(domid);
    const daemon = new Daemon(beginningOf(release, program), directory);
    const opponent = new ProbeOpponent(directory, daemon);
    if (await daemon.herald.announced("listening", START_DEADLINE_MS)) {
      await opponent.#settle();
      return opponent;
    }
    await opponent[Symbol.asyncDispose]();
    throw new CrashedError(
      `${release.name} does not start: ${daemon.herald.ending ?? daemon.lastWords}`,
    );
  }

  async ask(
    name: string,
    octets: readonly Uint8Array[],
    answers: number,
    closes: boolean,
  ): Promise<Reply> {
    const client = this.#client(name);
    // A ring does not tell that nobody is at its other end.
    const ended = this.#daemon.closed.then(() => "closed");
    const trouble = await Promise.race([ask(client.carrier, octets, answers, closes), ended]);
    for (const { carrier } of this.#clients.values()) {
      if (carrier instanceof RingCarrier) carrier.drain();
    }
    const isAsExpected = trouble === (closes ? "closed" : undefined);
    const heard = takeUpTo(client, isAsExpected ? answers : Number.POSITIVE_INFINITY);
    if (trouble === undefined) return { heard };
    if (trouble === "closed" && (await this.#daemon.herald.endsWithin(ENDING_DEADLINE_MS))) {
      return { heard, trouble: `the daemon ended with ${this.#daemon.herald.ending}` };
    }
    if (trouble === "closed") this.#leave(name);
    return { heard, trouble };
  }

  async leave(name: string, octets: Uint8Array): Promise<void> {
    const { carrier } = this.#client(name);
    if (carrier instanceof SocketCarrier) await carrier.sent(octets);
    // Who is gone before a request is looked at has not made it.
    if (!endsInBody(octets)) await this.#settle();
    this.#leave(name);
    await this.#settle();
  }

  async happen(kind: string, domid: number): Promise<void> {
    const statePath = this.#directory.page(domid).replace(/ring$/, "state");
    try {
      if (kind === "CREATE") {
        if (!existsSync(this.#directory.page(domid))) this.#directory.makeDomain(domid);
      } else if (kind === "SHUTDOWN") writeFileSync(statePath, "shutdown");
      else {
        this.#directory.removeDomain(domid);
        unlinkSync(statePath);
      }
    } catch (error) {
      // It was gone already.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (kind === "CREATE") return;
    raiseDomainException(this.#directory.events);
    await this.#settle();
    if (kind === "DESTROY") this.#leave(`dom${domid}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { carrier } of this.#clients.values()) carrier[Symbol.dispose]();
    this.#control[Symbol.dispose]();
    await this.#daemon.kill();
    this.#directory[Symbol.dispose]();
  }

  /** By its answer to a later question the daemon has done what came before. */
  async #settle(): Promise<void> {
    const control = new Connection(this.#control);
    for (let time = 0; time < 2; time++) await control.ask(read("/"));
  }

  #leave(name: string): void {
    this.#clients.get(name)?.carrier[Symbol.dispose]();
    this.#clients.delete(name);
  }

  #client(name: string): Client {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const domid = ringOf(name);
    const { socket, events } = this.#directory;
    const carrier =
      domid === undefined
        ? new SocketCarrier(socket)
        : new RingCarrier(this.#directory.page(domid), events, PORTS + domid);
    const client: Client = { carrier, heard: [] };
    carrier.inbox.onMessage = ({ type, reqId, txId, body }) =>
      client.heard.push({ type, reqId, txId, body });
    this.#clients.set(name, client);
    return client;
  }
}

/** The last message has its header and not all of its body: C xenstored waits for the rest. */
function endsInBody(octets: Uint8Array): boolean {
  const view = Buffer.from(octets);
  let at = 0;
  while (at + HEADER_SIZE <= view.length) at += HEADER_SIZE + view.readUInt32LE(LENGTH_AT + at);
  return at > view.length;
}

/** Everything up to the last of `answers`; events behind it are for the next request. */
function takeUpTo(client: Client, answers: number): Heard[] {
  let end = 0;
  for (let left = answers; left > 0 && end < client.heard.length; end++) {
    if (isAnswer(client.heard[end] as Heard)) left--;
  }
  return client.heard.splice(0, end);
}

/** The end of a connection counts as one more answer. */
async function ask(
  carrier: Carrier,
  octets: readonly Uint8Array[],
  answers: number,
  closes: boolean,
): Promise<string | undefined> {
  // A ring has room for few requests: there one is asked after the other.
  const isRing = carrier instanceof RingCarrier;
  let asked = 0;
  try {
    if (!isRing) for (const message of octets) await carrier.send(message);
    for (; asked < answers; asked++) {
      const message = octets[asked];
      if (isRing && message !== undefined) await carrier.send(message);
      const { error } = await answerOf(carrier, ANSWER_DEADLINE_MS);
      if (error === "closed") return "closed";
    }
    if (!closes) return undefined;
    for (const message of isRing ? octets.slice(asked) : []) await carrier.send(message);
    await answerOf(carrier, CLOSING_DEADLINE_MS);
    return carrier.inbox.closed ? "closed" : undefined;
  } catch (error) {
    if (!(error instanceof HungError)) throw error;
    if (asked < answers) return "no answer";
    return isRing ? "closed" : undefined;
  }
}

function answerOf(carrier: Carrier, deadlineMs: number): Promise<XenstoreReply> {
  const answer = carrier.inbox.next(deadlineMs);
  carrier.listen();
  return answer;
}
