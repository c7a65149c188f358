/**
 * A pool of pages for DMA that keeps its allocations over servicing. Source: microsoft/openvmm,
 * vm/page_pool_alloc/src/lib.rs.
 *
 * Real properties that are kept: ranges are compared only as far as both lists go, slots are
 * overwritten before their total is checked, overlapping slots are not noticed, and freed slots
 * are not joined.
 *
 * @module
 */
import {
  ChainError,
  type Inspect,
  type InspectNode,
  invalidSavedState,
  type Log,
  Panic,
} from "../machine/mod.ts";
import type { PagePoolState } from "../openhcl_state/mod.ts";
import type { MemoryBlock } from "./memory_block.ts";
import { countPages, type PageRange, toMemoryRange } from "./pages.ts";
import { PhysicalMemory } from "./physical_memory.ts";
import { type DeviceId, FREE, ownerOf, restoreSlot, type Slot, saveSlot } from "./pool_slot.ts";

/** A slot as an observer sees it. */
export interface PoolSlotRecord {
  readonly pfn: bigint;
  readonly pages: bigint;
  readonly state: "free" | "allocated" | "pending" | "leaked";
  readonly device: string;
}

/** Owner of the ranges and of every allocation in them. */
export class PagePool implements Inspect {
  readonly ranges: readonly PageRange[];
  readonly #log: Log;
  readonly #memory: PhysicalMemory;
  readonly #totalPages: bigint;
  readonly #devices: DeviceId[] = [];
  #slots: Slot[];

  /** A new pool owns its ranges: whatever an earlier one has lent out of them is over. */
  constructor(ranges: readonly PageRange[], log: Log, memory = new PhysicalMemory()) {
    this.ranges = ranges;
    this.#log = log;
    this.#memory = memory;
    for (const { pfn, pages } of ranges) memory.takeBack(pfn, Number(pages));
    this.#totalPages = countPages(ranges);
    this.#slots = ranges.map(({ pfn, pages }) => ({ basePfn: pfn, sizePages: pages, state: FREE }));
  }

  /** An allocator under a name that nobody else uses at the moment. */
  allocator(deviceName: string): PagePoolAllocator {
    const known = this.#devices.find(({ name }) => name === deviceName);
    if (known?.inUse) throw new ChainError(`device name ${deviceName} already in use`);
    const device = known ?? { name: deviceName, inUse: true };
    device.inUse = true;
    if (known === undefined) this.#devices.push(device);
    return new PagePoolAllocator(this, device);
  }

  /** Slots in the pool's own order, which is the order on the wire. */
  save(): PagePoolState {
    return { state: this.#slots.map(saveSlot), ranges: this.ranges.map(toMemoryRange) };
  }

  /** Adopts `state`. Not all or nothing: a wrong total is found after the slots are replaced. */
  restore(state: PagePoolState): void {
    const { state: slots, ranges, ...rest } = state;
    rest satisfies Record<string, never>;
    for (const [index, range] of this.ranges.entries()) {
      const saved = ranges[index];
      const current = toMemoryRange(range);
      if (saved && (saved.start !== current.start || saved.end !== current.end)) {
        throw invalidSavedState("pool ranges do not match");
      }
    }
    if (this.#devices.length > 0) {
      throw invalidSavedState("existing allocators present, pool must be empty to restore");
    }
    this.#slots = slots.map(restoreSlot).sort(byPfn);
    for (const { basePfn, sizePages, state } of this.#slots) {
      if (state.kind !== "free") this.#memory.keep(basePfn, Number(sizePages), ownerOf(state));
    }
    const totalPages = this.#slots.reduce((total, slot) => total + slot.sizePages, 0n);
    if (BigInt.asUintN(52, totalPages) !== this.#totalPages) {
      throw invalidSavedState("missing slots in saved state");
    }
  }

  /** Looks for allocations that nobody has claimed; with `leakUnrestored` they become leaked. */
  validateRestore(leakUnrestored: boolean): void {
    let unrestored = false;
    for (const slot of this.#slots) {
      if (slot.state.kind !== "pending") continue;
      const { deviceName, tag } = slot.state;
      this.#log.warn(
        `unrestored allocation base_pfn=${slot.basePfn} size_pages=${slot.sizePages} ` +
          `device_id=${deviceName} tag=${tag}`,
      );
      if (leakUnrestored) slot.state = { kind: "leaked", deviceName, tag };
      unrestored = true;
    }
    if (unrestored && !leakUnrestored) throw new ChainError("unrestored allocations found");
  }

