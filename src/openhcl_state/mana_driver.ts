/**
 * Package `mana_driver`: the hardware channel of a MANA NIC kept alive over servicing, from
 * vm/devices/net/mana_driver.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { bool, nested, string, tuple, u32, u64, usize, vec } from "../schema/type.ts";

export const DoorbellSavedState = message(
  "mana_driver.DoorbellSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    field(1, "doorbell_id", u64),
    /** Pages of the doorbell region. */
    field(2, "page_count", u32),
  ],
  { since: "1.7.2511" },
);
export type DoorbellSavedState = Shape<typeof DoorbellSavedState>;

/** A completion or event queue. */
export const CqEqSavedState = message(
  "mana_driver.CqEqSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    field(1, "doorbell", nested(DoorbellSavedState)),
    /** Offset of the doorbell register. */
    field(2, "doorbell_addr", u32),
    field(3, "id", u32),
    field(4, "next", u32),
    field(5, "size", u32),
    field(6, "shift", u32),
  ],
  { since: "1.7.2511" },
);
export type CqEqSavedState = Shape<typeof CqEqSavedState>;

/** A work queue. */
export const WqSavedState = message(
  "mana_driver.WqSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    field(1, "doorbell", nested(DoorbellSavedState)),
    /** Offset of the doorbell register. */
    field(2, "doorbell_addr", u32),
    field(3, "id", u32),
    field(4, "head", u32),
    field(5, "tail", u32),
    field(6, "mask", u32),
  ],
  { since: "1.7.2511" },
);
export type WqSavedState = Shape<typeof WqSavedState>;

export const SavedMemoryState = message(
  "mana_driver.SavedMemoryState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    /** Page frame number, in pages of 4096 octets. */
    field(1, "base_pfn", u64),
    /** Octets. */
    field(2, "len", usize),
  ],
  { since: "1.7.2511" },
);
export type SavedMemoryState = Shape<typeof SavedMemoryState>;

/** The hardware channel (HWC) and its queues. */
export const GdmaDriverSavedState = message(
  "mana_driver.GdmaDriverSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    field(1, "mem", nested(SavedMemoryState)),
    field(2, "eq", nested(CqEqSavedState)),
    field(3, "cq", nested(CqEqSavedState)),
    field(4, "rq", nested(WqSavedState)),
    field(5, "sq", nested(WqSavedState)),
    /** Doorbell. */
    field(6, "db_id", u64),
    /** Memory key that covers guest-physical addresses. */
    field(7, "gpa_mkey", u32),
    /** Protection domain. */
    field(8, "pdid", u32),
    field(9, "hwc_activity_id", u32),
    field(10, "num_msix", u32),
    field(11, "min_queue_avail", u32),
    /** Link changes not yet reported: vport index, and whether it is up. */
    field(12, "link_toggle", vec(tuple(u32, bool))),
  ],
  { since: "1.7.2511" },
);
export type GdmaDriverSavedState = Shape<typeof GdmaDriverSavedState>;

export const ManaDeviceSavedState = message(
  "mana_driver.ManaDeviceSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [field(1, "gdma", nested(GdmaDriverSavedState))],
  { since: "1.7.2511" },
);
export type ManaDeviceSavedState = Shape<typeof ManaDeviceSavedState>;

export const ManaSavedState = message(
  "mana_driver.ManaSavedState",
  "vm/devices/net/mana_driver/src/save_restore.rs",
  [
    field(1, "mana_device", nested(ManaDeviceSavedState)),
    /** Finds the NIC again. */
    field(2, "pci_id", string),
  ],
  { since: "1.7.2511" },
);
export type ManaSavedState = Shape<typeof ManaSavedState>;
