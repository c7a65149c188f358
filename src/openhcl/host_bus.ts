/**
 * The host's own VMBus, behind OpenHCL's client: a second server with an echo device on each
 * channel. It outlives every restart of OpenHCL, and signals the guest directly unless interrupts
 * are redirected.
 *
 * Source: microsoft/openvmm, pull request 962 (Hyper-V retries what a client does not take, and has
 * no messages to pause), and 1100 (it answers what it was asked of a channel that it has taken
 * away).
 *
 * @module
 */
import type { VmbusDriver } from "../guest/mod.ts";
import { Log, Points, type TimeSource } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import type { OfferKey, VmbusServerSavedState } from "../openhcl_state/mod.ts";
import type { VmbusClient } from "../vmbus/mod.ts";
import {
  CONNECTION_STATE,
  FEATURE,
  type HeldKind,
  type OfferParams,
  RingDevice,
  type ServerChannelRecord,
  type ServerRules,
  SOUND_SERVER,
  sameKey,
  VmbusServer,
} from "../vmbus/mod.ts";

const HOST_FEATURES =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection;

const HOST_RULES: ServerRules = {
  ...SOUND_SERVER,
  featureFlags: HOST_FEATURES,
  rescindsFirst: true,
};

/** Kinds of answers that a host can keep; `connection` is to a change of the connection. */
export type HostHeldKind = HeldKind | "connection";

interface Leaving {
  readonly offer: OfferParams;
  readonly again: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;

export class HostBus implements TimeSource {
  readonly #memory: GuestMemory;
  readonly #guest: VmbusDriver;
  #server: VmbusServer;
  #devices = new Map<OfferKey, RingDevice>();
  #client: VmbusClient | null = null;
  #holdsConnection = false;
  #owesConnection = 0;
  /** Channels that go while nobody listens; some of them come again. */
  #leaving: Leaving[] = [];
  /** When everything that is kept is answered. */
  dueUs = NEVER;

  /** `lacks` is what the host has less than it could. */
  constructor(
    offers: readonly OfferParams[],
    memory: GuestMemory,
    guest: VmbusDriver,
    lacks: Partial<ServerRules> = {},
  ) {
    this.#memory = memory;
    this.#guest = guest;
    this.#server = new VmbusServer({ ...HOST_RULES, ...lacks }, this.#surroundings());
    this.#wire();
    for (const offer of offers) this.offer(offer);
    this.#server.start();
  }

  #surroundings() {
    // What a host logs, and the points that it comes to, are not part of any hop.
    return { log: new Log(), points: new Points(), memory: this.#memory };
  }

  #wire(): void {
    this.#server.relayTo({
      modifyConnection: () => {
        this.#owesConnection++;
        if (!this.#holdsConnection) this.#answerConnection();
      },
    });
    this.#server.attach({
      post: (octets, target) => this.#client?.post(octets, target) ?? false,
      interrupt: (eventFlag, redirected) => {
        if (redirected) this.#client?.interrupt(eventFlag, redirected);
        else this.#guest.interrupt(eventFlag, redirected);
      },
      wake: () => {
        this.#client?.wake();
        this.#guest.wake();
      },
    });
  }

  #answerConnection(): void {
    const answer = {
      connectionState: CONNECTION_STATE.successful,
      featureFlags: SOUND_SERVER.featureFlags,
    };
    while (this.#owesConnection > 0) {
      // The answer may bring the next request.
      this.#owesConnection--;
      this.#server.relayAnswered(answer);
    }
  }

  /** Connects the bus with the client of the OpenHCL that runs now. */
  attach(client: VmbusClient): void {
    this.#client = null;
    this.#takeAway();
    this.#client = client;
    client.attach(this.#server);
  }

  /** The OpenHCL that ran is gone: what the host has to say waits for the next one. */
  detach(): void {
    this.#client = null;
  }

  /** Adds a channel. */
  offer(params: OfferParams): void {
    const device = new RingDevice(this.#memory);
    device.offeredAs(this.#server.offer(params, device));
    this.#devices.set(params.key, device);
  }

  /** Takes a channel away. */
  revoke(key: OfferKey): void {
    for (const [known, device] of this.#devices) {
      if (!sameKey(known, key)) continue;
      device.revoke();
      this.#devices.delete(known);
    }
  }

  /**
   * Takes a channel away between two OpenHCLs, when nobody listens, and answers nothing before;
   * `again`: and offers it anew.
   */
  revokeLater(offer: OfferParams, again: boolean): void {
    this.#leaving.push({ offer, again });
    this.dueUs = NEVER;
  }

  #takeAway(): void {
    for (const { offer, again } of this.#leaving.splice(0)) {
      this.revoke(offer.key);
      if (again) this.offer(offer);
    }
  }

  /** Keeps answers of these kinds, until `untilUs` on the machine's clock or until told. */
  hold(kinds: readonly HostHeldKind[], untilUs: number = NEVER): void {
    this.#holdsConnection = kinds.includes("connection");
    const held = kinds.filter((kind) => kind !== "connection");
    for (const device of this.#devices.values()) device.hold(held);
    this.dueUs = untilUs;
  }

  answerHeld(): void {
    this.dueUs = NEVER;
    this.#holdsConnection = false;
    this.#answerConnection();
    this.#takeAway();
    for (const device of this.#devices.values()) device.answerHeld();
  }

  fire(): void {
    this.answerHeld();
  }

  /** Channels that the client has been offered. */
  channels(): readonly ServerChannelRecord[] {
    return this.#server.channels();
  }

  /** Puts the bus into the state of a host whose client was captured elsewhere. */
  adopt(saved: VmbusServerSavedState): void {
    this.#server.stop();
    this.#server.restore(saved);
    for (const { key, state } of saved.server.state?.channels ?? []) {
      for (const [known, device] of this.#devices) {
        if (sameKey(known, key)) device.restore(state.variant === "Open");
      }
    }
    this.#server.start();
  }

  /** A copy for a copy of memory and guest, connected with no client. */
  fork(memory: GuestMemory, guest: VmbusDriver): HostBus {
    const copy = new HostBus([], memory, guest);
    copy.#server = this.#server.fork(copy.#surroundings(), (device, channel) => {
      const forked = (device as RingDevice).fork(memory, channel);
      copy.#devices.set(channel.key, forked);
      return forked;
    });
    copy.#wire();
    copy.#holdsConnection = this.#holdsConnection;
    copy.#owesConnection = this.#owesConnection;
    copy.#leaving = [...this.#leaving];
    copy.dueUs = this.dueUs;
    return copy;
  }
}
