/**
 * A client with a host that writes down what it is sent, for unit tests.
 *
 * @module
 */
import { Log, Points } from "../machine/mod.ts";
import type { VmbusClientOffer, VmbusClientSavedState } from "../openhcl_state/mod.ts";
import { VmbusClient } from "./client.ts";
import type { ClientChannelUser, ClientOpenRequest } from "./client_channel.ts";
import { type ClientRules, type ClientSurroundings, SOUND_CLIENT } from "./client_state.ts";
import { guid } from "./guid.ts";
import type { HostChannel } from "./host_channel.ts";
import type { ClientUser } from "./host_message.ts";
import { type Contents, USER_DATA_LENGTH } from "./layout.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { offerOf } from "./offer.ts";
import { parse } from "./parse.ts";
import { FEATURE, VERSION, type VersionInfo } from "./protocol.ts";
import { INTERFACE } from "./test_server.ts";

type Form<N extends MessageName> = Contents<(typeof MESSAGE)[N]>;

/** Features of a host as it is usually met. */
export const HOST_FEATURES: number =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection;

export function clientOffer(id: number): VmbusClientOffer {
  return offerOf(id, INTERFACE, guid(`00000000-0000-4000-8000-00000000000${id}`));
}

export const OPEN: ClientOpenRequest = {
  ringGpadlId: 0xa1,
  targetVp: 1,
  ringOffset: 4,
  userData: new Uint8Array(USER_DATA_LENGTH),
  eventFlag: 1,
  connectionId: 0x2001,
  redirected: false,
};

/** Writes down what it is told of a channel. */
export class ChannelDiary implements ClientChannelUser {
  readonly entries: unknown[] = [];
  opened(...told: unknown[]): void {
    this.entries.push(["opened", ...told]);
  }
  gpadlCreated(...told: unknown[]): void {
    this.entries.push(["gpadlCreated", ...told]);
  }
  gpadlTorndown(...told: unknown[]): void {
    this.entries.push(["gpadlTorndown", ...told]);
  }
  modified(...told: unknown[]): void {
    this.entries.push(["modified", ...told]);
  }
  revoked(): void {
    this.entries.push(["revoked"]);
  }
  interrupt(): void {
    this.entries.push(["interrupt"]);
  }
}

export class TestClient implements ClientUser {
  readonly client: VmbusClient;
  readonly surroundings: ClientSurroundings;
  /** What the client has told of its connection. */
  readonly told: unknown[] = [];
  readonly signals: number[] = [];
  /** False while the host has no room. */
  takes = true;
  /** What happens while the client waits. */
  meanwhile: () => void = () => {};
  /** The one that messages to the host are read in. */
  version: VersionInfo | null = null;
  #octets: Uint8Array[] = [];

  constructor(rules: Partial<ClientRules> = {}) {
    const waitUntil = (done: () => boolean) => {
      this.meanwhile();
      return done();
    };
    this.surroundings = { log: new Log(), points: new Points(), waitUntil };
    this.client = new VmbusClient({ ...SOUND_CLIENT, ...rules }, this.surroundings);
    this.client.usedBy(this);
    this.client.attach({
      post: (octets) => {
        if (this.takes) this.#octets.push(octets);
        return this.takes;
      },
      signal: (connectionId) => this.signals.push(connectionId),
      flush: () => {},
    });
  }

  connected(offers: readonly VmbusClientOffer[] | null): void {
    this.told.push(["connected", offers?.map(({ channel_id: id }) => id) ?? null]);
  }

  offered({ channel_id: id }: VmbusClientOffer): void {
    this.told.push(["offered", id]);
  }

  connectionModified(state: number): void {
    this.told.push(["modified", state]);
  }

  unloaded(): void {
    this.told.push(["unloaded"]);
  }

  /** The host sends a message. */
  send<N extends MessageName>(name: N, contents: Form<N>): void {
    const form = MESSAGE[name] as { encode(value: Form<N>): Uint8Array };
    this.client.post(form.encode(contents), null);
    this.client.wake();
  }

  sendOffer(id: number): void {
    const offer = clientOffer(id);
    this.send("offerChannel", {
      interfaceId: offer.interface_id,
      instanceId: offer.instance_id,
      flags: 0,
      mmioMegabytes: 0,
      userDefined: offer.user_defined,
      subchannelIndex: 0,
      mmioMegabytesOptional: 0,
      channelId: id,
      monitorId: 0,
      monitorAllocated: 0,
      isDedicated: 1,
      connectionId: 0x2000 + id,
    });
  }

  sendVersion(supportedFeatures: number | null = HOST_FEATURES): void {
    const supported = supportedFeatures !== null;
    const response = {
      versionSupported: supported ? 1 : 0,
      connectionState: 0,
      selectedVersionOrConnectionId: 4,
    };
    if (supported) {
      this.version = { version: VERSION.copper, featureFlags: supportedFeatures };
      this.send("versionResponse2", { ...response, supportedFeatures });
    } else this.send("versionResponse", response);
  }

  /** What the host was sent since, by name and content. */
  take(): (readonly [MessageName, unknown])[] {
    const octets = this.#octets;
    this.#octets = [];
    return octets.map((message) => {
      const name = parse(message, this.version);
      return [name, MESSAGE[name].decode(message)];
    });
  }

  names(): MessageName[] {
    return this.take().map(([name]) => name);
  }

  /** A client that has connected and was offered channels 1 and 2; `host` is channel 1. */
  static connected(
    rules: Partial<ClientRules> = {},
    features: number = HOST_FEATURES,
  ): { test: TestClient; diary: ChannelDiary; host: HostChannel } {
    const test = new TestClient(rules);
    test.client.start();
    test.client.connect({ targetMessageVp: 0, monitorPages: null });
    test.sendVersion(features);
    test.sendOffer(1);
    test.sendOffer(2);
    test.send("allOffersDelivered", {});
    test.take();
    const diary = new ChannelDiary();
    return { test, diary, host: test.client.use(1, diary) };
  }

  /** Like `connected()`, with channel 1 open on GPADL 0xa1. */
  static opened(rules: Partial<ClientRules> = {}, features: number = HOST_FEATURES) {
    const made = TestClient.connected(rules, features);
    const { test, host, diary } = made;
    host.gpadl(0xa1, { count: 1, octets: new Uint8Array(16) });
    test.send("gpadlCreated", { channelId: 1, gpadlId: 0xa1, status: 0 });
    host.open(OPEN);
    test.send("openResult", { channelId: 1, openId: 0, status: 0 });
    test.take();
    diary.entries.length = 0;
    return made;
  }

  save(): VmbusClientSavedState {
    this.client.stop();
    return this.client.save();
  }

  warnings(): string[] {
    const lines = this.surroundings.log.lines();
    return lines.filter(({ level }) => level !== "info").map(({ text }) => text);
  }
}
