/**
 * A MANA NIC as hardware: a hardware channel by which its driver asks it for things, one port with
 * a filter that sends packets to VTL0 or to VTL2, and a wire that echoes what is sent. It goes on
 * while OpenHCL restarts, as long as nobody resets the function.
 *
 * Source: vm/devices/net/mana_driver/src/gdma_driver.rs and queues.rs, vm/devices/net/gdma. Queue
 * entries are counted and not laid out; of a response the header is written. Queues of packets are
 * not modelled, only where packets end up.
 *
 * @module
 */
import { putU32 } from "../bytes/write_little_endian.ts";
import { DeviceMemory, PAGE_SIZE, type PhysicalMemory } from "../memory/mod.ts";

/** What one function level reset takes, in microseconds. */
const RESET_US = 100_000;

/** Octets of the entries of each queue. */
export const ENTRY = { event: 16, completion: 64, receive: 32, send: 64 } as const;

/** The last page of the channel's memory, after the four queues and the request. */
const RESPONSE_PAGE = 5;

/** A message that the hardware puts into the event queue by itself. */
export type HwcEvent =
  | { readonly kind: "completion" | "reset-request" }
  /** The link of the port went up or down. */
  | { readonly kind: "link"; readonly up: boolean };

/** The hardware's side of an established channel. Positions only ever grow, by octets. */
interface Channel {
  readonly basePfn: bigint;
  /** Who the pages belong to. */
  readonly owner: string | null;
  /** The channel's pages as the hardware reaches them; null when nobody has said whose they are. */
  readonly pages: DeviceMemory | null;
  /** Event entries that the driver has not read, with the position of each. */
  events: readonly { readonly at: number; readonly event: HwcEvent }[];
  eventsPosted: number;
  completionsPosted: number;
  sendsTaken: number;
  receivesTaken: number;
}

/** Positions of a channel as a driver that took it over has saved them. */
export interface ChannelPositions {
  readonly basePfn: bigint;
  readonly eventNext: number;
  readonly completionNext: number;
  readonly sendTail: number;
  readonly receiveTail: number;
}

/** A packet that came back, or one that never will. */
export type Passage = "echoed" | "lost";

export class ManaHardware {
  readonly pciId: string;
  readonly #memory: PhysicalMemory | null;
  #resets = 0;
  #established = 0;
  #channel: Channel | null = null;
  #answers = true;
  #filterToVtl0 = false;
  #serial: number | null = null;
  #linkEvents = 0;

  /** Without memory no response is written anywhere. */
  constructor(pciId: string, memory: PhysicalMemory | null = null) {
    this.pciId = pciId;
    this.#memory = memory;
  }

  /** Resets that the function has seen since power-on. */
  get resets(): number {
    return this.#resets;
  }

  /** Times that a channel has been established since power-on. */
  get established(): number {
    return this.#established;
  }

  /** First page of the channel's memory while it is up. */
  get channelPfn(): bigint | null {
    return this.#channel?.basePfn ?? null;
  }

  /** The number under which the guest is told of the port; null before somebody has set it. */
  get serial(): number | null {
    return this.#serial;
  }

  /** Times that the link went up or down since power-on. */
  get linkEvents(): number {
    return this.#linkEvents;
  }

  /** Where the filter sends packets. */
  get filterToVtl0(): boolean {
    return this.#filterToVtl0;
  }

  /** Brings the channel up in the memory at `basePfn`. Queues begin one round ahead of zero. */
  establish(basePfn: bigint, owner: string | null = null): void {
    this.#established += 1;
    this.#channel = {
      basePfn,
      owner,
      pages: pagesOf(this.#memory, owner),
      events: [],
      eventsPosted: PAGE_SIZE,
      completionsPosted: PAGE_SIZE,
      sendsTaken: 0,
      receivesTaken: 0,
    };
  }

  /** Puts the channel where a driver has left it that was captured elsewhere. */
  adopt({ basePfn, eventNext, completionNext, sendTail, receiveTail }: ChannelPositions): void {
    const owner = `nic_${this.pciId}`;
    this.#channel = {
      basePfn,
      owner,
      pages: pagesOf(this.#memory, owner),
      events: [],
      eventsPosted: eventNext,
      completionsPosted: completionNext,
      sendsTaken: sendTail,
      receivesTaken: (receiveTail - ENTRY.receive) >>> 0,
    };
  }

