/**
 * DMA page pools: packages `openhcl.openhcldmamanager` and `openvmm.pagepool`, with
 * `openhcl.pagepool` as the latter was called in 2411. The old name never reached the wire: a pool
 * is embedded by field.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { choice, nested, option, string, u64, vec } from "../schema/type.ts";
import { MemoryRange } from "./memory_range.ts";

/** Allocations pending their restore are never saved. */
export const InnerSlotState = oneof(
  "openvmm.pagepool.InnerSlotState",
  "vm/page_pool_alloc/src/lib.rs",
  [
    variant(1, "Free"),
    variant(2, "Allocated", [field(1, "device_id", string), field(2, "tag", string)]),
    /** Never handed out again. */
    variant(3, "Leaked", [field(1, "device_id", string), field(2, "tag", string)]),
  ],
  { since: "2505", formerly: "openhcl.pagepool.InnerSlotState" },
);
export type InnerSlotState = Variants<typeof InnerSlotState>;

/** A run of pages with one owner. */
export const SlotSavedState = message(
  "openvmm.pagepool.SlotSavedState",
  "vm/page_pool_alloc/src/lib.rs",
  [
    /** Page frame number, in pages of 4096 octets. */
    field(1, "base_pfn", u64),
    field(2, "size_pages", u64),
    field(3, "state", choice(InnerSlotState)),
  ],
  { since: "2505", formerly: "openhcl.pagepool.SlotSavedState" },
);
export type SlotSavedState = Shape<typeof SlotSavedState>;

export const PagePoolState = message(
  "openvmm.pagepool.PagePoolState",
  "vm/page_pool_alloc/src/lib.rs",
  [
    /** Slots; together they cover the ranges. */
    field(1, "state", vec(nested(SlotSavedState))),
    field(2, "ranges", vec(nested(MemoryRange))),
  ],
  { since: "2505", formerly: "openhcl.pagepool.PagePoolState" },
);
export type PagePoolState = Shape<typeof PagePoolState>;

export const OpenhclInnerSlotState = oneof(
  "openhcl.pagepool.InnerSlotState",
  "openhcl/page_pool_alloc/src/lib.rs",
  [
    variant(1, "Free"),
    variant(2, "Allocated", [field(1, "device_id", string), field(2, "tag", string)]),
    variant(3, "Leaked", [field(1, "device_id", string), field(2, "tag", string)]),
  ],
  { until: "2411" },
);
export type OpenhclInnerSlotState = Variants<typeof OpenhclInnerSlotState>;

export const OpenhclSlotSavedState = message(
  "openhcl.pagepool.SlotSavedState",
  "openhcl/page_pool_alloc/src/lib.rs",
  [
    /** Page frame number, in pages of 4096 octets. */
    field(1, "base_pfn", u64),
    field(2, "size_pages", u64),
    field(3, "state", choice(OpenhclInnerSlotState)),
  ],
  { until: "2411" },
);
export type OpenhclSlotSavedState = Shape<typeof OpenhclSlotSavedState>;

export const OpenhclPagePoolState = message(
  "openhcl.pagepool.PagePoolState",
  "openhcl/page_pool_alloc/src/lib.rs",
  [
    field(1, "state", vec(nested(OpenhclSlotSavedState))),
    field(2, "ranges", vec(nested(MemoryRange))),
  ],
  { until: "2411" },
);
export type OpenhclPagePoolState = Shape<typeof OpenhclPagePoolState>;

/** The pools of the DMA manager; absent pools are `null`. */
export const OpenhclDmaManagerState = message(
  "openhcl.openhcldmamanager.OpenhclDmaManagerState",
  "openhcl/openhcl_dma_manager/src/lib.rs",
  [
    field(1, "shared_pool", option(nested(PagePoolState))),
    field(2, "private_pool", option(nested(PagePoolState))),
  ],
  { since: "2505" },
);
export type OpenhclDmaManagerState = Shape<typeof OpenhclDmaManagerState>;
