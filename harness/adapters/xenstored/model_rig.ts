/**
 * The model of XenStore as an implementation without processes: its clients are in memory, its
 * clock is moved on, and what it hands over between two models can be tampered with.
 *
 * @module
 */
import {
  Daemon,
  encodeMessage,
  type Connection as ModelConnection,
  PROFILES,
  type Profile,
  restore,
  save,
  TYPE,
  type Update,
} from "../../../src/xenstore/mod.ts";
import {
  type Adapter,
  HungError,
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
  type SaveRequest,
} from "../../adapter.ts";
import type { UpdateMoment, Xenstore, XenstoreContents } from "../../facets/xenstore.ts";
import { request } from "../../facets/xenstore_requests.ts";
import { Connection } from "./connection.ts";
import { ModelCarrier } from "./model_carrier.ts";
import { contentsOf } from "./state_contents.ts";
import { spoilt } from "./stream_faults.ts";
import type { Tamper } from "./tamper.ts";

const IMPLEMENTATION = "model";
/** Octets that a ring holds, and about so many that a socket does. */
const [RING_MAX, SOCKET_MAX] = [1024, 200_000] as const;
/** Seconds that an update is given. */
const PATIENCE_S = 1;

/** An adapter whose machines are tampered with. */
export function modelAdapter(tamper: Tamper): Adapter {
  return {
    implementation: IMPLEMENTATION,
    releases: [IMPLEMENTATION],
    capabilities: () => new Set(["xenstore"]),
    rig: () => Promise.resolve(new ModelRig(tamper)),
  };
}

class ModelRig implements Rig, Xenstore {
  given: XenstoreContents = { nodes: [], domids: [] };
  readonly programs = { fit: "fit", unfit: "unfit" };
  readonly #tamper: Tamper;
  readonly #carriers = new Map<string, ModelCarrier>();
  readonly #connections = new Map<string, Connection>();
  readonly #works: [moment: UpdateMoment, work: () => void | Promise<void>][] = [];
  #daemon = new Daemon(this.#options());
  /** What the old model has left, between the two. */
  #left: Uint8Array | undefined;
  #fault = "none";
  #restored = false;
  #descriptors = 0;
  /** Domains that died when no model was there. */
  readonly #died: number[] = [];

  constructor(tamper: Tamper) {
    this.#tamper = tamper;
  }

  get control(): Connection {
    return this.socket("control");
  }

  start(): Promise<RunningMachine> {
    return Promise.resolve(this.#machine());
  }

  async restore(_hop: unknown, { bytes }: SavedState): Promise<RunningMachine> {
    this.given = contentsOf(bytes);
    const spoils = this.#fault !== "none" && this.#tamper.takesAnything !== true;
    const given = spoils ? spoilt(this.#fault, "c", bytes) : bytes;
    try {
      this.#daemon = restore(this.#tamper.stream?.(given) ?? given, this.#options());
    } catch (error) {
      throw new RefusedError(error instanceof Error ? error.message : String(error));
    }
    this.#left = undefined;
    this.#adopt();
    const { inbox } = this.#carriers.get("socket control") ?? {};
    const answer = inbox?.next();
    this.#settle();
    if (inbox?.awaited) inbox.close();
    if ((await answer)?.error !== null) throw new HungError("no answer to the update");
    this.#restored = true;
    return this.#machine();
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const carrier of this.#carriers.values()) carrier[Symbol.dispose]();
    return Promise.resolve();
  }

  socket(name: string): Connection {
    return this.#known(`socket ${name}`, SOCKET_MAX, () => this.#daemon.connect());
  }

  domain(domid: number): Connection {
    return this.#known(`ring ${domid}`, RING_MAX, () => {
      if (domid !== 0) this.#introduce(domid);
      return this.#daemon.domains.get(domid)?.connection;
    });
  }

  destroyDomain(domid: number): void {
    this.#carriers.delete(`ring ${domid}`);
    this.#connections.delete(`ring ${domid}`);
    if (this.#left === undefined) this.#daemon.domainDied(domid);
    else this.#died.push(domid);
    this.#settle();
  }

  during(moment: UpdateMoment, work: () => void | Promise<void>): void {
    this.#works.push([moment, work]);
  }

  #options() {
    return {
      profile: profileOf(),
      perform: (update: Update) => this.#perform(update),
      exists: (domid: number) => this.#carriers.has(`ring ${domid}`),
    };
  }

