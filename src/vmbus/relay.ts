/**
 * VMBus relay: host channels that OpenHCL passes on to the guest. Offers of the client become
 * offers of the server, and what the guest asks of them goes to the host.
 *
 * Source: vm/devices/vmbus/vmbus_relay/src/lib.rs and saved_state.rs. How the state looks on the
 * wire is the business of its user: since 2505 it is converted there. A stop waits for the host, as
 * long as it owes an answer.
 *
 * @module
 */
import { ChainError, type InspectNode, Stuck } from "../machine/mod.ts";
import type {
  VmbusClientOffer,
  VmbusRelayChannel,
  VmbusRelaySavedState,
} from "../openhcl_state/mod.ts";
import type { VmbusClient } from "./client.ts";
import type { ClientSurroundings } from "./client_state.ts";
import type { ModifyRequest, ServerRelay } from "./connection.ts";
import type { ClientUser } from "./host_message.ts";
import type { OfferedChannel } from "./offered_channel.ts";
import { CONNECTION_STATE, FEATURE } from "./protocol.ts";
import { RelayChannel, type RelayShared } from "./relay_channel.ts";
import { relayedOffer } from "./relayed_offer.ts";
import type { VmbusServer } from "./server.ts";

const NO_STATE = new Uint8Array(0);

/** Without these the guest's ids would have to be the host's. */
const REQUIRED_FEATURES =
  FEATURE.guestSpecifiedSignalParameters | FEATURE.channelInterruptRedirection;

export class VmbusRelay implements ServerRelay, ClientUser, RelayShared {
  readonly #client: VmbusClient;
  readonly #server: VmbusServer;
  readonly #surroundings: ClientSurroundings;
  readonly #intercepted: ReadonlySet<number>;
  #useInterruptRelay = false;
  #running = false;
  /** Null for a channel that a device of OpenHCL itself has taken. */
  readonly #channels = new Map<number, RelayChannel | null>();
  readonly #requests: ModifyRequest[] = [];
  /** The host has not answered a modification. */
  #modifies = false;
  readonly #hotOffers: VmbusClientOffer[] = [];
  /** Channels that are gone, whose tasks have not ended yet. */
  readonly #gone: OfferedChannel[] = [];

  /** Channels in `intercepted` are not relayed. */
  constructor(
    client: VmbusClient,
    server: VmbusServer,
    surroundings: ClientSurroundings,
    intercepted: ReadonlySet<number> = new Set(),
  ) {
    this.#client = client;
    this.#server = server;
    this.#surroundings = surroundings;
    this.#intercepted = intercepted;
    client.usedBy(this);
    server.relayTo(this);
  }

  get running(): boolean {
    return this.#running;
  }

  get useInterruptRelay(): boolean {
    return this.#useInterruptRelay;
  }

  forget(channelId: number, offered: OfferedChannel | null): void {
    this.#channels.delete(channelId);
    if (offered !== null) this.#gone.push(offered);
  }

  /** The tasks of channels that are gone end; by then the host may have offered some anew. */
  #endTasks(): void {
    for (const offered of this.#gone.splice(0)) offered.drop();
  }

  connected(offers: readonly VmbusClientOffer[] | null): void {
    if (offers === null) throw new ChainError("failed to connect to the server");
    this.offerAll(offers);
  }

  /** Offers the channels of a client that is connected to the guest. */
  offerAll(offers: readonly VmbusClientOffer[] = this.#client.offers()): void {
    const flags = this.#client.version?.featureFlags ?? 0;
    if ((flags & REQUIRED_FEATURES) !== REQUIRED_FEATURES) {
      throw new ChainError("host must support required feature flags");
    }
    for (const offer of offers) this.#offer(offer);
  }

  offered(offer: VmbusClientOffer): void {
    this.#hotOffers.push(offer);
    this.#takeHotOffers();
    if (this.#running) this.#endTasks();
  }

  /** A stopped relay leaves hot offers alone; they are the client's to save. */
  #takeHotOffers(): void {
    while (this.#running) {
      const offer = this.#hotOffers.shift();
      if (offer === undefined) return;
      try {
        this.#offer(offer);
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
        this.#surroundings.log.error(`failed to hot add offer: ${error.message}`);
      }
    }
  }

