/**
 * VMBus client: OpenHCL's connection to the host's VMBus, at the level of saved state.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/saved_state.rs; facts/openhcl/semantics.md, VMBus.
 * Not modelled: the exchange of messages before a state is reached. A state that upstream cannot
 * save (Connecting, Opening, GPADL Offered) is a panic there and here.
 *
 * @module
 */
import { ChainError, type InspectNode, Panic } from "../machine/mod.ts";
import type {
  VmbusClientChannel,
  VmbusClientGpadl,
  VmbusClientOffer,
  VmbusClientSavedState,
} from "../openhcl_state/mod.ts";
import { closeChannel, gpadlTeardown, MESSAGE_LENGTH_MAX, relIdReleased } from "./protocol.ts";

/** What a release of the client can restore. */
export interface ClientRules {
  readonly versions: readonly number[];
  readonly featureFlags: number;
}

type GpadlState = "Offered" | "Created" | "TearingDown";

interface Channel {
  readonly offer: VmbusClientOffer;
  /** `Restored` until the relay or another user claims the channel. */
  state: "Offered" | "Opening" | "Opened" | "Restored";
  readonly gpadls: Map<number, GpadlState>;
}

/** A channel at the host. */
export interface HostSide {
  readonly state: "offered" | "opened";
  readonly gpadls: readonly number[];
}

interface Connection {
  readonly version: number;
  readonly featureFlags: number;
}

export class VmbusClient {
  readonly #rules: ClientRules;
  #connection: Connection | null = null;
  /** A revoked channel stays as null until its user lets go of it. */
  #channels = new Map<number, Channel | null>();
  #messages: Uint8Array[] = [];
  #running = true;

  constructor(rules: ClientRules) {
    this.#rules = rules;
  }

  get running(): boolean {
    return this.#running;
  }

  get connected(): boolean {
    return this.#connection !== null;
  }

  /** Messages that the host has not received. */
  get queued(): readonly Uint8Array[] {
    return this.#messages;
  }

  connect(version: number, featureFlags: number, offers: readonly VmbusClientOffer[]): void {
    this.#connection = { version, featureFlags };
    for (const offer of offers) {
      this.#channels.set(offer.channel_id, { offer, state: "Offered", gpadls: new Map() });
    }
  }

  /** Opens a channel with its GPADLs, as the guest asked for. */
  open(channelId: number, gpadls: readonly number[]): void {
    const channel = this.#channel(channelId);
    channel.state = "Opened";
    for (const id of gpadls) channel.gpadls.set(id, "Created");
  }

  /** A request that the host has not answered yet. */
  beginOpen(channelId: number): void {
    this.#channel(channelId).state = "Opening";
  }

  beginTeardown(channelId: number, gpadlId: number): void {
    this.#channel(channelId).gpadls.set(gpadlId, "TearingDown");
  }

  /** The host takes a channel away while its user still holds it. */
  revoke(channelId: number): void {
    this.#channel(channelId);
    this.#channels.set(channelId, null);
  }

  /** Gives a restored channel to its user. Answers whether it is open. */
  claim(channelId: number): boolean {
    const channel = this.#channel(channelId);
    if (channel.state === "Restored") channel.state = "Opened";
    return channel.state === "Opened";
  }

  /** Whether `channelId` was open when it was saved or opened since. */
  isOpen(channelId: number): boolean {
    const state = this.#channels.get(channelId)?.state;
    return state === "Opened" || state === "Restored";
  }

  /** What the host has of `channelId`; undefined when it is not offered there. */
  hostSide(channelId: number): HostSide | undefined {
    const channel = this.#channels.get(channelId);
    if (channel === undefined || channel === null) return undefined;
    const created = [...channel.gpadls].filter(([, state]) => state === "Created");
    const state = this.isOpen(channelId) ? "opened" : "offered";
    return { state, gpadls: created.map(([id]) => id) };
  }

