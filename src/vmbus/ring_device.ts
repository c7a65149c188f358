/**
 * A device behind a channel with two rings, and somebody who answers the packets in them. It can be
 * told to keep its answers to itself, so that whatever it was asked stays under way.
 *
 * What it knows is plain data, and where its rings are is in guest memory: a copy, or another
 * device of its kind in the next release, goes on with them.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { GuestMemory } from "../memory/mod.ts";
import type { ChannelDevice, OpenParams } from "./channel_device.ts";
import { alignedPages } from "./gpa_ranges.ts";
import type { GpadlRanges } from "./gpadl_messages.ts";
import type { OfferedChannel } from "./offered_channel.ts";
import { PACKET_TYPE, type Packet } from "./packet.ts";
import { STATUS } from "./protocol.ts";
import { IncomingRing, OutgoingRing } from "./ring.ts";
import { ringsOf } from "./ring_memory.ts";

/** What an answer is to, or `packets` for those in the ring. */
export type HeldKind = "open" | "close" | "gpadl" | "teardown" | "modify" | "packets";

type Rings = ReturnType<typeof ringsOf>;

/** Who answers the packets of a device. */
export interface PacketUser {
  /**
   * Takes a packet, for whose completion there is room. Answers what goes back at once; null when
   * that comes later, by {@linkcode RingDevice.send}.
   */
  take(packet: Packet): Uint8Array | null;
  /** There may be room in the ring again. */
  moreRoom?(): void;
  /** The guest has closed the channel. */
  closed?(): void;
}

/** Gives back every packet as it came. */
export const ECHO: PacketUser = { take: ({ payload }) => payload };

interface Held {
  readonly kind: HeldKind;
  readonly gpadlId: number;
}

export class RingDevice implements ChannelDevice {
  readonly #memory: GuestMemory;
  readonly #user: PacketUser;
  #channel: OfferedChannel | null = null;
  #gpadls = new Map<number, GpadlRanges>();
  #opened: OpenParams | null = null;
  /** Where the rings of the open channel are. */
  #rings: Rings | null = null;
  #holds: ReadonlySet<HeldKind> = new Set();
  #held: Held[] = [];
  #targetVp = 0;

  constructor(memory: GuestMemory, user: PacketUser = ECHO) {
    this.#memory = memory;
    this.#user = user;
  }

  /** The server has taken the offer. */
  offeredAs(channel: OfferedChannel): void {
    this.#channel = channel;
  }

  get isOpen(): boolean {
    return this.#opened !== null;
  }

  /** Processor that the guest wants the interrupts of the channel on. */
  get targetVp(): number {
    return this.#targetVp;
  }

  /** Whether something was asked and not answered. */
  get owes(): boolean {
    return this.#held.length > 0;
  }

  /** Keeps answers of these kinds from now on. */
  hold(kinds: Iterable<HeldKind>): void {
    this.#holds = new Set(kinds);
  }

  /** Answers what was kept, in the order in which it was asked, and keeps nothing more. */
  answerHeld(): void {
    const held = this.#held;
    this.#held = [];
    this.#holds = new Set();
    for (const { kind, gpadlId } of held) this.#answer(kind, gpadlId);
    if (this.isOpen) this.signaled();
  }

