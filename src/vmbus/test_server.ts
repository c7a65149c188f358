/**
 * A server with a guest that writes down what it is sent, for unit tests.
 *
 * @module
 */
import { Log, Points } from "../machine/mod.ts";
import { GuestMemory } from "../memory/mod.ts";
import type { VmbusServerSavedState } from "../openhcl_state/mod.ts";
import type { ConnectionTarget } from "./channel_device.ts";
import type { GuestPort, ServerSurroundings } from "./control_plane.ts";
import { wholePages } from "./gpa_ranges.ts";
import { gpadlMessages } from "./gpadl_messages.ts";
import { guid } from "./guid.ts";
import { type Contents, USER_DATA_LENGTH } from "./layout.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { type OfferParams, offerParams } from "./offer.ts";
import { PACKET_TYPE } from "./packet.ts";
import { parse } from "./parse.ts";
import { FEATURE, SINT, VERSION, type VersionInfo } from "./protocol.ts";
import { OutgoingRing } from "./ring.ts";
import { type HeldKind, RingDevice } from "./ring_device.ts";
import { ringsOf } from "./ring_memory.ts";
import { VmbusServer } from "./server.ts";
import { type ServerRules, SOUND_SERVER } from "./server_rules.ts";

export const INTERFACE = guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f");

/** Instance `number` of a channel without features. */
export function offerNumber(number: number): OfferParams {
  return offerParams(INTERFACE, guid(`00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`));
}

/** Everything that a test's guest asks for. */
export const FEATURES: number =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection |
  FEATURE.pauseResume;

type Form<N extends MessageName> = Contents<(typeof MESSAGE)[N]>;

/** A message that the guest was sent, by name. */
export type Received = { readonly [N in MessageName]: readonly [N, Form<N>] }[MessageName];

export class TestServer implements GuestPort {
  readonly server: VmbusServer;
  readonly surroundings: ServerSurroundings = {
    log: new Log(),
    points: new Points(),
    memory: new GuestMemory(),
  };
  /** Messages that fit into the guest's slot before it is emptied. */
  room = Number.POSITIVE_INFINITY;
  readonly interrupts: number[] = [];
  /** What came to slots of reserved channels. */
  readonly elsewhere: (readonly [ConnectionTarget, MessageName])[] = [];
  version: VersionInfo | null = null;
  #octets: Uint8Array[] = [];

  constructor(rules: Partial<ServerRules> = {}) {
    this.server = new VmbusServer({ ...SOUND_SERVER, ...rules }, this.surroundings);
    this.server.attach(this);
    this.server.start();
  }

  post(octets: Uint8Array, target: ConnectionTarget | null): boolean {
    if (target !== null) {
      this.elsewhere.push([target, parse(octets, this.version)]);
      return true;
    }
    if (this.#octets.length >= this.room) return false;
    this.#octets.push(octets);
    return true;
  }

  interrupt(eventFlag: number): void {
    this.interrupts.push(eventFlag);
  }

  wake(): void {}

  /** Empties the slot. Answers what was in it. */
  take(): Received[] {
    const octets = this.#octets;
    this.#octets = [];
    this.server.flush();
    return octets.map((message) => {
      const name = parse(message, this.version);
      return [name, MESSAGE[name].decode(message)] as unknown as Received;
    });
  }

  /** Names of what was in the slot. */
  names(): MessageName[] {
    return this.take().map(([name]) => name);
  }

  send<N extends MessageName>(name: N, contents: Form<N>, data?: Uint8Array): boolean {
    const form = MESSAGE[name] as { encode(value: Form<N>, data?: Uint8Array): Uint8Array };
    return this.server.post(form.encode(contents, data));
  }

  /** Makes contact; a version before Copper has no features. */
  contact(version: number = VERSION.copper, flags: number = FEATURES): void {
    const contact = {
      versionRequested: version,
      targetMessageVp: 0,
      interruptPageOrTargetInfo: BigInt(SINT) | (BigInt(flags) << 32n),
      parentToChildMonitorPageGpa: 0n,
      childToParentMonitorPageGpa: 0n,
    };
    this.version = null;
    this.send("initiateContact", contact);
    this.version = { version, featureFlags: version >= VERSION.copper ? flags : 0 };
  }

  /** Connects and asks for offers; nothing is left in the slot. */
  connect(version: number = VERSION.copper, flags: number = FEATURES): void {
    this.contact(version, flags);
    this.take();
    this.send("requestOffers", {});
    this.take();
  }

  /** Offers channel `number` with an echo device behind it. */
  offer(number: number, held: readonly HeldKind[] = []): RingDevice {
    const device = new RingDevice(this.surroundings.memory);
    device.offeredAs(this.server.offer(offerNumber(number), device));
    device.hold(held);
    return device;
  }

  /** Describes `pages` pages from `pfn` on as a GPADL. */
  gpadl(channelId: number, gpadlId: number, pages = 8, pfn = 0x1000): void {
    const ranges = { count: 1, octets: wholePages(pfn, pages) };
    for (const octets of gpadlMessages(channelId, gpadlId, ranges)) this.server.post(octets);
  }

  /** Opens a channel with its rings in `gpadlId`. */
  open(channelId: number, gpadlId: number): void {
    const open = {
      channelId,
      openId: 77,
      ringBufferGpadlId: gpadlId,
      targetVp: 1,
      downstreamRingBufferPageOffset: 4,
      userData: new Uint8Array(USER_DATA_LENGTH),
    };
    const flags = this.version?.featureFlags ?? 0;
    if (flags === 0) this.send("openChannel", open);
    else {
      const signals = { connectionId: 0x2000 + channelId, eventFlag: channelId, flags: 0 };
      this.send("openChannel2", { ...open, ...signals });
    }
  }

  /** Puts a packet into the ring of a channel that `gpadl()` and `open()` have made. */
  packet(pfn = 0x1000): void {
    const pages = Array.from({ length: 8 }, (_, page) => pfn + page);
    const { fromGuest } = ringsOf(this.surroundings.memory, pages, 4);
    new OutgoingRing(fromGuest).write({
      type: PACKET_TYPE.inBand,
      transactionId: 1n,
      completionRequested: true,
      extension: new Uint8Array(0),
      payload: new Uint8Array(8),
    });
  }

  /** A connected guest with channel 1 open on GPADL 5; nothing is left in the slot. */
  static opened(rules: Partial<ServerRules> = {}): { test: TestServer; device: RingDevice } {
    const test = new TestServer(rules);
    const device = test.offer(1);
    test.connect();
    test.gpadl(1, 5);
    test.open(1, 5);
    test.take();
    return { test, device };
  }

  /** State of the server and its channels, as inspected. */
  states(): { connection: string; channels: string[] } {
    const { connection, channels } = this.server.inspect() as {
      connection: string;
      channels: Record<string, { state: string }>;
    };
    return { connection, channels: Object.values(channels).map(({ state }) => state) };
  }

  save(): VmbusServerSavedState {
    this.server.stop();
    return this.server.save();
  }

  /** Log lines at level warn or error. */
  warnings(): string[] {
    const lines = this.surroundings.log.lines();
    return lines.filter(({ level }) => level !== "info").map(({ text }) => text);
  }
}
