/**
 * The state of a VMBus server, and the two ways out of it: messages to the guest, and requests to
 * devices and relay. Requests are collected and made once the server has done what it was asked,
 * so that an answer never comes in the middle.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`Server`, `MessageSender`, `Notifier`).
 *
 * @module
 */
import { ChainError, type Log, type Points } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import type { OfferKey } from "../openhcl_state/mod.ts";
import type { ConnectionTarget, OpenParams } from "./channel_device.ts";
import { type ConnectionState, DISCONNECTED, type ModifyRequest } from "./connection.ts";
import type { GpadlRanges } from "./gpadl_messages.ts";
import { sameKey } from "./offer.ts";
import { type Channel, isReleased } from "./server_channel.ts";
import type { ServerRules } from "./server_rules.ts";

/** The guest as a server reaches it. A guest does nothing with the server inside of these calls. */
export interface GuestPort {
  /**
   * Puts a message into the guest's slot, or into the one of `target`. False when that is full, and
   * the server has to try again once it has been emptied.
   */
  post(octets: Uint8Array, target: ConnectionTarget | null): boolean;
  /** Signals an event flag; `redirected` to the VTL that asked for it. */
  interrupt(eventFlag: number, redirected: boolean): void;
  /** The server has come to rest: now is the time to look at what has come. */
  wake(): void;
}

/** What a server is given by whoever runs it. */
export interface ServerSurroundings {
  readonly log: Log;
  readonly points: Points;
  /** The guest's. */
  readonly memory: GuestMemory;
}

/** What a device or the relay is asked. */
export type Request =
  | { readonly kind: "open"; readonly channel: Channel; readonly params: OpenParams }
  | { readonly kind: "close"; readonly channel: Channel }
  | {
      readonly kind: "gpadl";
      readonly channel: Channel;
      readonly gpadlId: number;
      readonly ranges: GpadlRanges;
    }
  | {
      readonly kind: "teardown";
      readonly channel: Channel;
      readonly gpadlId: number;
      readonly again: boolean;
    }
  | { readonly kind: "modify"; readonly channel: Channel; readonly targetVp: number }
  | { readonly kind: "connection"; readonly request: ModifyRequest };

export class ControlPlane {
  readonly rules: ServerRules;
  readonly surroundings: ServerSurroundings;
  connection: ConnectionState = DISCONNECTED;
  /** In the order of their offers. */
  channels: Channel[] = [];
  /** By the ids that the guest knows. */
  readonly assigned = new Map<number, Channel>();
  /** Channels of GPADLs whose bodies are missing: a body does not name its channel. */
  readonly incomplete = new Map<number, Channel>();
  /** Messages that the guest has had no room for. */
  readonly pending: Uint8Array[] = [];
  readonly requests: Request[] = [];
  /** Modifications that the relay has not answered. */
  relayOwes = 0;
  guest: GuestPort | null = null;

  constructor(rules: ServerRules, surroundings: ServerSurroundings) {
    this.rules = rules;
    this.surroundings = surroundings;
  }

  get log(): Log {
    return this.surroundings.log;
  }

  /** Whether the guest wants no messages at the moment. */
  get paused(): boolean {
    return this.connection.kind === "Connected" && this.connection.info.paused;
  }

  /** Sends a message with the next {@linkcode flush}, behind those that wait already. */
  send(octets: Uint8Array): void {
    this.pending.push(octets);
  }

  /** Sends a message to a slot that the guest has named. Such messages do not wait. */
  sendTo(target: ConnectionTarget | null, octets: Uint8Array): void {
    if (target === null) this.send(octets);
    else if (!this.guest?.post(octets, target)) this.log.warn("failed to send message");
  }

  /** Sends what waits, as far as there is room. */
  flush(): void {
    const { guest, pending } = this;
    if (guest === null || this.paused) return;
    let sent = 0;
    for (const octets of pending) {
      if (!guest.post(octets, null)) break;
      sent++;
    }
    pending.splice(0, sent);
  }

  /** The channel that the guest calls `channelId`. */
  channelOf(channelId: number): Channel {
    const channel = this.assigned.get(channelId);
    if (channel === undefined) throw new ChainError("unknown channel ID");
    if (isReleased(channel.state)) throw new ChainError("channel ID has already been released");
    return channel;
  }

  /** The channel with `key`, whatever its state. */
  byKey(key: OfferKey): Channel | undefined {
    return this.channels.find(({ offer }) => sameKey(offer.key, key));
  }

  remove(channel: Channel): void {
    this.channels = this.channels.filter((other) => other !== channel);
  }
}
