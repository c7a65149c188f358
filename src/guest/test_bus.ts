/**
 * A guest on its bus, for unit tests: with echo devices behind the server, or with a relay and a
 * host's bus with echo devices behind that. The part in the middle can be saved and replaced.
 *
 * @module
 */
import { Log, Points, VirtualClock } from "../machine/mod.ts";
import { GuestMemory } from "../memory/mod.ts";
import { codecFor } from "../mesh/mod.ts";
import { type OfferKey, VmbusServerSavedState } from "../openhcl_state/mod.ts";
import {
  type ClientRules,
  CONNECTION_STATE,
  guid,
  type HeldKind,
  keyText,
  type OfferedChannel,
  type OfferParams,
  offerParams,
  RingDevice,
  type ServerRules,
  SOUND_CLIENT,
  SOUND_SERVER,
  VmbusClient,
  VmbusRelay,
  VmbusServer,
} from "../vmbus/mod.ts";
import type { BusOptions, Middle, SavedBus } from "./bus_parts.ts";
import type { Stage } from "./stage.ts";
import { VmbusDriver } from "./vmbus_driver.ts";

const SCSI = guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f");

/** Channel `number` of a bus, without features. */
export function offerNumber(number: number): OfferParams {
  return offerParams(SCSI, guid(`00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`));
}

const HOST_FEATURES = SOUND_SERVER.featureFlags & 0x7;

export class TestBus implements Stage {
  readonly log = new Log();
  readonly points = new Points();
  readonly clock = new VirtualClock();
  readonly memory = new GuestMemory();
  readonly guest: VmbusDriver;
  readonly host: VmbusServer | null;
  middle: Middle;
  readonly #options: BusOptions;
  readonly #offers: readonly OfferParams[];
  readonly #hostDevices = new Map<string, RingDevice>();
  /** Channels that the host takes away while nobody listens, and whether they come again. */
  readonly #leaving: [OfferKey, boolean][] = [];
  /** The answer to a modification of the host's connection is kept. */
  #holdsConnection = false;
  #owesConnection = 0;

  constructor(options: BusOptions = {}) {
    this.#options = options;
    const channels = options.channels ?? [[0xe1, 0xe2], [0xe3], []];
    this.#offers = channels.map((_, index) => offerNumber(index + 1));
    const planned = channels.flatMap((gpadls, index) => {
      const offer = this.#offers[index];
      return offer === undefined || gpadls.length === 0 ? [] : { key: offer.key, gpadls };
    });
    this.guest = new VmbusDriver(this.memory, planned);
    this.host = options.relayed === true ? this.#newHost() : null;
    this.middle = this.#newMiddle(options.server, options.client);
    this.#attachHost();
    this.start(true);
  }

  #newHost(): VmbusServer {
    const features = this.#options.hostFeatures ?? HOST_FEATURES;
    const rules = { ...SOUND_SERVER, featureFlags: features, rescindsFirst: true };
    const host = new VmbusServer(rules, this);
    host.relayTo({
      modifyConnection: () => {
        this.#owesConnection++;
        if (!this.#holdsConnection) this.#answerConnection();
      },
    });
    for (const offer of this.#offers) this.#offerDevice(host, offer, this.#hostDevices);
    host.start();
    return host;
  }

  #attachHost(): void {
    this.host?.attach({
      post: (octets, target) => this.middle.client?.post(octets, target) ?? false,
      interrupt: (flag, redirected) => {
        if (redirected) this.middle.client?.interrupt(flag, redirected);
        else this.guest.interrupt(flag, redirected);
      },
      wake: () => {
        this.middle.client?.wake();
        this.guest.wake();
      },
    });
  }

