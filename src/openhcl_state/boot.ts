/**
 * Package `openhcl.openhcl_boot`: what one instance leaves in the persisted memory region for the
 * boot shim of the next, from vm/loader/loader_defs. It is no part of the servicing state.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { nested, u16, u32, vec } from "../schema/type.ts";
import { MemoryRange } from "./memory_range.ts";

/** The type that IGVM gave to a range. */
export const IgvmMemoryType = message(
  "openhcl.openhcl_boot.IgvmMemoryType",
  "vm/loader/loader_defs/src/shim.rs",
  [field(1, "0", u16)],
  { since: "1.7.2511" },
);
export type IgvmMemoryType = Shape<typeof IgvmMemoryType>;

/** An open enum: any number decodes, and VTL0 is the empty message. */
export const MemoryVtlType = message(
  "openhcl.openhcl_boot.MemoryVtlType",
  "vm/loader/loader_defs/src/shim.rs",
  [
    /** 0 VTL0, 1 VTL2_RAM, 2 VTL2_CONFIG, up to 12 VTL2_PERSISTED_STATE_PROTOBUF. */
    field(1, "0", u32),
  ],
  { since: "1.7.2511" },
);
export type MemoryVtlType = Shape<typeof MemoryVtlType>;

export const MemoryEntry = message(
  "openhcl.openhcl_boot.MemoryEntry",
  "vm/loader/loader_defs/src/shim.rs",
  [
    field(1, "range", nested(MemoryRange)),
    /** NUMA node. */
    field(2, "vnode", u32),
    field(3, "vtl_type", nested(MemoryVtlType)),
    field(4, "igvm_type", nested(IgvmMemoryType)),
  ],
  { since: "1.7.2511" },
);
export type MemoryEntry = Shape<typeof MemoryEntry>;

export const MmioEntry = message(
  "openhcl.openhcl_boot.MmioEntry",
  "vm/loader/loader_defs/src/shim.rs",
  [field(1, "range", nested(MemoryRange)), field(2, "vtl_type", nested(MemoryVtlType))],
  { since: "1.7.2511" },
);
export type MmioEntry = Shape<typeof MmioEntry>;

export const OpenhclBootSavedState = message(
  "openhcl.openhcl_boot.SavedState",
  "vm/loader/loader_defs/src/shim.rs",
  [
    field(1, "partition_memory", vec(nested(MemoryEntry))),
    field(2, "partition_mmio", vec(nested(MmioEntry))),
    field(3, "cpus_with_mapped_interrupts_no_io", vec(u32)),
    field(4, "cpus_with_outstanding_io", vec(u32)),
  ],
  { since: "1.7.2511" },
);
export type OpenhclBootSavedState = Shape<typeof OpenhclBootSavedState>;
