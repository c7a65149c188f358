/**
 * `topology.MemoryRange`, from vm/vmcore/memory_range. Decoding checks neither alignment nor order.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { u64 } from "../schema/type.ts";

/** Guest-physical addresses from `start` up to, not including, `end`. */
export const MemoryRange = message("topology.MemoryRange", "vm/vmcore/memory_range/src/lib.rs", [
  /** Guest-physical address in octets. */
  field(1, "start", u64),
  /** Guest-physical address in octets, exclusive. */
  field(2, "end", u64),
]);
export type MemoryRange = Shape<typeof MemoryRange>;
