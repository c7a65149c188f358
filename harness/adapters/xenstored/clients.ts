/**
 * The clients of a daemon: privileged ones on its Unix socket, and domains on their rings. They
 * outlive each program that runs in its process.
 *
 * @module
 */
import type {
  UpdateMoment,
  Xenstore,
  XenstoreConnection,
  XenstoreContents,
} from "../../facets/xenstore.ts";
import { read, request } from "../../facets/xenstore_requests.ts";
import { type Carrier, Connection } from "./connection.ts";
import { PARK } from "./daemon.ts";
import { PORTS, raiseDomainException } from "./event_ports.ts";
import { RingCarrier } from "./ring_carrier.ts";
import type { RunDirectory } from "./run_directory.ts";
import { SocketCarrier } from "./socket_carrier.ts";
import { contentsOf } from "./state_contents.ts";
import { Trace } from "./trace.ts";

export class Clients implements Xenstore, Disposable {
  readonly #directory: RunDirectory;
  readonly #carriers: Carrier[] = [];
  readonly #sockets = new Map<string, Connection>();
  readonly #domains = new Map<number, XenstoreConnection>();
  /** What was restored last. */
  #state: Uint8Array = new Uint8Array();
  readonly #works: [moment: UpdateMoment, work: () => void | Promise<void>][] = [];
  readonly control: Connection;
  /** Asks how things stand, whatever `control` has under way. */
  readonly onlooker: Connection;

  readonly #hear: ((message: string) => void) | undefined;

  /** `hear` gets each message in one line. */
  constructor(directory: RunDirectory, hear?: (message: string) => void) {
    this.#directory = directory;
    this.#hear = hear;
    this.control = this.socket("control");
    this.onlooker = this.socket("onlooker");
  }

  /** True when some answer has not come in time. */
  get late(): boolean {
    return this.#carriers.some(({ inbox }) => inbox.late);
  }

  socket(name: string): Connection {
    const known = this.#sockets.get(name);
    if (known !== undefined) return known;
    const connection = new Connection(
      this.#kept(new SocketCarrier(this.#directory.socket)),
      new Trace(name, this.#hear),
    );
    this.#sockets.set(name, connection);
    return connection;
  }

  domain(domid: number): XenstoreConnection {
    const known = this.#domains.get(domid);
    if (known !== undefined) return known;
    const { page, events } = { page: this.#directory.page(domid), events: this.#directory.events };
    if (domid !== 0) this.#directory.makeDomain(domid);
    const ring = new Connection(
      this.#kept(new RingCarrier(page, events, PORTS + domid)),
      new Trace(`dom${domid}`, this.#hear),
    );
    const connection = domid === 0 ? ring : new Introduced(ring, this.#introduce(domid));
    this.#domains.set(domid, connection);
    return connection;
  }

  destroyDomain(domid: number): void {
    this.#domains.delete(domid);
    this.#directory.removeDomain(domid);
    raiseDomainException(this.#directory.events);
  }

  get given(): XenstoreContents {
    return contentsOf(this.#state);
  }

  /** A successor takes `state`; the domains that come with one of another daemon are there. */
  take(state: Uint8Array, isForeign: boolean): void {
    this.#state = state;
    if (!isForeign) return;
    for (const domid of this.given.domids) {
      if (domid !== 0 && !this.#domains.has(domid)) this.#directory.makeDomain(domid);
    }
  }

  get programs() {
    return { fit: PARK, unfit: this.#directory.unfitProgram };
  }

  during(moment: UpdateMoment, work: () => void | Promise<void>): void {
    this.#works.push([moment, work]);
  }

  /** An update has come to a moment for which somebody has waited. */
  async reach(moment: UpdateMoment): Promise<void> {
    const due = this.#works.filter(([wanted]) => wanted === moment);
    if (due.length === 0) return;
    if (moment === "asked") await this.#seeAsked();
    for (const one of due) {
      this.#works.splice(this.#works.indexOf(one), 1);
      await one[1]();
    }
  }

  /** A daemon looks at all of its clients before it looks at one for a second time. */
  async #seeAsked(): Promise<void> {
    for (let round = 0; round < 2; round++) await this.onlooker.ask(read("/"));
  }

  [Symbol.dispose](): void {
    for (const carrier of this.#carriers) carrier[Symbol.dispose]();
  }

  async #introduce(domid: number): Promise<void> {
    const parts = [String(domid), "1", String(domid)];
    const { error } = await this.control.ask(request("INTRODUCE", ...parts));
    if (error !== null) throw new Error(`Cannot introduce domain ${domid}: ${error}`);
  }

  #kept<T extends Carrier>(carrier: T): T {
    this.#carriers.push(carrier);
    return carrier;
  }
}

/** A domain that speaks once the daemon knows of it. */
class Introduced implements XenstoreConnection {
  readonly #ring: Connection;
  readonly #introduced: Promise<void>;

  constructor(ring: Connection, introduced: Promise<void>) {
    this.#ring = ring;
    this.#introduced = introduced;
    // Whoever asks for something hears of a failure.
    introduced.catch(() => {});
  }

  async ask(...asked: Parameters<XenstoreConnection["ask"]>) {
    await this.#introduced;
    return await this.#ring.ask(...asked);
  }

  async post(...asked: Parameters<XenstoreConnection["post"]>) {
    await this.#introduced;
    await this.#ring.post(...asked);
  }

  async send(octets: string): Promise<void> {
    await this.#introduced;
    await this.#ring.send(octets);
  }

  answer() {
    return this.#ring.answer();
  }

  async events() {
    await this.#introduced;
    return await this.#ring.events();
  }
}
