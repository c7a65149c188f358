/**
 * VMBus relay: host channels that OpenHCL passes on to the guest, at the level of saved state.
 *
 * Source: vm/devices/vmbus/vmbus_relay/src/saved_state.rs; facts/openhcl/semantics.md, VMBus.
 * How the state looks on the wire is the business of its user: since 2505 it is converted there.
 *
 * @module
 */
import { ChainError, type InspectNode, type Log, withContext } from "../machine/mod.ts";
import type { VmbusRelayChannel, VmbusRelaySavedState } from "../openhcl_state/mod.ts";
import type { VmbusClient } from "./client.ts";
import { keyText } from "./offer.ts";
import type { VmbusServer } from "./server.ts";

interface Channel {
  /** Event flag of the guest's interrupts; null while closed. */
  eventFlag: number | null;
  /** A device of OpenHCL itself took the channel; it is not relayed. */
  readonly intercepted: boolean;
  isOpen: boolean;
  /** A channel whose task is gone does not answer when it is asked to save. */
  answers: boolean;
}

export class VmbusRelay {
  readonly #client: VmbusClient;
  readonly #server: VmbusServer;
  readonly #log: Log;
  #useInterruptRelay = false;
  readonly #channels = new Map<number, Channel>();

  constructor(client: VmbusClient, server: VmbusServer, log: Log) {
    this.#client = client;
    this.#server = server;
    this.#log = log;
  }

  get useInterruptRelay(): boolean {
    return this.#useInterruptRelay;
  }

  /** Offers every channel of the client to the guest, except those in `intercepted`. */
  offerAll(intercepted: ReadonlySet<number> = new Set()): void {
    for (const offer of this.#client.offers()) {
      const id = offer.channel_id;
      if (this.#channels.has(id)) continue;
      const taken = intercepted.has(id);
      const channel = { eventFlag: null, intercepted: taken, isOpen: false, answers: true };
      this.#channels.set(id, channel);
      if (!taken) this.#server.offer(offer, null);
    }
  }

  /** The guest opens a relayed channel: the server has told us, and we tell the host. */
  open(channelId: number, eventFlag: number, gpadls: readonly number[]): void {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) {
      throw new RangeError(
        `Cannot open channel as it must be relayed: current value is ${channelId}`,
      );
    }
    this.#useInterruptRelay = true;
    channel.eventFlag = eventFlag;
    channel.isOpen = true;
    this.#client.open(channelId, gpadls);
  }

  /** Makes the task of a channel go away without its channel. */
  silence(channelId: number): void {
    const channel = this.#channels.get(channelId);
    if (channel !== undefined) channel.answers = false;
  }

  /** A channel whose save fails is left out; the save itself goes on. */
  save(): VmbusRelaySavedState {
    const channels: VmbusRelayChannel[] = [];
    for (const [id, channel] of this.#channels) {
      if (!channel.answers) {
        this.#log.error("Failed to save relay channel state");
        continue;
      }
      channels.push({
        channel_id: id,
        event_flag: channel.eventFlag,
        intercepted: channel.intercepted,
        intercepted_save_state: NO_STATE,
        is_open: channel.isOpen,
      });
    }
    return { use_interrupt_relay: this.#useInterruptRelay, channels };
  }

  restore({ use_interrupt_relay, channels }: VmbusRelaySavedState): void {
    this.#useInterruptRelay = use_interrupt_relay;
    for (const saved of channels ?? []) {
      const channel = this.#channels.get(saved.channel_id);
      if (channel === undefined) {
        const id = saved.channel_id;
        this.#log.info(`channel not found during restore, probably revoked channel_id=${id}`);
      } else if (!channel.intercepted) {
        this.#restoreChannel(channel, saved);
      } else if (saved.is_open ?? false) {
        throw new ChainError(`cannot restore intercepted channel ${saved.channel_id}`);
      }
    }
  }

  inspect(): InspectNode {
    const channels: Record<string, InspectNode> = {};
    for (const [id, { eventFlag, intercepted, isOpen }] of this.#channels) {
      channels[id] = { event_flag: eventFlag, intercepted, is_open: isOpen };
    }
    return { use_interrupt_relay: this.#useInterruptRelay, channels };
  }

  #restoreChannel(channel: Channel, saved: VmbusRelayChannel): void {
    const { channel_id: id, event_flag: eventFlag } = saved;
    const isOpen = saved.is_open ?? false;
    if (saved.intercepted) throw new ChainError("cannot restore an intercepted channel");
    const offer = this.#client.offers().find((candidate) => candidate.channel_id === id);
    if (offer === undefined) return;
    withContext("failed to restore vmbus relay channel", () =>
      this.#server.restoreChannel(keyText(offer), isOpen),
    );
    if (!isOpen) return;
    if (this.#useInterruptRelay && eventFlag === null) {
      throw new ChainError("using an interrupt relay but no event flag was provided");
    }
    this.#client.claim(id);
    channel.isOpen = true;
    channel.eventFlag = eventFlag;
  }
}

const NO_STATE = new Uint8Array(0);