  #answerConnection(): void {
    while (this.#owesConnection > 0) {
      // The answer may bring the next request.
      this.#owesConnection--;
      const connectionState = CONNECTION_STATE.successful;
      this.host?.relayAnswered({ connectionState, featureFlags: 0xffff_ffff });
    }
  }

  #offerDevice(
    server: VmbusServer,
    offer: OfferParams,
    into: Map<string, RingDevice>,
  ): OfferedChannel {
    const device = new RingDevice(this.memory);
    const channel = server.offer(offer, device);
    device.offeredAs(channel);
    into.set(keyText(offer.key), device);
    return channel;
  }

  #newMiddle(server: Partial<ServerRules> = {}, client: Partial<ClientRules> = {}): Middle {
    const bus = new VmbusServer({ ...SOUND_SERVER, ...server }, this);
    bus.attach(this.guest);
    const devices = new Map<string, RingDevice>();
    if (this.host === null) {
      for (const offer of this.#offers) this.#offerDevice(bus, offer, devices);
      return { server: bus, client: null, relay: null, devices };
    }
    const made = new VmbusClient({ ...SOUND_CLIENT, ...client }, this);
    made.attach(this.host);
    return { server: bus, client: made, relay: new VmbusRelay(made, bus, this), devices };
  }

  waitUntil = (done: () => boolean): boolean => {
    // Whatever the host keeps comes in the end.
    this.answerHeld();
    return done();
  };

  /** Starts the middle part and the guest. `connects`: the client has no connection yet. */
  start(connects = false): void {
    const { server, client, relay } = this.middle;
    client?.start();
    if (connects) client?.connect({ targetMessageVp: 0, monitorPages: null });
    server.start();
    relay?.start();
    for (const device of this.middle.devices.values()) device.start();
    this.guest.attach(server);
    this.guest.setRunning(true);
  }

  /** Stops guest and middle part, and saves the latter, as it comes out of the codec. */
  save(): SavedBus {
    const { server, client, relay, devices } = this.middle;
    this.guest.setRunning(false);
    relay?.stop();
    server.stop();
    const codec = codecFor(VmbusServerSavedState, "main");
    const saved = codec.decode(codec.encode(server.save()));
    const savedRelay = relay?.save() ?? null;
    client?.stop();
    const open = [...devices.values()].map(({ isOpen }) => isOpen);
    return { server: saved, client: client?.save() ?? null, relay: savedRelay, open };
  }

  /** Replaces the middle part by one that takes over `saved`. */
  restore(saved: SavedBus, rules: Partial<ServerRules> = {}): void {
    this.guest.attach(null);
    this.#takeAway();
    this.middle = this.#newMiddle(rules);
    const { server, client, relay, devices } = this.middle;
    const connected = saved.client !== null && client?.restore(saved.client) === true;
    if (connected) relay?.offerAll();
    server.restore(saved.server);
    for (const [index, device] of [...devices.values()].entries()) {
      device.restore(saved.open[index] === true);
    }
    if (saved.relay !== null) relay?.restore(saved.relay);
    client?.postRestore();
    this.start(client !== null && !connected);
  }

  /** Saves and restores once. */
  service(rules: Partial<ServerRules> = {}): void {
    this.restore(this.save(), rules);
  }

  hold(kinds: readonly (HeldKind | "connection")[]): void {
    this.#holdsConnection = kinds.includes("connection");
    const held = kinds.filter((kind) => kind !== "connection");
    for (const device of this.devices().values()) device.hold(held);
  }

  answerHeld(): void {
    this.#holdsConnection = false;
    this.#answerConnection();
    this.#takeAway();
    for (const device of this.devices().values()) device.answerHeld();
    this.guest.wake();
  }

  revokeLater(key: OfferKey, again: boolean): void {
    this.#leaving.push([key, again]);
  }

  #takeAway(): void {
    const devices = this.#hostDevices;
    for (const [key, again] of this.#leaving.splice(0)) {
      devices.get(keyText(key))?.revoke();
      devices.delete(keyText(key));
      const offer = this.#offers.find((known) => keyText(known.key) === keyText(key));
      if (again && offer !== undefined && this.host !== null) {
        this.#offerDevice(this.host, offer, devices);
      }
    }
  }

  revoke(key: OfferKey): void {
    this.devices().get(keyText(key))?.revoke();
    this.guest.wake();
  }

  /** The devices at the far end. */
  devices(): ReadonlyMap<string, RingDevice> {
    return this.host === null ? this.middle.devices : this.#hostDevices;
  }
}