  #offer(offer: VmbusClientOffer): void {
    const id = offer.channel_id;
    if (this.#channels.has(id)) throw new ChainError(`channel ${id} already exists`);
    if (this.#intercepted.has(id)) {
      this.#channels.set(id, null);
      return;
    }
    this.#surroundings.points.reach("vmbus/relay/offer");
    const channel = new RelayChannel(this, this.#client, id);
    channel.offeredAs(this.#server.offer(relayedOffer(offer), channel));
    this.#channels.set(id, channel);
  }

  modifyConnection(request: ModifyRequest): void {
    this.#requests.push(request);
    this.#modify();
  }

  #modify(): void {
    const version = this.#client.version;
    while (!this.#modifies) {
      const request = this.#requests.shift();
      if (request === undefined) return;
      if (request.version !== null && (version?.version ?? 0) < request.version) {
        this.#server.relayAnswered("unsupported");
        continue;
      }
      // Whoever uses the channel bitmap cannot be signalled by the host itself.
      this.#useInterruptRelay = request.usesInterruptPage ?? this.#useInterruptRelay;
      const { monitorPages } = request;
      if (monitorPages === null) this.#answer(CONNECTION_STATE.successful);
      else {
        this.#modifies = true;
        this.#client.modifyConnection(monitorPages === "reset" ? null : monitorPages);
      }
    }
  }

  connectionModified(connectionState: number): void {
    this.#modifies = false;
    this.#answer(connectionState);
    this.#modify();
  }

  #answer(connectionState: number): void {
    const featureFlags = this.#client.version?.featureFlags ?? 0;
    this.#server.relayAnswered({ connectionState, featureFlags });
  }

  unloaded(): void {}

  /** Makes the task of a channel go away without its channel. */
  silence(channelId: number): void {
    const channel = this.#channels.get(channelId);
    if (channel) channel.answers = false;
  }

  start(): void {
    this.#running = true;
    for (const channel of this.#channels.values()) channel?.goOn();
    this.#takeHotOffers();
    this.#endTasks();
  }

  /** Stops, once the host has answered what was under way. */
  stop(): void {
    const isIdle = () =>
      !this.#modifies && ![...this.#channels.values()].some((channel) => channel?.busy);
    this.#surroundings.points.around("vmbus/relay/stop", () => {
      if (!isIdle() && !this.#surroundings.waitUntil(isIdle)) {
        throw new Stuck("vmbus relay waits for an answer of the host");
      }
    });
    this.#endTasks();
    this.#running = false;
  }

  /** A channel whose save fails is left out; the save itself goes on. */
  save(): VmbusRelaySavedState {
    const { points, log } = this.#surroundings;
    return points.around("vmbus/relay/save", () => {
      const channels: VmbusRelayChannel[] = [];
      for (const [id, channel] of this.#channels) {
        if (channel === null) channels.push(intercepted(id));
        else if (channel.answers) channels.push(channel.save());
        else log.error("Failed to save relay channel state");
      }
      return { use_interrupt_relay: this.#useInterruptRelay, channels };
    });
  }

  restore({ use_interrupt_relay, channels }: VmbusRelaySavedState): void {
    this.#surroundings.points.around("vmbus/relay/restore", () => {
      this.#useInterruptRelay = use_interrupt_relay;
      for (const saved of channels ?? []) this.#restore(saved);
    });
  }

  #restore(saved: VmbusRelayChannel): void {
    const { channel_id: id, is_open: isOpen = false } = saved;
    const channel = this.#channels.get(id);
    if (channel === undefined) {
      const text = `channel not found during restore, probably revoked channel_id=${id}`;
      this.#surroundings.log.info(text);
    } else if (channel !== null) {
      channel.restore(saved);
    } else if (isOpen) {
      throw new ChainError(`cannot restore intercepted channel ${id}`);
    }
  }

  inspect(): InspectNode {
    const channels: Record<string, InspectNode> = {};
    for (const [id, channel] of this.#channels) {
      const { event_flag, is_open = false } = channel?.save() ?? intercepted(id);
      channels[id] = { event_flag, intercepted: channel === null, is_open };
    }
    return { use_interrupt_relay: this.#useInterruptRelay, channels };
  }
}

function intercepted(channel_id: number): VmbusRelayChannel {
  return {
    channel_id,
    event_flag: null,
    intercepted: true,
    intercepted_save_state: NO_STATE,
    is_open: false,
  };
}
