/**
 * The state of a VMBus client, and its way to the host: messages that the host has no room for, or
 * that come up while the client is stopped, wait in a queue.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs (`ClientState`, `OutgoingMessages`,
 * `SynicState`); the pull requests named below.
 *
 * @module
 */
import { ChainError, type Log, Panic, type Points } from "../machine/mod.ts";
import type { VmbusClientOffer } from "../openhcl_state/mod.ts";
import { type ClientChannel, hasPendingRequest } from "./client_channel.ts";
import type { MonitorPages } from "./connection.ts";
import { MESSAGE } from "./messages.ts";
import { CHANNEL_ID_MAX, FEATURE, VERSION, type VersionInfo } from "./protocol.ts";

/** What a release of the client can do, and its rules of defects. */
export interface ClientRules {
  /** Oldest first; contact is tried from the newest one down. */
  readonly versions: readonly number[];
  readonly featureFlags: number;
  /** A revoked channel is released once the host has answered everything (PR 1100). */
  readonly awaitsRevoked: boolean;
  /** The id of a revoked channel is kept until its user has let go of it (PR 977). */
  readonly keepsRevokedIds: boolean;
  /** A restore refuses a version or features that it does not have (PR 3482). */
  readonly checksRestored: boolean;
  /** A client that runs can be started, as after a save that failed early; else it panics. */
  readonly startsTwice: boolean;
}

/** A client without any defect. */
export const SOUND_CLIENT: ClientRules = {
  versions: [VERSION.iron, VERSION.copper],
  featureFlags:
    FEATURE.guestSpecifiedSignalParameters |
    FEATURE.channelInterruptRedirection |
    FEATURE.modifyConnection |
    FEATURE.clientId |
    FEATURE.pauseResume,
  awaitsRevoked: true,
  keepsRevokedIds: true,
  checksRestored: true,
  startsTwice: true,
};

/** The host's bus as a client reaches it. */
export interface HostPort {
  /** False when the message has to be posted again later. */
  post(octets: Uint8Array): boolean;
  signal(connectionId: number): void;
  /** The client takes messages again. */
  flush(): void;
}

/** What a client is given by whoever runs it. */
export interface ClientSurroundings {
  readonly log: Log;
  readonly points: Points;
  /** Lets time pass until `done`; false when nothing is left that could happen. */
  waitUntil(done: () => boolean): boolean;
}

export interface ConnectRequest {
  readonly targetMessageVp: number;
  readonly monitorPages: MonitorPages | null;
}

export type ClientConnection =
  | { readonly kind: "Disconnected" }
  | { readonly kind: "Connecting"; readonly version: number; readonly request: ConnectRequest }
  | {
      readonly kind: "RequestingOffers";
      readonly version: VersionInfo;
      readonly offers: VmbusClientOffer[];
    }
  | { readonly kind: "Connected"; readonly version: VersionInfo }
  | { readonly kind: "Disconnecting"; readonly version: VersionInfo };

export const CLIENT_DISCONNECTED: ClientConnection = { kind: "Disconnected" };

export class ClientState {
  readonly rules: ClientRules;
  readonly surroundings: ClientSurroundings;
  connection: ClientConnection = CLIENT_DISCONNECTED;
  readonly channels = new Map<number, ClientChannel>();
  /** Channels of GPADLs that are torn down: the answer does not name its channel. */
  readonly teardowns = new Map<number, number>();
  /** A ModifyConnection has not been answered. */
  modifying = false;
  readonly queued: Uint8Array[] = [];
  host: HostPort | null = null;
  /** Whether messages go out. */
  sends = false;
  readonly #eventFlags = new Set<number>();

  constructor(rules: ClientRules, surroundings: ClientSurroundings) {
    this.rules = rules;
    this.surroundings = surroundings;
  }

  get version(): VersionInfo | null {
    return "version" in this.connection ? infoOf(this.connection.version) : null;
  }

  has(feature: number): boolean {
    const { connection } = this;
    return connection.kind === "Connected" && (connection.version.featureFlags & feature) !== 0;
  }

  send(octets: Uint8Array): void {
    this.queued.push(octets);
    this.flush();
  }

  /** Sends what waits, as far as the host has room. */
  flush(): void {
    while (this.sends) {
      const octets = this.queued.shift();
      if (octets === undefined) return;
      if (this.host?.post(octets) === true) continue;
      this.queued.unshift(octets);
      return;
    }
  }

  /** The channel that the host calls `channelId`; there must be one. */
  channelOf(channelId: number): ClientChannel {
    const channel = this.channels.get(channelId);
    if (channel === undefined) throw new Panic(`channel ChannelId(${channelId}) not found`);
    return channel;
  }

  /** Tells the host that nobody uses a revoked channel any more, if so. */
  tryRelease(channel: ClientChannel): void {
    const { state, released, offer } = channel;
    if (state.kind !== "Revoked") return;
    if (this.rules.keepsRevokedIds && !released) return;
    if (this.rules.awaitsRevoked && hasPendingRequest(channel)) return;
    const { channel_id: channelId } = offer;
    // Its user may have let go of it while it was told of an answer.
    if (this.channels.get(channelId) !== channel) return;
    this.channels.delete(channelId);
    this.send(MESSAGE.relIdReleased.encode({ channelId }));
  }

  /** The lowest event flag that is free. */
  allocateEventFlag(): number {
    for (let flag = 1; flag <= CHANNEL_ID_MAX; flag++) {
      if (this.#eventFlags.has(flag)) continue;
      this.#eventFlags.add(flag);
      return flag;
    }
    throw new ChainError("failed to allocate event flag", new ChainError("out of event flags"));
  }

  /** Takes an event flag that a restored channel had. */
  restoreEventFlag(flag: number): void {
    if (flag < 1 || flag > CHANNEL_ID_MAX) throw new ChainError("invalid event flag");
    if (this.#eventFlags.has(flag)) throw new ChainError("event flag already in use");
    this.#eventFlags.add(flag);
  }

  freeEventFlag(flag: number | null): void {
    if (flag !== null) this.#eventFlags.delete(flag);
  }
}

/** A version that is only asked for is not one under which messages are understood. */
function infoOf(version: number | VersionInfo): VersionInfo | null {
  return typeof version === "number" ? null : version;
}
