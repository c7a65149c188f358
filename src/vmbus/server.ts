/**
 * VMBus server: the bus that OpenHCL offers to the guest, and as a second instance the host's bus
 * behind it. Takes the guest's messages and what devices answer, one after the other.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/lib.rs (`ServerTask`) and channels.rs. Not modelled:
 * hvsocket, and servers for other VTLs.
 *
 * @module
 */
import { type InspectNode, Panic, refusal } from "../machine/mod.ts";
import type { OfferKey, VmbusServerSavedState } from "../openhcl_state/mod.ts";
import type { ChannelDevice } from "./channel_device.ts";
import type { ConnectionState, ModifyAnswer, ServerRelay } from "./connection.ts";
import { completeModify, doNextAction } from "./contact.ts";
import { ControlPlane, type GuestPort, type ServerSurroundings } from "./control_plane.ts";
import { isResetting, requestDisconnect } from "./disconnecting.ts";
import { takeMessage } from "./guest_message.ts";
import { keyText, type OfferParams } from "./offer.ts";
import { OfferedChannel } from "./offered_channel.ts";
import { offerChannel } from "./offering.ts";
import { forkPlane } from "./plane_fork.ts";
import { restoreChannels, restoreMessages, revokeUnclaimed } from "./restoring.ts";
import { isOpen, isReleased, isRevoked } from "./server_channel.ts";
import { ServerPort } from "./server_port.ts";
import type { ServerRules } from "./server_rules.ts";
import { saveChannels } from "./server_saved.ts";

/** A channel as an observer sees it. */
export interface ServerChannelRecord {
  readonly channelId: number;
  readonly key: OfferKey;
  readonly open: boolean;
  readonly gpadls: readonly number[];
}

export class VmbusServer {
  readonly #port: ServerPort;
  readonly #plane: ControlPlane;
  #sequence = 0;
  #restored = false;
  #unsticks = false;

  constructor(rules: ServerRules, surroundings: ServerSurroundings) {
    this.#plane = new ControlPlane(rules, surroundings);
    this.#port = new ServerPort(this.#plane);
  }

  /** Connects the server with its guest, or with nobody. */
  attach(guest: GuestPort | null): void {
    this.#plane.guest = guest;
  }

  /** Puts a relay behind the server; it learns how connections change. */
  relayTo(relay: ServerRelay): void {
    this.#port.relay = relay;
  }

  /**
   * A message of the guest. False when it has to be posted again later: the server is stopped, or
   * messages to the guest wait for room.
   */
  post(octets: Uint8Array, trusted = false): boolean {
    const plane = this.#plane;
    const waits = plane.pending.length > 0 && !plane.paused;
    if (!this.#port.running || waits || isResetting(plane)) return false;
    this.#port.settling(() => {
      try {
        takeMessage(plane, octets, trusted);
      } catch (error) {
        plane.log.warn(`synic message error: ${refusal(error).message}`);
      }
    });
    return true;
  }

  /** The guest signals `connectionId`. */
  signal(connectionId: number): void {
    this.#port.signal(connectionId);
  }

  /** The guest has made room for messages, or is there again. */
  flush(): void {
    this.#port.settling(() => {});
  }

  /** `device` offers a channel. */
  offer(params: OfferParams, device: ChannelDevice | null = null): OfferedChannel {
    const sequence = ++this.#sequence;
    this.#port.settling(() => offerChannel(this.#plane, params, sequence, device));
    return new OfferedChannel(this.#port, params.key, sequence);
  }

  /** The relay has taken a modification, in the order of the requests. */
  relayAnswered(answer: ModifyAnswer): void {
    const plane = this.#plane;
    if (plane.relayOwes > 0) plane.relayOwes--;
    if (plane.relayOwes > 0 && plane.rules.dropsOvertakenAnswers) return;
    this.#port.settling(() => completeModify(plane, answer));
  }

  start(): void {
    if (this.#port.running) return;
    const { rules } = this.#plane;
    this.#port.running = true;
    this.#port.settling(() => {
      if (!this.#restored && rules.revokesOnlyAfterRestore) return;
      const { points } = this.#plane.surroundings;
      points.around("vmbus/server/post-restore", () => revokeUnclaimed(this.#plane));
    });
    this.#restored = false;
    this.#port.takeUp();
    if (this.#unsticks) this.#port.unstick();
    this.#unsticks = false;
  }

  stop(): void {
    this.#port.running = false;
  }

  /** The machine is reset. */
  reset(): void {
    this.#port.settling(() => {
      const action = { kind: "Reset" } as const;
      if (requestDisconnect(this.#plane, action)) doNextAction(this.#plane, action);
    });
  }

  save(): VmbusServerSavedState {
    if (isResetting(this.#plane)) throw new Panic("assertion failed: !self.is_resetting()");
    return this.#plane.surroundings.points.around("vmbus/server/save", () => ({
      server: saveChannels(this.#plane),
      lost_synic_bug_fixed: true,
    }));
  }

  /** Takes over `saved`; the channels still have to be restored one by one. */
  restore({ server: saved, lost_synic_bug_fixed: fixed }: VmbusServerSavedState): void {
    const { points } = this.#plane.surroundings;
    const messages = saved.pending_messages ?? [];
    points.around("vmbus/server/restore", () => {
      this.#port.settling(() => restoreChannels(this.#plane, saved));
      restoreMessages(this.#plane, messages);
    });
    this.#restored = true;
    // A writer with the bug may have lost an event, so every open channel is looked at.
    this.#unsticks = !fixed;
  }

  get connection(): ConnectionState {
    return this.#plane.connection;
  }

  get pendingMessages(): readonly Uint8Array[] {
    return this.#plane.pending;
  }

  /** Channels that the guest sees. */
  channels(): readonly ServerChannelRecord[] {
    return this.#plane.channels.flatMap(({ offer, info, state, gpadls }) => {
      if (info === null || isRevoked(state) || isReleased(state)) return [];
      const ids = [...gpadls].filter(([, gpadl]) => gpadl.state === "Accepted");
      return {
        channelId: info.channelId,
        key: offer.key,
        open: isOpen(state),
        gpadls: ids.map(([id]) => id),
      };
    });
  }

  /**
   * A copy that goes on apart, without guest and relay. `forkDevice` copies each device and gives
   * it its channel of the copy.
   */
  fork(
    surroundings: ServerSurroundings,
    forkDevice: (device: ChannelDevice, channel: OfferedChannel) => ChannelDevice,
  ): VmbusServer {
    const copy = new VmbusServer(this.#plane.rules, surroundings);
    copy.#sequence = this.#sequence;
    copy.#restored = this.#restored;
    copy.#unsticks = this.#unsticks;
    copy.#port.running = this.#port.running;
    forkPlane(this.#plane, copy.#plane, (device, { offer, sequence }) =>
      forkDevice(device, new OfferedChannel(copy.#port, offer.key, sequence)),
    );
    return copy;
  }

  inspect(): InspectNode {
    const { connection, channels, pending } = this.#plane;
    const nodes: Record<string, InspectNode> = {};
    let gpadls = 0;
    for (const { offer, info, state, gpadls: own } of channels) {
      nodes[keyText(offer.key)] = { channel_id: info?.channelId ?? null, state: state.kind };
      gpadls += own.size;
    }
    return {
      connection: connection.kind,
      channels: nodes,
      gpadls,
      pending_messages: pending.length,
    };
  }
}
