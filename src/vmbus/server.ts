/**
 * VMBus server: the bus that OpenHCL offers to the guest, at the level of saved state.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs, channels.rs and lib.rs;
 * facts/openhcl/semantics.md, VMBus. Not modelled: the exchange of messages before a state is
 * reached, hot add during a restore, and monitored notifications beyond their ids.
 *
 * @module
 */
import { ChainError, type InspectNode, type Log } from "../machine/mod.ts";
import type {
  Connection,
  OpenRequest,
  VmbusClientOffer,
  VmbusServerChannel,
  VmbusServerChannelsSavedState,
  VmbusServerGpadl,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { keyText, offerKey } from "./offer.ts";
import { MESSAGE_LENGTH_MAX } from "./protocol.ts";
import {
  type Channel,
  CLOSED,
  checkOffered,
  gpadlKey,
  isOpen,
  REVOKED,
  saveChannel,
  savesReserved,
} from "./server_channel.ts";
import { checkReserve, checkVersion, type ServerRules, versionOf } from "./server_rules.ts";

export class VmbusServer {
  readonly #rules: ServerRules;
  readonly #log: Log;
  #connection: Connection | null = null;
  #channels = new Map<string, Channel>();
  #gpadls = new Map<string, VmbusServerGpadl>();
  #pending: Uint8Array[] = [];

  constructor(rules: ServerRules, log: Log) {
    this.#rules = rules;
    this.#log = log;
  }

  /** The guest connects with a protocol version and its features. */
  connect(connection: Connection): void {
    this.#connection = connection;
  }

  /**
   * A device or the relay offers a channel. One that waits in the saved state for its offer has
   * found it; one that is there already stays as it is.
   */
  offer(offer: VmbusClientOffer, monitorId: number | null): string {
    const key = keyText(offer);
    const known = this.#channels.get(key);
    if (known?.restore === "unmatched") known.restore = "restoring";
    if (known === undefined) {
      this.#channels.set(key, {
        key: offerKey(offer),
        channelId: offer.channel_id,
        connectionId: offer.connection_id,
        monitorId,
        state: CLOSED,
        restore: "new",
      });
    }
    return key;
  }

  /** The guest opens a channel with its GPADLs. */
  open(key: string, params: OpenRequest, gpadls: readonly VmbusServerGpadl[]): void {
    const modify = { variant: "NotModifying", value: {} } as const;
    const value = { params, modify_state: modify, reserved_state: null };
    const channel = this.#channel(key);
    channel.state = { variant: "Open", value };
    for (const gpadl of gpadls) this.#gpadls.set(gpadlKey(gpadl), gpadl);
  }

  /** Queues a message of the host that the guest has not taken yet. */
  queue(message: Uint8Array): void {
    this.#pending.push(message);
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  /** Channels that the guest sees. */
  channels(): readonly { channelId: number; open: boolean; gpadls: readonly number[] }[] {
    return [...this.#channels.values()]
      .filter(({ state }) => state.variant !== "Revoked")
      .map(({ channelId, state }) => ({
        channelId,
        open: isOpen(state),
        gpadls: [...this.#gpadls.values()]
          .filter((gpadl) => gpadl.channel_id === channelId)
          .map(({ id }) => id),
      }));
  }

  get pendingMessages(): readonly Uint8Array[] {
    return this.#pending;
  }

  isOpen(key: string): boolean {
    return isOpen(this.#channel(key).state);
  }

  save(): VmbusServerSavedState {
    return { server: this.#saveChannels(), lost_synic_bug_fixed: true };
  }

  /** Takes over `saved`; the channels still have to be restored one by one. */
  restore({ server: saved, lost_synic_bug_fixed: fixed }: VmbusServerSavedState): void {
    if (saved.state !== null) {
      const { connection, channels, gpadls } = saved.state;
      checkVersion(this.#rules, versionOf(connection));
      this.#connection = connection;
      this.#restoreAll(channels, gpadls);
    } else if (saved.disconnected_state) {
      const { reserved_channels, reserved_gpadls } = saved.disconnected_state;
      this.#connection = null;
      this.#restoreAll(reserved_channels, reserved_gpadls);
    }
    for (const { 0: octets } of saved.pending_messages ?? []) {
      if (octets.length > MESSAGE_LENGTH_MAX) {
        throw new ChainError("a saved pending message is larger than the maximum message size");
      }
      this.#pending.push(octets);
    }
    // A writer with the bug may have lost an event, so every open channel is woken up.
    if (!fixed) this.#log.info("unsticking channels after lost synic events");
  }

  /** A device takes over its channel, and says whether it has it open. */
  restoreChannel(key: string, open: boolean): void {
    const channel = this.#channel(key);
    if (channel.restore === "restored") return;
    if (channel.restore !== "restoring") {
      // A closed channel that came after the save has no state to miss.
      if (!open) return;
      throw new ChainError(`channel ${key} is missing from the saved state`);
    }
    if (isOpen(channel.state) !== open) {
      throw new ChainError(`channel ${key} has a mismatched open state`);
    }
    channel.restore = "restored";
  }

  /** Revokes the channels of the saved state that nobody has restored. */
  postRestore(): void {
    for (const channel of this.#channels.values()) {
      if (channel.restore !== "unmatched" && channel.restore !== "restoring") continue;
      this.#log.info(`revoking unrestored channel channel_id=${channel.channelId}`);
      channel.state = REVOKED;
    }
  }

  inspect(): InspectNode {
    const channels: Record<string, InspectNode> = {};
    for (const [key, { channelId, state }] of this.#channels) {
      channels[key] = { channel_id: channelId, state: state.variant };
    }
    return {
      connection: this.#connection?.variant ?? "Disconnected",
      channels,
      gpadls: this.#gpadls.size,
      pending_messages: this.#pending.length,
    };
  }

  #saveChannels(): VmbusServerChannelsSavedState {
    const channels = [...this.#channels.values()].filter(({ state }) => state !== REVOKED);
    const gpadls = [...this.#gpadls.values()];
    const pending = this.#rules.pendingMessages
      ? this.#pending.map((octets) => ({ 0: octets }))
      : [];
    if (this.#connection !== null) {
      const connection = this.#connection;
      const state = { connection, channels: channels.map(saveChannel), gpadls };
      return { state, disconnected_state: null, pending_messages: pending };
    }
    const reserved_channels = channels.filter(({ state }) => savesReserved(state)).map(saveChannel);
    const disconnected_state = this.#rules.disconnectedState
      ? { reserved_channels, reserved_gpadls: gpadls }
      : null;
    return { state: null, disconnected_state, pending_messages: pending };
  }

  #restoreAll(channels: readonly VmbusServerChannel[], gpadls: readonly VmbusServerGpadl[]): void {
    const monitorIds = new Set<number>();
    for (const channel of channels) this.#restoreOne(channel, monitorIds);
    for (const gpadl of gpadls) this.#restoreGpadl(gpadl);
  }

  #restoreOne(saved: VmbusServerChannel, monitorIds: Set<number>): void {
    const key = keyText(saved.key);
    const monitorId = saved.monitor_id;
    checkReserve(this.#rules, saved.state);
    if (monitorId !== null && monitorIds.has(monitorId)) {
      throw new ChainError("monitor ID used by multiple channels in the saved state");
    }
    if (monitorId !== null) monitorIds.add(monitorId);
    const offered = this.#channels.get(key);
    if (offered !== undefined) checkOffered(offered, key, monitorId);
    this.#channels.set(key, {
      key: saved.key,
      channelId: saved.channel_id,
      connectionId: saved.offered_connection_id,
      monitorId,
      state: saved.state,
      restore: offered === undefined ? "unmatched" : "restoring",
    });
  }

  #restoreGpadl(gpadl: VmbusServerGpadl): void {
    const { id, channel_id: channelId, count, buf } = gpadl;
    const channel = [...this.#channels.values()].find((other) => other.channelId === channelId);
    if (channel === undefined || channel.restore === "new") {
      throw new ChainError(`gpadl ${id} is for missing channel ${channelId}`);
    }
    if (channel.state.variant === "Revoked") {
      throw new ChainError(`gpadl ${id} is for revoked channel ${channelId}`);
    }
    // Each range needs at least its header and one page.
    if (buf.length < 2 * count) throw new ChainError("invalid gpadl");
    if (this.#gpadls.has(gpadlKey(gpadl))) throw new ChainError(`gpadl ${id} is already restored`);
    this.#gpadls.set(gpadlKey(gpadl), gpadl);
  }

  #channel(key: string): Channel {
    const channel = this.#channels.get(key);
    if (channel === undefined) {
      throw new RangeError(`Cannot use channel as it must be offered: current value is ${key}`);
    }
    return channel;
  }
}
