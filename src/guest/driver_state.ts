/**
 * What the guest's VMBus driver knows: its connection, the channels that it was offered, the memory
 * that it has described, and what it has found wrong. Plain data, which outlives every restart of
 * OpenHCL.
 *
 * @module
 */
import type { OfferKey } from "../openhcl_state/mod.ts";
import type { VersionInfo } from "../vmbus/mod.ts";

/** A channel that a guest opens. */
export interface PlannedChannel {
  readonly key: OfferKey;
  /** Ids of its GPADLs; the first one holds the rings. */
  readonly gpadls: readonly number[];
  /** Processor that takes its interrupts. */
  readonly vp?: number;
  /** What is behind it; a device that gives every packet back when absent. */
  readonly use?: "storage";
}

export type GuestGpadlState =
  | "none"
  /** The header is sent, bodies are missing. */
  | "begun"
  | "sent"
  | "created"
  | "torn-down";

export interface GuestGpadl {
  readonly id: number;
  readonly pfn: number;
  readonly pages: number;
  state: GuestGpadlState;
}

/** Packets of a channel's rings, counted since they were made. */
export interface Traffic {
  sent: number;
  received: number;
}

/** Packets of all rings together. */
export interface TrafficTotals {
  readonly sent: number;
  readonly returned: number;
  /** Packets that came twice, out of order, or changed, in words. */
  readonly oddities: readonly string[];
}

export interface GuestChannel {
  readonly relid: number;
  readonly key: OfferKey;
  /** Null for a channel that the guest leaves closed. */
  readonly planned: PlannedChannel | null;
  readonly connectionId: number;
  /** There is no answer to a close, so that the guest takes the channel for closed at once. */
  state: "offered" | "opening" | "open";
  readonly gpadls: GuestGpadl[];
  /** ModifyChannels that have not been answered. */
  modifying: number;
  rescinded: boolean;
  traffic: Traffic;
  /** Steps that guest and storage controller have taken to come to terms; see `greeting.ts`. */
  greeted: number;
}

export type GuestConnection =
  | "none"
  | "contacted"
  | "connected"
  /** Offers were asked for. */
  | "requested"
  | "delivered"
  | "unloading";

export interface DriverState {
  connection: GuestConnection;
  /** Version that contact was made with last. */
  versionAsked: number;
  /** What was agreed on; null before. */
  version: VersionInfo | null;
  /** ModifyConnections that have not been answered. */
  modifying: number;
  channels: Map<number, GuestChannel>;
  /** Memory of channels, so that one that comes again uses it again. */
  memory: Map<PlannedChannel, readonly GuestGpadl[]>;
  nextPfn: number;
  /** Messages that the host had no room for. */
  outbox: Uint8Array[];
  /** Message slot of the SynIC; null when it is empty. */
  slot: Uint8Array | null;
  /** The guest does not empty its slot at the moment. */
  holdsSlot: boolean;
  /** What it has to send is on its way at the moment. */
  holdsOutbox: boolean;
  /** Event flags that were signalled and not looked at. */
  events: Set<number>;
  /** Channels whose next greeting is to be sent. */
  greets: Set<number>;
  /** Packets that have come back through rings that are gone. */
  returned: number;
  /** What is wrong with packets that have come, oldest first. */
  oddities: string[];
  /** What the host has done that it may not do, oldest first. */
  complaints: string[];
  /** Requests that the host has refused, oldest first. */
  refusals: string[];
}

/** Where the memory of channels begins: at 256 MiB. */
const CHANNEL_PFN = 0x1_0000;

/** Complaints and oddities that are kept; further ones are the same story. */
const COMPLAINTS_MAX = 64;

/** A guest that has not made contact. */
export function newDriverState(): DriverState {
  return {
    connection: "none",
    versionAsked: 0,
    version: null,
    modifying: 0,
    channels: new Map(),
    memory: new Map(),
    nextPfn: CHANNEL_PFN,
    outbox: [],
    slot: null,
    holdsSlot: false,
    holdsOutbox: false,
    events: new Set(),
    greets: new Set(),
    returned: 0,
    oddities: [],
    complaints: [],
    refusals: [],
  };
}

/** The host has done what it may not. */
export function complain({ complaints }: DriverState, what: string): void {
  if (complaints.length < COMPLAINTS_MAX) complaints.push(what);
}

/** Something is wrong with a packet. */
export function noteOddity({ oddities }: DriverState, what: string): void {
  if (oddities.length < COMPLAINTS_MAX) oddities.push(what);
}

/** The rings of a channel go, with whatever is in flight. */
export function forgetRings(state: DriverState, channel: GuestChannel): void {
  state.returned += channel.traffic.received;
  channel.traffic = { sent: 0, received: 0 };
  channel.greeted = 0;
}

/** A copy that goes on apart. Octets and GPADLs of `memory` are never changed. */
export function forkDriverState(state: DriverState): DriverState {
  const channels = new Map<number, GuestChannel>();
  for (const [relid, channel] of state.channels) {
    const gpadls = channel.gpadls.map((gpadl) => ({ ...gpadl }));
    channels.set(relid, { ...channel, gpadls, traffic: { ...channel.traffic } });
  }
  return {
    ...state,
    channels,
    memory: new Map(state.memory),
    outbox: [...state.outbox],
    events: new Set(state.events),
    greets: new Set(state.greets),
    oddities: [...state.oddities],
    complaints: [...state.complaints],
    refusals: [...state.refusals],
  };
}
