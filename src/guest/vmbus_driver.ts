/**
 * The guest's VMBus driver: posts messages, takes answers out of its message slot, and looks at
 * rings that were signalled. It knows its bus by a port and nothing behind it.
 *
 * Source: the guest's side of vm/devices/vmbus/vmbus_core/src/protocol.rs. What it asks for is in
 * `connection_requests.ts` and `channel_requests.ts`.
 *
 * @module
 */
import type { GuestMemory } from "../memory/mod.ts";
import {
  type ConnectionTarget,
  type GuestPort,
  type HostPort,
  type Packet,
  VERSION,
} from "../vmbus/mod.ts";
import {
  type DriverState,
  forkDriverState,
  type GuestChannel,
  newDriverState,
  type PlannedChannel,
  type TrafficTotals,
} from "./driver_state.ts";
import { greet, takeGreeting } from "./greeting.ts";
import { takeFromHost } from "./host_messages.ts";
import { connectionOf, eventsTaken } from "./interrupt_page.ts";
import { readRing } from "./ring_traffic.ts";

/** Who waits for completions. */
export interface CompletionPort {
  completed(packet: Packet): void;
}

export class VmbusDriver implements GuestPort {
  readonly memory: GuestMemory;
  readonly plan: readonly PlannedChannel[];
  readonly state: DriverState;
  /** Newest last; contact is made from there down. */
  readonly versions: readonly number[];
  /** Takes completions of requests to disks. */
  storage: CompletionPort | null = null;
  #bus: HostPort | null = null;
  #runs = false;
  #busy = false;

  constructor(
    memory: GuestMemory,
    plan: readonly PlannedChannel[],
    versions: readonly number[] = [VERSION.iron, VERSION.copper],
    state: DriverState = newDriverState(),
  ) {
    this.memory = memory;
    this.plan = plan;
    this.versions = versions;
    this.state = state;
  }

  /** Connects the guest with its bus, or with nobody. */
  attach(bus: HostPort | null): void {
    this.#bus = bus;
  }

  /** A copy on a copy of the memory, which stands still and is connected with nobody. */
  fork(memory: GuestMemory): VmbusDriver {
    return new VmbusDriver(memory, this.plan, this.versions, forkDriverState(this.state));
  }

  get complaints(): readonly string[] {
    return this.state.complaints;
  }

  get traffic(): TrafficTotals {
    const { channels, returned, oddities } = this.state;
    const totals = { sent: returned, returned, oddities };
    for (const { traffic } of channels.values()) {
      totals.sent += traffic.sent;
      totals.returned += traffic.received;
    }
    return totals;
  }

  /** The guest starts over: it knows its memory, and nothing of a bus. */
  restart(): void {
    const { memory, nextPfn } = this.state;
    Object.assign(this.state, { ...newDriverState(), memory, nextPfn });
  }

  /** Lets the guest's processors run, or stops them. */
  setRunning(runs: boolean): void {
    this.#runs = runs;
    this.wake();
  }

  /** Leaves messages in the slot from now on, or takes them again. */
  setHoldsSlot(holds: boolean): void {
    this.state.holdsSlot = holds;
    this.wake();
  }

  /** Sends nothing from now on, although it has something to say, or sends again. */
  setHoldsOutbox(holds: boolean): void {
    this.state.holdsOutbox = holds;
    this.wake();
  }

  post(octets: Uint8Array, target: ConnectionTarget | null): boolean {
    // Slots of reserved channels are polled by whoever has named them.
    if (target !== null) return true;
    if (this.state.slot !== null) return false;
    this.state.slot = octets;
    return true;
  }

  interrupt(eventFlag: number, _redirected: boolean): void {
    this.state.events.add(eventFlag);
  }

  /** Takes what has come, and sends what has waited, until there is nothing more to do. */
  wake(): void {
    if (!this.#runs || this.#busy) return;
    this.#busy = true;
    try {
      while (this.#takeMessage() || this.#takeEvents() || greet(this) || this.#sendWaiting());
    } finally {
      this.#busy = false;
    }
  }

  #takeMessage(): boolean {
    const { slot, holdsSlot } = this.state;
    if (slot === null || holdsSlot) return false;
    this.state.slot = null;
    takeFromHost(this.state, this.plan, slot);
    this.#bus?.flush();
    return true;
  }

  #takeEvents(): boolean {
    const { channels } = this.state;
    if (this.state.events.size === 0) return false;
    const events = eventsTaken(this.state, this.memory);
    for (const channel of channels.values()) {
      if (!events.has(channel.relid)) continue;
      const others = (packet: Packet) => this.#takeOther(channel, packet);
      if (readRing(this.state, this.memory, channel, others)) this.signal(channel);
    }
    return true;
  }

  #takeOther(channel: GuestChannel, packet: Packet): void {
    if (!takeGreeting(this, channel, packet)) this.storage?.completed(packet);
  }

  #sendWaiting(): boolean {
    const [octets] = this.state.outbox;
    if (octets === undefined || this.state.holdsOutbox) return false;
    if (this.#bus?.post(octets) !== true) return false;
    this.state.outbox.shift();
    return true;
  }

  /** Sends a message, behind those that wait already. */
  send(octets: Uint8Array): void {
    this.state.outbox.push(octets);
    this.wake();
  }

  /** Signals the host of a channel. */
  signal(channel: GuestChannel): void {
    this.#bus?.signal(connectionOf(this.state, this.memory, channel));
  }

  /** Channels that the plan says to open and that are there, by relid. */
  planned(): GuestChannel[] {
    return [...this.state.channels.values()].filter(
      ({ planned, rescinded }) => !rescinded && planned !== null,
    );
  }
}
