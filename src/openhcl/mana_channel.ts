/**
 * The driver's side of a MANA hardware channel: four queues whose positions move with each request
 * and event, and which the next driver has to go on from.
 *
 * Source: vm/devices/net/mana_driver/src/gdma_driver.rs (`new`, `save`, `restore`,
 * `request_version`, `process_eqs`), queues.rs. Interrupts come at once.
 *
 * @module
 */
import { ChainError, type Environment, type InspectNode, wordOf } from "../machine/mod.ts";
import type { MemoryBlock } from "../memory/mod.ts";
import type { ManaSavedState } from "../openhcl_state/mod.ts";
import { VP_COUNT } from "./guest_content.ts";
import { ENTRY, type ManaHardware } from "./mana_hardware.ts";

/** Event, completion, receive and send queue, request and response. */
export const CHANNEL_PAGES = 6;

const PAGE_OCTETS = 4096;

/** How long a request waits for its answer. */
const TIMEOUT_US = 10_000_000;
/** What a request takes that is answered. */
const REQUEST_US = 20;

/** By these the hardware says where everything is: the doorbell, five ids, and that it is done. */
const INIT_EVENTS = 7;

type Gdma = ManaSavedState["mana_device"]["gdma"];

interface Positions {
  eventNext: number;
  completionNext: number;
  sendHead: number;
  sendTail: number;
  receiveHead: number;
  receiveTail: number;
  activityId: number;
}

/** Why a channel cannot be saved. */
export type Trouble = "after HWC failure" | "with HWC reset request pending";

export class ManaChannel {
  readonly #hardware: ManaHardware;
  readonly #memory: MemoryBlock | null;
  readonly #env: Environment;
  readonly #at: Positions;
  #trouble: Trouble | null = null;
  /** Changes of the link that nobody has asked for yet: port, and whether it is up. */
  #linkToggle: [number, boolean][];

  private constructor(
    hardware: ManaHardware,
    memory: MemoryBlock | null,
    env: Environment,
    positions: Positions,
    linkToggle: [number, boolean][],
  ) {
    this.#hardware = hardware;
    this.#memory = memory;
    this.#env = env;
    this.#at = positions;
    this.#linkToggle = linkToggle;
  }

  /** Brings a channel up in `memory`. */
  static establish(
    hardware: ManaHardware,
    memory: MemoryBlock | null,
    owner: string | null,
    env: Environment,
  ): ManaChannel {
    hardware.establish(memory?.basePfn ?? 0n, owner);
    for (let event = 0; event < INIT_EVENTS; event++) hardware.post({ kind: "completion" });
    const positions: Positions = {
      eventNext: PAGE_OCTETS + INIT_EVENTS * ENTRY.event,
      completionNext: PAGE_OCTETS,
      sendHead: PAGE_OCTETS,
      sendTail: 0,
      receiveHead: PAGE_OCTETS,
      // A buffer for the first response.
      receiveTail: ENTRY.receive,
      // The upper half tells one driver's requests from those of another.
      activityId: (wordOf(hardware.established, hardware.pciId.charCodeAt(3)) & 0xffff_0000) >>> 0,
    };
    hardware.acknowledge(memory?.basePfn ?? 0n, positions.eventNext);
    return new ManaChannel(hardware, memory, env, positions, []);
  }

  /** Goes on where `saved` was left. Nothing is asked of the hardware yet. */
  static restore(
    hardware: ManaHardware,
    memory: MemoryBlock,
    saved: Gdma,
    env: Environment,
  ): ManaChannel {
    const { eq, cq, rq, sq, hwc_activity_id, link_toggle, mem: _mem, ...fixed } = saved;
    // The hardware has told these once, and does not check what it is told in turn.
    const { db_id: _db, gpa_mkey: _mkey, pdid: _pdid, num_msix: _msix, ...limits } = fixed;
    const { min_queue_avail: _avail, ...rest } = limits;
    rest satisfies Record<string, never>;
    const positions: Positions = {
      eventNext: eq.next,
      completionNext: cq.next,
      sendHead: sq.head,
      sendTail: sq.tail,
      receiveHead: rq.head,
      receiveTail: rq.tail,
      activityId: hwc_activity_id,
    };
    return new ManaChannel(hardware, memory, env, positions, [...link_toggle]);
  }

