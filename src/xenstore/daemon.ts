/**
 * The daemon: octets of each connection in, octets out. It has no clock, no sockets and no
 * threads; who runs it passes in octets and the time, and takes what waits.
 *
 * Source: xen, tools/xenstored/core.c, handle_input() and process_message().
 *
 * @module
 */
import { admit, handlerOf, withTransaction } from "./admission.ts";
import { Connection, INPUT_MAX, WAITING_PAUSE } from "./connection.ts";
import type { DaemonOptions } from "./daemon_options.ts";
import { DeferredUpdate } from "./deferred_update.ts";
import { endDomain, shutDownDomain } from "./domain_events.ts";
import { Domains } from "./domains.ts";
import { furnish, ROOT_PERMS } from "./furnish.ts";
import { Limits } from "./limits.ts";
import { LiveUpdate, type Updater } from "./live_update.ts";
import { livingPerms } from "./living_perms.ts";
import type { Perms } from "./perms.ts";
import {
  type Answer,
  LATER,
  type Profile,
  type QuotaName,
  type Request,
  type Surroundings,
} from "./request.ts";
import { RequestError, refusal } from "./request_error.ts";
import { SnapshotTransaction } from "./snapshot_transaction.ts";
import { Store } from "./store.ts";
import type { StoreNode } from "./store_node.ts";
import type { Transaction } from "./transaction.ts";
import { WatchIndex } from "./watch_index.ts";
import { encodeMessage, type Message, PAYLOAD_MAX, TYPE } from "./wire.ts";

const IMPOSSIBLE = () => "Live update is not possible here";

export class Daemon implements Surroundings {
  readonly profile: Profile;
  readonly store: Store;
  readonly domains: Domains;
  readonly limits = new Limits();
  readonly watches = new WatchIndex();
  readonly update: Updater;
  now = 0;
  readonly #connections = new Map<number, Connection>();
  readonly #afterRequest: () => void;
  #nextConnection = 1;
  #sockets = 0;

  constructor(options: DaemonOptions) {
    const { profile, perform, mayFollow, afterRequest, bare = false } = options;
    this.profile = profile;
    this.domains = new Domains(options.exists);
    this.#afterRequest = afterRequest ?? (() => {});
    const Updates = profile.state === "stream" ? LiveUpdate : DeferredUpdate;
    this.update = new Updates(this, { perform: perform ?? IMPOSSIBLE, mayFollow });
    this.store = new Store(ROOT_PERMS, profile.specialsInTree);
    if (!profile.specialsInTree) this.store.settled = (node) => this.permsOf(node);
    if (!bare) furnish(this.store, profile);
    const connection = this.connectRing(0);
    const port = 2;
    this.domains.introduce({ domid: 0, gfn: 0n, port, connection, shutdown: false, features: 0 });
  }

  connections(): Iterable<Connection> {
    return this.#connections.values();
  }

  /** A new client of domain 0. */
  connect(): Connection {
    return this.#add(0, "socket");
  }

  connectRing(domid: number): Connection {
    return this.#add(domid, "ring");
  }

  #add(domid: number, kind: Connection["kind"]): Connection {
    const { dropsDuplicates } = this.profile;
    const connection = new Connection(this.#nextConnection++, domid, kind, dropsDuplicates);
    connection.label = kind === "ring" ? `D${domid}` : `A${++this.#sockets}`;
    this.#connections.set(connection.id, connection);
    return connection;
  }

