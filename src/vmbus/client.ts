/**
 * VMBus client: OpenHCL's connection to the host's VMBus.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs. Not modelled: hvsocket and reserved channels,
 * which the client has no use for.
 *
 * @module
 */
import { type InspectNode, Panic, Stuck } from "../machine/mod.ts";
import type { VmbusClientOffer, VmbusClientSavedState } from "../openhcl_state/mod.ts";
import type { ConnectionTarget } from "./channel_device.ts";
import { type ClientChannelUser, hasPendingRequest } from "./client_channel.ts";
import { postRestoreClient, restoreClient, saveClient } from "./client_saved.ts";
import {
  type ClientRules,
  ClientState,
  type ClientSurroundings,
  type ConnectRequest,
  type HostPort,
} from "./client_state.ts";
import type { MonitorPages } from "./connection.ts";
import type { GuestPort } from "./control_plane.ts";
import { HostChannel } from "./host_channel.ts";
import { type ClientUser, initiateContact, takeHostMessage } from "./host_message.ts";
import { MESSAGE } from "./messages.ts";
import { CONNECTION_STATE, FEATURE, type VersionInfo } from "./protocol.ts";

/** A channel as an observer sees it. */
export interface ClientChannelRecord {
  readonly channelId: number;
  readonly open: boolean;
  readonly gpadls: readonly number[];
}

export class VmbusClient implements GuestPort {
  readonly #state: ClientState;
  #user: ClientUser | null = null;
  #running = false;
  #listens = false;
  readonly #inbox: Uint8Array[] = [];
  #reads = false;

  constructor(rules: ClientRules, surroundings: ClientSurroundings) {
    this.#state = new ClientState(rules, surroundings);
  }

  /** Connects the client with the host's bus, or with nobody. */
  attach(host: HostPort | null): void {
    this.#state.host = host;
  }

  /** Says who takes what the host says of the connection. */
  usedBy(user: ClientUser): void {
    this.#user = user;
  }

  get running(): boolean {
    return this.#running;
  }

  /** The version that was agreed on; null while the client is not connected. */
  get version(): VersionInfo | null {
    const { connection } = this.#state;
    return connection.kind === "Connected" ? connection.version : null;
  }

  /** Messages that the host has not received. */
  get queued(): readonly Uint8Array[] {
    return this.#state.queued;
  }

