/**
 * Packages below `underhill.emuplat`, and `network_adapter_index`: state of the emulated platform
 * that is no state unit, from openhcl/underhill_core/src/emuplat.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { array, bool, i64, nested, octets, option, u32, u64, vec } from "../schema/type.ts";
import { Guid } from "./guid.ts";
import { MemoryRange } from "./memory_range.ts";

/** The real-time clock, as a difference to the host. */
export const LocalClockSavedState = message(
  "underhill.emuplat.local_clock.SavedState",
  "openhcl/underhill_core/src/emuplat/local_clock.rs",
  [
    /** Milliseconds. */
    field(1, "offset_from_host_time_millis", i64),
  ],
);
export type LocalClockSavedState = Shape<typeof LocalClockSavedState>;

export const SavedHandle = message(
  "underhill.emuplat.i440bx.host_pci_bridge.SavedHandle",
  "openhcl/underhill_core/src/emuplat/i440bx_host_pci_bridge.rs",
  [
    /** The host's handle of an adjusted range. */
    field(1, "remote_handle", u32),
    field(2, "range", nested(MemoryRange)),
    /** Octets. */
    field(3, "gpa_offset", u64),
    field(4, "is_rom", bool),
  ],
);
export type SavedHandle = Shape<typeof SavedHandle>;

export const HostPciBridgeSavedState = message(
  "underhill.emuplat.i440bx.host_pci_bridge.SavedState",
  "openhcl/underhill_core/src/emuplat/i440bx_host_pci_bridge.rs",
  [
    field(1, "base_slot", u32),
    /** One for each PAM register range. */
    field(2, "handles", array(option(nested(SavedHandle)), 13)),
  ],
);
export type HostPciBridgeSavedState = Shape<typeof HostPciBridgeSavedState>;

/** One NIC: whether its data path is switched to VTL0. */
export const EmuplatNetvspSavedState = message(
  "underhill.emuplat.netvsp.SavedState",
  "openhcl/underhill_core/src/emuplat/netvsp.rs",
  [
    field(1, "instance_id", nested(Guid)),
    field(2, "direction_to_vtl0", vec(option(bool))),
    field(3, "hidden_vtl0", option(bool)),
  ],
);
export type EmuplatNetvspSavedState = Shape<typeof EmuplatNetvspSavedState>;

/** Keeps the index of a NIC over servicing. */
export const NetworkAdapterIndexSavedState = message(
  "network_adapter_index.NetworkAdapterIndexSavedState",
  "openhcl/underhill_core/src/emuplat/netvsp.rs",
  [field(1, "mac_address", octets(6)), field(2, "adapter_index", u32)],
  { since: "1.8.2607" },
);
export type NetworkAdapterIndexSavedState = Shape<typeof NetworkAdapterIndexSavedState>;
