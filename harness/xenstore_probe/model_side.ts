/**
 * A sequence on the model: which octets each step becomes, and what its client hears. What cannot
 * be asked, as the client's domain is not introduced, is left out on both sides.
 *
 * @module
 */
import {
  type Connection,
  Daemon,
  encodeMessage,
  type Profile,
  TYPE,
} from "../../src/xenstore/mod.ts";
import { cutHeard, type Heard, isAnswer } from "./heard.ts";
import { DOMAINS_AT_FIRST, LEAVE, ringOf, type Step } from "./step.ts";

/** A request as both sides get it. */
export interface Asked {
  /** Index of its step in the sequence. */
  readonly index: number;
  readonly step: Step;
  /** Each repetition. */
  readonly octets: readonly Uint8Array[];
  /** What its client heard since it last asked, up to the last answer. */
  readonly heard: readonly Heard[];
  /** The daemon has closed the connection over it. */
  readonly closed: boolean;
  /** Nobody but its client can notice it, so that the next request need not wait for it. */
  readonly quiet: boolean;
}

/** A transaction that never was. */
const UNKNOWN_TRANSACTION = 0xdead;
/** What no other client can notice. */
const QUIET: readonly string[] = [
  "READ",
  "DIRECTORY",
  "DIRECTORY_PART",
  "GET_PERMS",
  "GET_DOMAIN_PATH",
  "IS_DOMAIN_INTRODUCED",
  "TRANSACTION_START",
];
const QUIET_INSIDE: readonly string[] = [...QUIET, "WRITE", "MKDIR", "RM", "SET_PERMS"];

export class ModelSide {
  readonly #daemon: Daemon;
  readonly #sockets = new Map<string, Connection>();
  readonly #transactions = new Map<string, number>();
  /** What each client heard and did not ask for. */
  readonly #unasked = new Map<string, Heard[]>();
  #reqId = 0;

  constructor(profile: Profile) {
    this.#daemon = new Daemon({ profile });
    for (const domid of DOMAINS_AT_FIRST) this.#daemon.domains.create(domid);
  }

  /** All steps that are asked, one by one. */
  *run(steps: readonly Step[]): Generator<Asked> {
    for (const [index, step] of steps.entries()) {
      if (step.client === "xen") {
        this.#happen(step);
        yield { index, step, octets: [], heard: [], closed: false, quiet: false };
        continue;
      }
      const connection = this.#connection(step.client);
      if (connection === undefined) continue;
      yield step.kind === LEAVE
        ? this.#leave(index, step, connection)
        : this.#ask(index, step, connection);
    }
  }

  #happen({ kind, body }: Step): void {
    const domid = Number(body);
    if (kind === "CREATE") this.#daemon.domains.create(domid);
    else if (kind === "SHUTDOWN") this.#daemon.domainShutDown(domid);
    else this.#daemon.domainDied(domid);
    if (kind === "DESTROY") this.#unasked.delete(`dom${domid}`);
    this.#flush();
  }

  #connection(client: string): Connection | undefined {
    const domid = ringOf(client);
    if (domid !== undefined) {
      const ring = this.#daemon.domains.get(domid)?.connection;
      return ring === undefined || ring.closed || ring.ignored ? undefined : ring;
    }
    const known = this.#sockets.get(client);
    if (known !== undefined && !known.closed) return known;
    const made = this.#daemon.connect();
    this.#sockets.set(client, made);
    return made;
  }

  #ask(index: number, step: Step, connection: Connection): Asked {
    const txId = this.#txId(step.tx);
    const type = typeOf(step.kind);
    const octets: Uint8Array[] = [];
    const all = this.#unasked.get(step.client) ?? [];
    for (let time = 0; time < step.times && !connection.closed && !connection.ignored; time++) {
      const body = step.times === 1 ? step.body : step.body.replaceAll("%d", String(time));
      const message = encodeMessage(type, { reqId: ++this.#reqId, txId }, body);
      octets.push(message);
      this.#daemon.receive(connection, message);
      all.push(...cutHeard(connection.output()));
      this.#flush(connection);
    }
    // An event behind the last answer comes whenever it comes: it is for the next request.
    const end = all.findLastIndex(isAnswer) + 1;
    const heard = all.slice(0, end);
    this.#unasked.set(step.client, all.slice(end));
    const answer = heard.at(-1);
    if (step.opens !== "" && answer?.type === TYPE.TRANSACTION_START) {
      this.#transactions.set(step.opens, Number.parseInt(answer.body, 10));
    }
    const closed = connection.closed || connection.ignored;
    if (closed) this.#unasked.delete(step.client);
    if (connection.closed) this.#daemon.disconnect(connection);
    const quiet = !closed && (txId === 0 ? QUIET : QUIET_INSIDE).includes(step.kind);
    return { index, step, octets, heard, closed, quiet };
  }

  #leave(index: number, step: Step, connection: Connection): Asked {
    const octets = Uint8Array.from(step.body, (it) => it.charCodeAt(0));
    this.#daemon.receive(connection, octets);
    this.#daemon.disconnect(connection);
    this.#sockets.delete(step.client);
    this.#unasked.delete(step.client);
    this.#flush();
    return { index, step, octets: [octets], heard: [], closed: true, quiet: false };
  }

  #txId(tx: string): number {
    if (tx === "") return 0;
    return this.#transactions.get(tx) ?? (/^\d+$/.test(tx) ? Number(tx) : UNKNOWN_TRANSACTION);
  }

  /** Real daemons send at once what waits. */
  #flush(asker?: Connection): void {
    for (const connection of this.#daemon.connections()) {
      if (connection === asker || connection.waitingOctets === 0) continue;
      const client = this.#clientOf(connection);
      const heard = this.#unasked.get(client) ?? [];
      heard.push(...cutHeard(connection.output()));
      this.#unasked.set(client, heard);
    }
  }

  /** A domain that is introduced once more goes on to listen. */
  #clientOf({ id, kind, domid }: Connection): string {
    if (kind === "ring") return `dom${domid}`;
    return [...this.#sockets].find(([, socket]) => socket.id === id)?.[0] ?? "";
  }
}

function typeOf(kind: string): number {
  const type = (TYPE as Readonly<Record<string, number>>)[kind];
  return type ?? Number(kind.slice("type-".length));
}