  /** Offers of the channels that have not been revoked. */
  offers(): readonly VmbusClientOffer[] {
    return [...this.#state.channels.values()]
      .filter(({ state }) => state.kind !== "Revoked")
      .map(({ offer }) => offer);
  }

  post(octets: Uint8Array, _target: ConnectionTarget | null): boolean {
    if (!this.#listens) return false;
    this.#inbox.push(octets);
    return true;
  }

  wake(): void {
    if (this.#reads || !this.#listens) return;
    this.#reads = true;
    try {
      this.#state.flush();
      for (let octets = this.#inbox.shift(); octets; octets = this.#inbox.shift()) {
        this.#take(octets);
      }
    } finally {
      this.#reads = false;
    }
  }

  #take(octets: Uint8Array): void {
    const user = this.#user;
    if (user === null) throw new Panic("channel closed");
    // Behind the answer to a pause the host sends nothing.
    if (!takeHostMessage(this.#state, user, octets)) this.#listens = false;
  }

  interrupt(eventFlag: number, _redirected: boolean): void {
    for (const { state, user } of this.#state.channels.values()) {
      if (state.kind === "Opened" && state.eventFlag === eventFlag) user?.interrupt();
    }
  }

  /** Connects with the newest version that the host has, and asks for offers. */
  connect(request: ConnectRequest): void {
    const { connection, rules, surroundings } = this.#state;
    if (connection.kind === "Disconnected") {
      initiateContact(this.#state, request, rules.versions.at(-1) ?? 0);
    } else surroundings.log.warn("invalid client state for InitiateContact");
  }

  /** Takes leave of the host. */
  unload(): void {
    const { version } = this.#state;
    if (version === null) throw new Panic("invalid state for unload");
    this.#state.connection = { kind: "Disconnecting", version };
    this.#state.send(MESSAGE.unload.encode({}));
  }

  /** Changes the monitor pages; null for none. */
  modifyConnection(pages: MonitorPages | null): void {
    const state = this.#state;
    if (!state.has(FEATURE.modifyConnection) || state.modifying) {
      state.surroundings.log.warn("ModifyConnection not supported, or a duplicate");
      this.#user?.connectionModified(CONNECTION_STATE.failedUnknownFailure);
      return;
    }
    state.modifying = true;
    const parentToChildMonitorPageGpa = pages?.parentToChild ?? 0n;
    const childToParentMonitorPageGpa = pages?.childToParent ?? 0n;
    const request = { parentToChildMonitorPageGpa, childToParentMonitorPageGpa };
    state.send(MESSAGE.modifyConnection.encode(request));
  }

  /** Channels of the host that are there, as the client knows them. */
  channels(): readonly ClientChannelRecord[] {
    return [...this.#state.channels].flatMap(([channelId, { state, gpadls }]) => {
      if (state.kind === "Revoked") return [];
      const created = [...gpadls].filter(([, gpadl]) => gpadl === "Created");
      return { channelId, open: state.kind === "Opened", gpadls: created.map(([id]) => id) };
    });
  }

  /** Gives `channelId` to a user. */
  use(channelId: number, user: ClientChannelUser): HostChannel {
    this.#state.channelOf(channelId).user = user;
    return new HostChannel(this.#state, channelId);
  }

  start(): void {
    if (this.#running) {
      if (this.#state.rules.startsTwice) return;
      throw new Panic("assertion failed: !self.running");
    }
    this.#running = true;
    this.#resume();
  }

  /**
   * Stops, with nothing under way for revoked channels and every message taken that the host has
   * sent.
   */
  stop(): void {
    if (!this.#running) throw new Panic("assertion failed: self.running");
    const { points, waitUntil } = this.#state.surroundings;
    points.around("vmbus/client/stop", () => {
      do {
        if (!this.#listens) this.#resume();
        if (this.#awaitsAnswers && !waitUntil(() => !this.#awaitsAnswers)) {
          throw new Stuck("waiting for responses for channel");
        }
        this.#pause();
      } while (this.#awaitsAnswers);
    });
    this.#running = false;
  }

  /** Whether the host has something to answer for a channel that it has revoked. */
  get #awaitsAnswers(): boolean {
    return [...this.#state.channels.values()].some(
      (channel) => channel.state.kind === "Revoked" && hasPendingRequest(channel),
    );
  }

  #resume(): void {
    const state = this.#state;
    this.#listens = true;
    state.sends = true;
    state.flush();
    state.host?.flush();
    this.wake();
  }

  #pause(): void {
    const state = this.#state;
    state.sends = false;
    if (state.has(FEATURE.pauseResume)) {
      state.host?.post(MESSAGE.pause.encode({}));
      // The first thing to be sent when it goes on, by whoever that is.
      state.queued.unshift(MESSAGE.resume.encode({}));
    }
    this.wake();
    this.#listens = false;
  }

  save(): VmbusClientSavedState {
    if (this.#running) throw new Panic("assertion failed: !self.running");
    const { points } = this.#state.surroundings;
    return points.around("vmbus/client/save", () => saveClient(this.#state));
  }

  /** Takes over `saved`. Answers whether there was a connection to restore. */
  restore(saved: VmbusClientSavedState): boolean {
    if (this.#running) throw new Panic("assertion failed: !self.running");
    const { points } = this.#state.surroundings;
    return points.around("vmbus/client/restore", () => restoreClient(this.#state, saved));
  }

  /** Closes restored channels that nobody has claimed, and tears down their GPADLs. */
  postRestore(): void {
    const { points } = this.#state.surroundings;
    points.around("vmbus/client/post-restore", () => postRestoreClient(this.#state));
  }

  inspect(): InspectNode {
    const { connection, channels, queued } = this.#state;
    const nodes: Record<string, InspectNode> = {};
    for (const [id, { state, gpadls }] of channels) {
      nodes[id] = { state: state.kind, gpadls: [...gpadls] };
    }
    return {
      state: connection.kind.toLowerCase(),
      version: this.#state.version?.version ?? null,
      running: this.#running,
      channels: nodes,
      queued_messages: queued.length,
    };
  }
}