  /** Offers of the channels that have not been revoked. */
  offers(): readonly VmbusClientOffer[] {
    return [...this.#channels.values()].flatMap((channel) => channel?.offer ?? []);
  }

  stop(): void {
    this.#running = false;
  }

  start(): void {
    this.#running = true;
  }

  save(): VmbusClientSavedState {
    if (this.#running) throw new Panic("assertion failed: !self.running");
    const channels: VmbusClientChannel[] = [];
    const gpadls: VmbusClientGpadl[] = [];
    const pending = [...this.#messages];
    for (const [id, channel] of this.#channels) {
      if (channel === null) {
        pending.push(relIdReleased(id));
        continue;
      }
      channels.push(saveChannel(id, channel));
      for (const [gpadlId, state] of channel.gpadls) gpadls.push(saveGpadl(gpadlId, id, state));
    }
    return {
      client_state: this.#saveConnection(),
      channels,
      gpadls,
      pending_messages: pending.map((data) => ({ data })),
    };
  }

  /** Takes over `saved`. Answers whether there was a connection to restore. */
  restore(saved: VmbusClientSavedState): boolean {
    if (saved.client_state.variant === "Disconnected") return false;
    const { version, feature_flags: featureFlags } = saved.client_state.value;
    if (!this.#rules.versions.includes(version)) {
      throw new ChainError(`unsupported protocol version 0x${version.toString(16)}`);
    }
    if ((featureFlags & ~this.#rules.featureFlags) !== 0) {
      throw new ChainError(`unsupported feature flags 0x${featureFlags.toString(16)}`);
    }
    this.#connection = { version, featureFlags };
    for (const channel of saved.channels) this.#restoreChannel(channel);
    for (const gpadl of saved.gpadls) this.#restoreGpadl(gpadl);
    for (const { data } of saved.pending_messages) {
      if (data.length > MESSAGE_LENGTH_MAX) throw new ChainError("invalid pending message");
      this.#messages.push(data);
    }
    return true;
  }

  /** Closes restored channels that nobody has claimed, and tears down their GPADLs. */
  postRestore(): void {
    for (const [id, channel] of this.#channels) {
      if (channel?.state !== "Restored") continue;
      this.#messages.push(closeChannel(id));
      channel.state = "Offered";
      for (const [gpadlId, state] of channel.gpadls) {
        if (state !== "Created") continue;
        this.#messages.push(gpadlTeardown(id, gpadlId));
        channel.gpadls.set(gpadlId, "TearingDown");
      }
    }
  }

  inspect(): InspectNode {
    const channels: Record<string, InspectNode> = {};
    for (const [id, channel] of this.#channels) {
      channels[id] = { state: channel?.state ?? "Revoked", gpadls: [...(channel?.gpadls ?? [])] };
    }
    return {
      state: this.#connection === null ? "disconnected" : "connected",
      version: this.#connection?.version ?? null,
      running: this.#running,
      channels,
      queued_messages: this.#messages.length,
    };
  }

  #channel(id: number): Channel {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel === null) {
      throw new RangeError(`Cannot use channel as it must be offered: current value is ${id}`);
    }
    return channel;
  }

  #saveConnection(): VmbusClientSavedState["client_state"] {
    if (this.#connection === null) return { variant: "Disconnected", value: {} };
    const { version, featureFlags } = this.#connection;
    return { variant: "Connected", value: { version, feature_flags: featureFlags } };
  }

  #restoreChannel({ state, offer }: VmbusClientChannel): void {
    // The offer's own id counts, not the field `id` beside it.
    if (this.#channels.has(offer.channel_id)) {
      throw new ChainError(
        "failed to offer restored channel",
        new ChainError(`channel id ${offer.channel_id} already exists`),
      );
    }
    const restored = state.variant === "Opened" ? "Restored" : "Offered";
    this.#channels.set(offer.channel_id, { offer, state: restored, gpadls: new Map() });
  }

  #restoreGpadl({ gpadl_id, channel_id, state }: VmbusClientGpadl): void {
    const gpadls = this.#channels.get(channel_id)?.gpadls;
    if (gpadls === undefined) {
      throw new ChainError(`gpadl for unknown channel id ${channel_id}`);
    }
    if (gpadls.has(gpadl_id)) throw new ChainError(`duplicate gpadl id ${gpadl_id}`);
    gpadls.set(gpadl_id, state.variant);
  }
}

function saveChannel(id: number, { offer, state }: Channel): VmbusClientChannel {
  if (state === "Opening") throw new Panic("Cannot save channel in opening state.");
  const variant = state === "Offered" ? "Offered" : "Opened";
  return { id, state: { variant, value: {} }, offer };
}

function saveGpadl(gpadlId: number, channelId: number, state: GpadlState): VmbusClientGpadl {
  if (state === "Offered") throw new Panic("Cannot save gpadl in offered state.");
  return { gpadl_id: gpadlId, channel_id: channelId, state: { variant: state, value: {} } };
}
