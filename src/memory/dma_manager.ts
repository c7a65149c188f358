/**
 * The owner of all DMA memory of an OpenHCL: a shared and a private pool, either of which may be
 * absent, and clients by device. Source: microsoft/openvmm, openhcl/openhcl_dma_manager/src/lib.rs.
 *
 * @module
 */
import {
  ChainError,
  childRestoreError,
  childSaveError,
  type Inspect,
  type InspectNode,
  invalidSavedState,
  type Log,
  refusal,
  withContext,
} from "../machine/mod.ts";
import type { OpenhclDmaManagerState, PagePoolState } from "../openhcl_state/mod.ts";
import { type DmaBacking, DmaClient, type DmaClientParameters } from "./dma_client.ts";
import { LockedMemory } from "./locked_memory.ts";
import { PagePool, type PoolSlotRecord } from "./page_pool.ts";
import type { PageRange } from "./pages.ts";
import { PhysicalMemory } from "./physical_memory.ts";

type PoolName = "shared" | "private";

/** A pool as an observer sees it. */
export interface PoolRecord {
  readonly pool: PoolName;
  readonly ranges: readonly PageRange[];
  readonly slots: readonly PoolSlotRecord[];
}

/** Ranges of the pools; a pool without ranges does not exist. */
export interface DmaRanges {
  readonly shared?: readonly PageRange[];
  readonly private?: readonly PageRange[];
}

/** Where a private client gets memory that need not survive servicing. */
export type EphemeralMemory = "locked_memory" | "private_pool";

/** Owns the pools and hands out clients. */
export class OpenhclDmaManager implements Inspect {
  readonly sharedPool: PagePool | null;
  readonly privatePool: PagePool | null;
  readonly #lockedMemory: LockedMemory;
  readonly #ephemeral: EphemeralMemory;

  /** `ephemeral`: the pool, if there is one, before PR 2350. */
  constructor(
    ranges: DmaRanges,
    log: Log,
    memory: PhysicalMemory = new PhysicalMemory(),
    ephemeral: EphemeralMemory = "locked_memory",
  ) {
    this.#ephemeral = ephemeral;
    this.sharedPool = newPool(ranges.shared, log, memory);
    this.privatePool = newPool(ranges.private, log, memory);
    this.#lockedMemory = new LockedMemory(memory);
  }

  newClient(parameters: DmaClientParameters): DmaClient {
    return new DmaClient(parameters, this.#backingFor(parameters));
  }

  save(): OpenhclDmaManagerState {
    return {
      shared_pool: savePool("shared", this.sharedPool),
      private_pool: savePool("private", this.privatePool),
    };
  }

  /** Adopts `state`, shared pool first; a pool that came new since the save is left empty. */
  restore(state: OpenhclDmaManagerState): void {
    const { shared_pool, private_pool, ...rest } = state;
    rest satisfies Record<string, never>;
    restorePool("shared", shared_pool, this.sharedPool);
    restorePool("private", private_pool, this.privatePool);
  }

  /** Fails when a saved allocation has found no owner. Nothing may leak. */
  validateRestore(): void {
    const { sharedPool, privatePool } = this;
    if (sharedPool) {
      withContext("failed to validate restore for shared pool", () =>
        sharedPool.validateRestore(false),
      );
    }
    if (privatePool) {
      withContext("failed to validate restore for private pool", () =>
        privatePool.validateRestore(false),
      );
    }
  }

  /** The pools that exist. */
  pools(): PoolRecord[] {
    return [poolRecord("shared", this.sharedPool), poolRecord("private", this.privatePool)].flat();
  }

  inspect(): InspectNode {
    return {
      shared_pool: this.sharedPool?.inspect() ?? null,
      private_pool: this.privatePool?.inspect() ?? null,
    };
  }

  #backingFor({ deviceName, visibility, persistent }: DmaClientParameters): DmaBacking {
    if (visibility === "shared") {
      const pool = this.sharedPool;
      if (pool === null) throw new ChainError("no sources available for shared visibility");
      return withContext("failed to create shared allocator", () => ({
        kind: "shared_pool",
        allocator: pool.allocator(deviceName),
      }));
    }
    const pool = this.privatePool;
    if (!persistent && (this.#ephemeral === "locked_memory" || pool === null)) {
      return { kind: "locked_memory", memory: this.#lockedMemory };
    }
    if (pool === null) {
      throw new ChainError("no sources available for private persistent allocations");
    }
    return withContext("failed to create private allocator", () => ({
      kind: "private_pool",
      allocator: pool.allocator(deviceName),
    }));
  }
}

function newPool(
  ranges: readonly PageRange[] | undefined,
  log: Log,
  memory: PhysicalMemory,
): PagePool | null {
  return ranges === undefined || ranges.length === 0 ? null : new PagePool(ranges, log, memory);
}

function savePool(name: PoolName, pool: PagePool | null): PagePoolState | null {
  try {
    return pool?.save() ?? null;
  } catch (error) {
    throw childSaveError(`${name} pool save failed`, refusal(error));
  }
}

function restorePool(name: PoolName, state: PagePoolState | null, pool: PagePool | null): void {
  if (state === null) return;
  if (pool === null) throw invalidSavedState(`saved state for ${name} pool but no ${name} pool`);
  try {
    pool.restore(state);
  } catch (error) {
    throw childRestoreError(`${name} pool restore failed`, refusal(error));
  }
}

function poolRecord(name: PoolName, pool: PagePool | null): PoolRecord[] {
  return pool === null ? [] : [{ pool: name, ranges: pool.ranges, slots: pool.records() }];
}