  /** First free slot that is large enough, split; the rest stays free behind it. */
  allocate(device: DeviceId, sizePages: bigint, tag: string): Slot {
    const index = this.#slots.findIndex(
      (slot) => slot.state.kind === "free" && slot.sizePages >= sizePages,
    );
    const found = this.#slots[index];
    if (found === undefined) {
      throw new ChainError(`unable to allocate page pool size ${sizePages} with tag ${tag}`);
    }
    const { basePfn } = found;
    const slot: Slot = { basePfn, sizePages, state: { kind: "allocated", device, tag } };
    this.#memory.lend(basePfn, Number(sizePages), device.name, true);
    const last = this.#slots.pop();
    if (last !== undefined && last !== found) this.#slots[index] = last;
    this.#slots.push(slot);
    if (found.sizePages > sizePages) {
      const free = { basePfn: basePfn + sizePages, sizePages: found.sizePages - sizePages };
      this.#slots.push({ ...free, state: FREE });
    }
    return slot;
  }

  /** Claims the pending allocation of `device` that `matches`, if there is one. */
  claim(device: DeviceId, matches: (slot: Slot) => boolean): Slot | null {
    for (const slot of this.#slots) {
      if (slot.state.kind !== "pending" || slot.state.deviceName !== device.name) continue;
      if (!matches(slot)) continue;
      slot.state = { kind: "allocated", device, tag: slot.state.tag };
      return slot;
    }
    return null;
  }

  /** Frees the allocation at exactly these pages. */
  release({ basePfn, sizePages }: Slot): void {
    const slot = this.#slots.find(
      (other) =>
        other.state.kind === "allocated" &&
        other.basePfn === basePfn &&
        other.sizePages === sizePages,
    );
    if (slot === undefined) throw new Panic("must find allocation");
    slot.state = FREE;
    this.#memory.takeBack(basePfn, Number(sizePages));
  }

  /** Slots by page frame. */
  records(): PoolSlotRecord[] {
    return this.#slots.toSorted(byPfn).map(({ basePfn, sizePages, state }) => ({
      pfn: basePfn,
      pages: sizePages,
      state: state.kind,
      device: ownerOf(state),
    }));
  }

  inspect(): InspectNode {
    return {
      slots: this.#slots.map(({ basePfn, sizePages, state }) => ({
        base_pfn: `${basePfn}`,
        size_pages: `${sizePages}`,
        state: state.kind,
        device_id: ownerOf(state),
        tag: state.kind === "free" ? "" : state.tag,
      })),
      ranges: this.ranges.map(({ pfn, pages }) => ({ pfn: `${pfn}`, pages: `${pages}` })),
    };
  }
}

/** Allocates in a pool on behalf of one device. */
export class PagePoolAllocator {
  readonly #pool: PagePool;
  readonly #device: DeviceId;

  constructor(pool: PagePool, device: DeviceId) {
    this.#pool = pool;
    this.#device = device;
  }

  alloc(pages: number, tag: string): MemoryBlock {
    return this.#block(this.#pool.allocate(this.#device, BigInt(pages), tag));
  }

  /** Claims the saved allocation at exactly these pages. */
  restoreAlloc(basePfn: bigint, pages: number): MemoryBlock {
    const sizePages = BigInt(pages);
    const slot = this.#pool.claim(
      this.#device,
      (other) => other.basePfn === basePfn && other.sizePages === sizePages,
    );
    if (slot === null) throw new ChainError("no matching allocation found for restore");
    return this.#block(slot);
  }

  /** Claims every saved allocation of this device, by page frame. */
  attachPendingBuffers(): MemoryBlock[] {
    const blocks: MemoryBlock[] = [];
    const any = () => true;
    for (;;) {
      const slot = this.#pool.claim(this.#device, any);
      if (slot === null) return blocks;
      blocks.push(this.#block(slot));
    }
  }

  /** Gives the name back; allocations stay. */
  drop(): void {
    this.#device.inUse = false;
  }

  #block(slot: Slot): MemoryBlock {
    const { basePfn, sizePages } = slot;
    const free = () => this.#pool.release(slot);
    return { basePfn, pages: Number(sizePages), persistent: true, free };
  }
}

function byPfn(left: Slot, right: Slot): number {
  return left.basePfn < right.basePfn ? -1 : left.basePfn > right.basePfn ? 1 : 0;
}