  disconnect(connection: Connection): void {
    if (!this.#connections.delete(connection.id)) return;
    connection.closed = true;
    this.update.leave(connection);
    this.watches.removeAll(connection);
    this.dropTransactions(connection);
    if (connection.kind !== "ring") return;
    this.domains.release(connection.domid);
    for (const { referrers } of this.connections()) {
      referrers.splice(0, referrers.length, ...referrers.filter((it) => it !== connection.domid));
    }
  }

  dropTransactions(connection: Connection): void {
    for (const transaction of connection.transactions.values()) transaction.end();
    connection.transactions.clear();
    connection.transactionsSince = undefined;
  }

  domainShutDown(domid: number): void {
    shutDownDomain(this, domid);
  }

  domainDied(domid: number): void {
    endDomain(this, domid);
  }

  /** Octets came from the client. */
  receive(connection: Connection, octets: Uint8Array): void {
    if (connection.closed || connection.ignored) return;
    connection.feed(octets);
    this.proceed(connection);
  }

  /** Works on what came in before; call it again when the client has taken what waited. */
  proceed(connection: Connection): void {
    while (!connection.closed && !connection.ignored && this.#mayAsk(connection)) {
      const announced = connection.announced();
      if (announced === undefined) break;
      const message = connection.take(this.#allowed(connection, announced));
      if (message === undefined) break;
      this.#consider(connection, message);
      this.update.poll();
      this.#afterRequest();
    }
    if (connection.input.length > INPUT_MAX) connection.closed = true;
  }

  /** Who does not read its answers is not asked for more. */
  #mayAsk({ privileged, answers, domid, waitingOctets }: Connection): boolean {
    if (waitingOctets >= WAITING_PAUSE) return false;
    return privileged || answers < this.quota("outstanding", domid);
  }

  #allowed(connection: Connection, announced: number): number {
    if (announced <= PAYLOAD_MAX) return announced;
    const { oversize } = this.profile;
    if (oversize === "cut") return PAYLOAD_MAX;
    connection.dropInput();
    if (oversize === "close" && connection.kind === "socket") connection.closed = true;
    else connection.ignored = true;
    // A ring cannot be closed: nothing is put into it any more.
    if (oversize === "close") this.#silence(connection);
    return announced;
  }

  #silence(connection: Connection): void {
    this.watches.removeAll(connection);
    this.dropTransactions(connection);
    connection.dropOutput();
  }

  #consider(connection: Connection, message: Message): void {
    const waits = message.type === TYPE.TRANSACTION_START && this.update.holdsUp;
    if (waits && connection.transactions.size === 0) connection.delayed.push(message);
    else this.#answer(connection, message);
  }

  /** Requests that waited for a live update that is over. */
  resume(): void {
    for (const connection of this.connections()) {
      for (const message of connection.delayed.splice(0)) this.#answer(connection, message);
    }
  }

  #answer(connection: Connection, asked: Message): void {
    const afterwards: (() => void)[] = [];
    const message = withTransaction(this.profile, asked);
    let answer: Answer | typeof LATER;
    try {
      answer = this.#handle(connection, message, afterwards);
      if (answer !== LATER && answer.length > PAYLOAD_MAX) throw refusal("E2BIG");
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      connection.send(encodeMessage(TYPE.ERROR, message, `${error.code}\0`));
      return;
    }
    if (answer === LATER) return;
    connection.send(encodeMessage(message.type, message, answer));
    for (const act of afterwards) act();
  }

  #handle(connection: Connection, message: Message, afterwards: (() => void)[]) {
    const { handler, transaction } = admit(this.profile, connection, message);
    const request = this.#request(connection, message, transaction, afterwards);
    if (!(transaction instanceof SnapshotTransaction)) return handler(request);
    const max = connection.privileged ? Number.POSITIVE_INFINITY : this.quota("transactionNodes");
    try {
      const answer = handler(request);
      if (answer !== LATER) transaction.remember(message, answer, max);
      return answer;
    } catch (error) {
      if (error instanceof RequestError) transaction.remember(message, error.code, max);
      throw error;
    }
  }

  replay(connection: Connection, message: Message, transaction: Transaction): Answer {
    const handler = handlerOf(this.profile, message.type);
    try {
      const answer = handler(this.#request(connection, message, transaction, []));
      return answer === LATER ? "" : answer;
    } catch (error) {
      if (error instanceof RequestError) return error.code;
      throw error;
    }
  }

  #request(
    connection: Connection,
    message: Message,
    transaction: Transaction | undefined,
    afterwards: (() => void)[],
  ): Request {
    const tree = transaction?.tree ?? this.store;
    return { daemon: this, connection, message, transaction, tree, afterwards };
  }

  /** The virtual clock says so many seconds. */
  advanceTo(seconds: number): void {
    this.now = Math.max(this.now, seconds);
    this.update.poll();
  }

  quota(name: QuotaName, domid?: number): number {
    return this.limits.of(name, domid) ?? this.profile.quotas[name];
  }

  permsOf(node: StoreNode): Perms {
    return livingPerms(node, this.domains);
  }

  announce(special: string): void {
    this.profile.watchRules.announce(this, special);
  }
}