  #answer(kind: HeldKind, gpadlId: number): void {
    const channel = this.#channel;
    if (kind === "open") channel?.opened(true);
    else if (kind === "close") channel?.closed();
    else if (kind === "gpadl") channel?.gpadlTaken(gpadlId, true);
    else if (kind === "teardown") channel?.gpadlLetGo(gpadlId);
    else if (kind === "modify") channel?.modified(STATUS.success);
  }

  /** Whether an answer is kept; it is noted then. */
  #keeps(kind: HeldKind, gpadlId = 0): boolean {
    if (!this.#holds.has(kind)) return false;
    this.#held.push({ kind, gpadlId });
    return true;
  }

  open(params: OpenParams): true | false | null {
    const rings = this.#findRings(params);
    if (rings === null) return false;
    this.#opened = params;
    this.#targetVp = params.request.target_vp;
    this.#rings = rings;
    new IncomingRing(rings.fromGuest).setInterruptMask(false);
    new OutgoingRing(rings.toGuest).attach();
    return this.#keeps("open") ? null : true;
  }

  close(): true | null {
    this.#opened = null;
    this.#rings = null;
    this.#user.closed?.();
    return this.#keeps("close") ? null : true;
  }

  gpadl(gpadlId: number, ranges: GpadlRanges): true | null {
    this.#gpadls.set(gpadlId, ranges);
    return this.#keeps("gpadl", gpadlId) ? null : true;
  }

  /** One that is asked for the same GPADL twice panics, as upstream's do (PRs 2879 and 3815). */
  teardownGpadl(gpadlId: number, _again: boolean): true | null {
    if (this.#held.some((held) => held.kind === "teardown" && held.gpadlId === gpadlId)) {
      throw new Panic(`gpadl 0x${gpadlId.toString(16)} is being torn down already`);
    }
    this.#gpadls.delete(gpadlId);
    return this.#keeps("teardown", gpadlId) ? null : true;
  }

  modify(targetVp: number): number | null {
    this.#targetVp = targetVp;
    return this.#keeps("modify") ? null : STATUS.success;
  }

  /** Goes, and takes the channel away from the guest. */
  revoke(): void {
    this.#channel?.revoke();
    this.#channel = null;
    this.reset();
  }

  /** The machine is reset: whatever was asked before is forgotten. */
  reset(): void {
    if (this.isOpen) this.#user.closed?.();
    this.#opened = null;
    this.#rings = null;
    this.#held = [];
    this.#gpadls.clear();
  }

  /** Takes the channel over from the saved state. `open`: the device before had it open. */
  restore(open: boolean): void {
    this.#channel?.restore(open, ({ opened, gpadls }) => {
      for (const { gpadlId, accepted, count, octets } of gpadls) {
        if (accepted) this.#gpadls.set(gpadlId, { count, octets });
      }
      this.#opened = opened;
      this.#targetVp = opened?.request.target_vp ?? 0;
      this.#rings = opened === null ? null : this.#findRings(opened);
    });
  }

  /** Looks for packets that came while the device was stopped. */
  start(): void {
    this.signaled();
  }

  /** Takes what has come, as far as there is room for what goes back. */
  signaled(): void {
    const rings = this.#rings;
    if (rings === null || this.#holds.has("packets")) return;
    this.#user.moreRoom?.();
    const out = new OutgoingRing(rings.toGuest);
    let signals = false;
    const madeRoom = new IncomingRing(rings.fromGuest).takeEach((packet) => {
      const { transactionId, payload } = packet;
      const likely = completionOf(transactionId, payload);
      if (!out.fits(likely)) {
        out.awaitRoom(likely);
        return false;
      }
      const answer = this.#user.take(packet);
      if (answer === null) return true;
      const completion = answer === payload ? likely : completionOf(transactionId, answer);
      signals = out.write(completion) || signals;
      return true;
    });
    if (signals || madeRoom) this.#channel?.interrupt();
  }

  /** Completes a packet that was taken before. False when there is no room for it now. */
  send(transactionId: bigint, payload: Uint8Array): boolean {
    const rings = this.#rings;
    if (rings === null) return false;
    const out = new OutgoingRing(rings.toGuest);
    const completion = completionOf(transactionId, payload);
    if (!out.fits(completion)) {
      out.awaitRoom(completion);
      return false;
    }
    if (out.write(completion)) this.#channel?.interrupt();
    return true;
  }

  #findRings({ request }: OpenParams): Rings | null {
    const ranges = this.#gpadls.get(request.ring_buffer_gpadl_id[0]);
    const pages = ranges === undefined ? null : alignedPages(ranges.count, ranges.octets);
    const offset = request.downstream_ring_buffer_page_offset;
    // Each of the two needs its control page and one of data.
    if (pages === null || offset < 2 || pages.length < offset + 2) return null;
    return ringsOf(this.#memory, pages, offset);
  }

  /** A copy for a copy of its channel, on a copy of the memory, with the same user. */
  fork(memory: GuestMemory, channel: OfferedChannel): RingDevice {
    const copy = new RingDevice(memory, this.#user);
    copy.#channel = channel;
    copy.#gpadls = new Map(this.#gpadls);
    copy.#opened = this.#opened;
    copy.#targetVp = this.#targetVp;
    copy.#rings = this.#opened === null ? null : copy.#findRings(this.#opened);
    copy.#holds = this.#holds;
    copy.#held = [...this.#held];
    return copy;
  }
}

function completionOf(transactionId: bigint, payload: Uint8Array): Packet {
  const type = PACKET_TYPE.completion;
  return { type, transactionId, completionRequested: false, extension: NOTHING, payload };
}

const NOTHING = new Uint8Array(0);