  #perform({ binary, asked }: Update): string | undefined {
    if (binary !== this.programs.fit) return this.#tamper.told ?? "No such file or directory";
    this.#left = save(this.#daemon, { version: 1, update: asked === undefined ? {} : { asked } });
    for (const one of this.#daemon.connections()) one.closed = true;
    for (const carrier of this.#carriers.values()) carrier.leave();
    return undefined;
  }

  #machine(): RunningMachine {
    return {
      xenstore: this,
      release: IMPLEMENTATION,
      save: (asked) => this.#save(asked),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async #save({ settings }: SaveRequest): Promise<SavedState> {
    this.#fault = settings.fault ?? "none";
    const forced = settings.forced === "yes" || this.#tamper.neverWaits === true;
    await this.control.ask(request("CONTROL", "live-update", "-f", this.programs.fit));
    const patience = String(this.#tamper.neverWaits === true ? 0 : PATIENCE_S);
    const flags = ["-s", "-t", patience, ...(forced ? ["-F"] : [])];
    await this.control.post(request("CONTROL", "live-update", ...flags));
    await this.#reach("asked");
    for (let second = 0; this.#left === undefined && second <= PATIENCE_S; second++) {
      this.#daemon.advanceTo(this.#daemon.now + 1);
    }
    if (this.#left === undefined) {
      const { error, body } = await this.control.answer();
      throw new SaveError(this.#tamper.told ?? error ?? body, true);
    }
    await this.#reach("between");
    const writer = { implementation: IMPLEMENTATION, release: IMPLEMENTATION };
    return { writer, codec: "xenstore-stream", bytes: this.#left };
  }

  async #reach(moment: UpdateMoment): Promise<void> {
    const due = this.#works.filter(([wanted]) => wanted === moment);
    for (const one of due) {
      this.#works.splice(this.#works.indexOf(one), 1);
      await one[1]();
    }
  }

  /** Clients find the connections that the new model has of them. */
  #adopt(): void {
    const connections = [...this.#daemon.connections()];
    for (const [name, carrier] of this.#carriers) {
      const found = connections.find(({ kind, domid, descriptor }) =>
        kind === "ring" ? name === `ring ${domid}` : descriptor === carrier.descriptor,
      );
      carrier.move(this.#daemon, found);
    }
    for (const domid of this.#died.splice(0)) this.#daemon.domainDied(domid);
    for (const connection of connections) this.#daemon.proceed(connection);
  }

  #introduce(domid: number): void {
    const toolstack = this.#daemon.connect();
    const body = `${domid}\0${1}\0${domid}\0`;
    const octets = encodeMessage(TYPE.INTRODUCE, { reqId: 1, txId: 0 }, body);
    this.#daemon.receive(toolstack, octets);
    this.#daemon.disconnect(toolstack);
  }

  #known(name: string, max: number, connect: () => ModelConnection | undefined): Connection {
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const connected = connect();
    if (connected === undefined) throw new HungError(`${name} is not there`);
    connected.descriptor = this.#descriptors++;
    const carrier = new ModelCarrier(this.#daemon, connected, max, () => this.#settle());
    this.#carriers.set(name, carrier);
    const connection = this.#tampered(new Connection(carrier), carrier);
    this.#connections.set(name, connection);
    return connection;
  }

  /** A client who is told what the tampering makes of answers and events, after a restore. */
  #tampered(connection: Connection, { inbox }: ModelCarrier): Connection {
    const { answer, events, told } = this.#tamper;
    const [answerOf, eventsOf] = [connection.answer, connection.events];
    connection.answer = async () => {
      const answered = answerOf.call(connection);
      // Nothing comes later, as all that there is has been carried.
      if (inbox.awaited) inbox.close();
      const reply = await answered;
      if (told !== undefined && /^Cancel/.test(reply.body)) return { ...reply, body: told };
      return this.#restored && answer !== undefined ? answer(reply) : reply;
    };
    connection.events = async () => {
      const heard = await eventsOf.call(connection);
      return this.#restored && events !== undefined ? events(heard) : heard;
    };
    return connection;
  }

  /** Carries until nobody has anything more to carry. */
  #settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const carrier of this.#carriers.values()) moved = carrier.carry() || moved;
    }
  }
}

function profileOf(): Profile {
  const profile = PROFILES.c;
  if (profile === undefined) throw new RangeError("Cannot make a model as it must have a profile");
  return profile;
}