  /** Takes the channel down, and the port back to its defaults. Answers the time that it takes. */
  reset(): number {
    this.#resets += 1;
    this.#channel = null;
    this.#answers = true;
    this.#filterToVtl0 = false;
    this.#serial = null;
    return RESET_US;
  }

  /**
   * The driver has rung: its send queue ends at `sendTail`, its receive queue at `receiveTail`. One
   * request is taken and answered with `activityId`. Whatever is not one request is not understood,
   * such as one in memory at `basePfn` that is no longer the channel's.
   */
  ring(basePfn: bigint, sendTail: number, receiveTail: number, activityId: number): void {
    const channel = this.#channelAt(basePfn);
    if (channel === null || !this.#answers) return;
    if ((sendTail - channel.sendsTaken) >>> 0 !== ENTRY.send) return;
    if ((receiveTail - channel.receivesTaken) >>> 0 < ENTRY.receive) return;
    writeResponse(channel, activityId);
    channel.sendsTaken = sendTail;
    channel.receivesTaken = (channel.receivesTaken + ENTRY.receive) >>> 0;
    channel.completionsPosted = (channel.completionsPosted + 2 * ENTRY.completion) >>> 0;
    this.post({ kind: "completion" });
  }

  /** Puts an event into the queue, whether anybody reads it or not. */
  post(event: HwcEvent): void {
    if (event.kind === "link") this.#linkEvents += 1;
    const channel = this.#channel;
    if (channel === null) return;
    const at = channel.eventsPosted;
    channel.eventsPosted = (at + ENTRY.event) >>> 0;
    channel.events = [...channel.events, { at, event }];
  }

  /**
   * The event at position `next`; null when none is there yet, or when a reader is so far off that
   * the owner bits of the entry make no sense.
   */
  eventAt(basePfn: bigint, next: number): HwcEvent | null {
    const { events = [] } = this.#channelAt(basePfn) ?? {};
    return events.find(({ at }) => at === next)?.event ?? null;
  }

  /** The driver has read all events before `next`. */
  acknowledge(basePfn: bigint, next: number): void {
    const channel = this.#channelAt(basePfn);
    if (channel === null || channel.events.length === 0) return;
    channel.events = channel.events.filter(({ at }) => (at - next) >>> 0 < PAGE_SIZE);
  }

  /** Completions that stand between `next` and the end of the queue. */
  completionsFrom(basePfn: bigint, next: number): number {
    const { completionsPosted = next } = this.#channelAt(basePfn) ?? {};
    const octets = (completionsPosted - next) >>> 0;
    return octets > PAGE_SIZE ? 0 : octets / ENTRY.completion;
  }

  /** The channel, for a driver whose queues are in memory at `basePfn`. */
  #channelAt(basePfn: bigint): Channel | null {
    return this.#channel?.basePfn === basePfn ? this.#channel : null;
  }

  /** The hardware stops answering, until it is reset. */
  fallSilent(): void {
    this.#answers = false;
  }

  setSerial(serial: number): void {
    this.#serial = serial;
  }

  moveFilter(toVtl0: boolean): void {
    this.#filterToVtl0 = toVtl0;
  }

  /** A packet that VTL0 sends by its own function, or by OpenHCL, and the wire sends back. */
  pass(fromVtl0: boolean): Passage {
    return this.#filterToVtl0 === fromVtl0 ? "echoed" : "lost";
  }

  /** The same NIC in another memory. */
  fork(memory: PhysicalMemory | null): ManaHardware {
    const copy = new ManaHardware(this.pciId, memory);
    copy.#resets = this.#resets;
    copy.#established = this.#established;
    const channel = this.#channel;
    copy.#channel = channel && { ...channel, pages: pagesOf(memory, channel.owner) };
    copy.#answers = this.#answers;
    copy.#filterToVtl0 = this.#filterToVtl0;
    copy.#serial = this.#serial;
    copy.#linkEvents = this.#linkEvents;
    return copy;
  }
}

function pagesOf(memory: PhysicalMemory | null, owner: string | null): DeviceMemory | null {
  if (memory === null || owner === null) return null;
  return new DeviceMemory(memory.content, memory.owners, owner);
}

function writeResponse({ basePfn, pages }: Channel, activityId: number): void {
  if (pages === null) return;
  putU32(HEADER, 0, activityId);
  pages.write((Number(basePfn) + RESPONSE_PAGE) * PAGE_SIZE, HEADER);
}

/** The header of a response before it is written. */
const HEADER = new Uint8Array(4);