  get #basePfn(): bigint {
    return this.#memory?.basePfn ?? 0n;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** Asks the hardware for something, and waits for its answer. */
  request(name: string): void {
    const { points, clock } = this.#env;
    points.reach("mana/request");
    if (this.#trouble !== null) throw new ChainError(`Previous hardware failure: ${name}`);
    const at = this.#at;
    at.activityId = (at.activityId + 1) >>> 0;
    at.sendTail = (at.sendTail + ENTRY.send) >>> 0;
    this.#hardware.ring(this.#basePfn, at.sendTail, at.receiveTail, at.activityId);
    if (this.#hardware.completionsFrom(this.#basePfn, at.completionNext) < 2) {
      clock.advance(TIMEOUT_US);
      this.#trouble = "after HWC failure";
      throw new ChainError(`HWC request failed. request=${name}, activity_id=${at.activityId}`);
    }
    clock.advance(REQUEST_US);
    at.completionNext = (at.completionNext + 2 * ENTRY.completion) >>> 0;
    at.sendHead = (at.sendHead + ENTRY.send) >>> 0;
    at.receiveHead = (at.receiveHead + ENTRY.receive) >>> 0;
    at.receiveTail = (at.receiveTail + ENTRY.receive) >>> 0;
    this.takeEvents();
  }

  /** Reads what the hardware has put into the event queue. */
  takeEvents(): void {
    const at = this.#at;
    for (;;) {
      const event = this.#hardware.eventAt(this.#basePfn, at.eventNext);
      if (event === null) break;
      at.eventNext = (at.eventNext + ENTRY.event) >>> 0;
      if (event.kind === "link") this.#linkToggle.push([0, event.up]);
      if (event.kind === "reset-request") this.#trouble = "with HWC reset request pending";
    }
    this.#hardware.acknowledge(this.#basePfn, at.eventNext);
  }

  /** Changes of the link since the last call. */
  takeLinkToggles(): readonly (readonly [number, boolean])[] {
    const toggles = this.#linkToggle;
    this.#linkToggle = [];
    return toggles;
  }

  save(): Gdma {
    if (this.#trouble !== null) throw new ChainError(`cannot save/restore ${this.#trouble}`);
    const at = this.#at;
    return {
      mem: {
        base_pfn: this.#basePfn,
        len: BigInt((this.#memory?.pages ?? 0) * PAGE_OCTETS),
      },
      eq: { ...RING, doorbell_addr: 0xff8, id: 1, next: at.eventNext },
      cq: { ...RING, doorbell_addr: 0x800, id: 2, next: at.completionNext },
      rq: { ...WORK, doorbell_addr: 0x400, id: 3, head: at.receiveHead, tail: at.receiveTail },
      sq: { ...WORK, doorbell_addr: 0, id: 4, head: at.sendHead, tail: at.sendTail },
      db_id: DOORBELL.doorbell_id,
      gpa_mkey: 0x11,
      pdid: 0x12,
      hwc_activity_id: at.activityId,
      num_msix: VP_COUNT,
      min_queue_avail: 64,
      link_toggle: [...this.#linkToggle],
    };
  }

  inspect(): InspectNode {
    const { eventNext, completionNext, sendTail, receiveTail } = this.#at;
    return { eq: eventNext, cq: completionNext, sq: sendTail, rq: receiveTail };
  }
}

/** Pages of doorbells in the function's first BAR. */
const DOORBELL = { doorbell_id: 2n, page_count: 0x100 };
const RING = { doorbell: DOORBELL, size: PAGE_OCTETS, shift: 12 };
const WORK = { doorbell: DOORBELL, mask: PAGE_OCTETS - 1 };
