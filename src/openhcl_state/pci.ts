/**
 * Emulated PCI: `pci.cfg_space_emu` and the capabilities that it carries as blobs, from
 * vm/devices/pci/pci_core. PCI Express was renumbered twice; each numbering is declared for its
 * releases.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { array, bool, nested, string, tuple, u8, u16, u32, u64, vec } from "../schema/type.ts";
import { SavedStateBlob } from "./save_restore.ts";

export const PciCfgSpaceEmuSavedState = message(
  "pci.cfg_space_emu.SavedState",
  "vm/devices/pci/pci_core/src/cfg_space_emu.rs",
  [
    field(1, "command", u16),
    field(2, "base_addresses", array(u32, 6)),
    field(3, "interrupt_line", u8),
    field(4, "latency_timer", u8),
    field(5, "capabilities", vec(tuple(string, nested(SavedStateBlob)))),
    field(16, "extended_capabilities", vec(tuple(string, nested(SavedStateBlob))), {
      since: "1.8.2607",
    }),
    field(17, "captured_bus_number", u8, { since: "1.8.2607" }),
    field(18, "captured_devfn", u8, { since: "1.8.2607" }),
    field(6, "subordinate_bus_number", u8, { since: "1.7.2511" }),
    field(7, "secondary_bus_number", u8, { since: "1.7.2511" }),
    field(8, "primary_bus_number", u8, { since: "1.7.2511" }),
    field(9, "memory_base", u16, { since: "1.7.2511" }),
    field(10, "memory_limit", u16, { since: "1.7.2511" }),
    field(11, "prefetch_base", u16, { since: "1.7.2511" }),
    field(12, "prefetch_limit", u16, { since: "1.7.2511" }),
    field(13, "prefetch_base_upper", u32, { since: "1.7.2511" }),
    field(14, "prefetch_limit_upper", u32, { since: "1.7.2511" }),
    field(15, "bridge_control", u16, { since: "1.7.2511" }),
  ],
);
export type PciCfgSpaceEmuSavedState = Shape<typeof PciCfgSpaceEmuSavedState>;

/** The same numbers mean other registers in 1.7.2511, 1.8.2607 and main. */
export const PciExpressSavedState = message(
  "pci.capabilities.pci_express.SavedState",
  "vm/devices/pci/pci_core/src/capabilities/pci_express.rs",
  [
    field(1, "device_control", u16),
    field(2, "device_status", u16, { until: "1.8.2607" }),
    field(2, "link_control", u16, { since: "main" }),
    field(3, "flr_handler", u16, { until: "1.7.2511" }),
    field(3, "link_control", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(3, "slot_control", u16, { since: "main" }),
    field(4, "link_status", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(4, "slot_status_events", u16, { since: "main" }),
    field(5, "slot_control", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(5, "root_control", u16, { since: "main" }),
    field(6, "slot_status", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(6, "device_control_2", u16, { since: "main" }),
    field(7, "root_control", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(7, "link_control_2", u16, { since: "main" }),
    field(8, "root_status", u32, { since: "1.8.2607", until: "1.8.2607" }),
    field(9, "device_control_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(10, "device_status_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(11, "link_control_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(12, "link_status_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(13, "slot_control_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
    field(14, "slot_status_2", u16, { since: "1.8.2607", until: "1.8.2607" }),
  ],
  { since: "1.7.2511" },
);
export type PciExpressSavedState = Shape<typeof PciExpressSavedState>;

export const PciAcsSavedState = message(
  "pci.capabilities.extended.acs.SavedState",
  "vm/devices/pci/pci_core/src/capabilities/extended/acs.rs",
  [field(1, "control", u16)],
  { since: "1.8.2607" },
);
export type PciAcsSavedState = Shape<typeof PciAcsSavedState>;

export const PciMsiSavedState = message(
  "pci.caps.msi.SavedState",
  "vm/devices/pci/pci_core/src/capabilities/msi_cap.rs",
  [
    field(1, "enabled", bool),
    field(2, "multiple_message_enable", u8),
    field(3, "address", u64),
    field(4, "data", u16),
    field(5, "mask_bits", u32),
    field(6, "pending_bits", u32),
  ],
  { since: "1.7.2511" },
);
export type PciMsiSavedState = Shape<typeof PciMsiSavedState>;

export const SavedMsixMessageTableEntryState = message(
  "pci.caps.msix.SavedMsixMessageTableEntryState",
  "vm/devices/pci/pci_core/src/capabilities/msix.rs",
  [
    field(1, "address", u64),
    field(2, "data", u32),
    field(3, "control", u32),
    field(4, "is_pending", bool),
  ],
);
export type SavedMsixMessageTableEntryState = Shape<typeof SavedMsixMessageTableEntryState>;

export const PciMsixSavedState = message(
  "pci.caps.msix.SavedState",
  "vm/devices/pci/pci_core/src/capabilities/msix.rs",
  [
    /** Number 1 is not used. */
    field(2, "enabled", bool),
    field(3, "vectors", vec(nested(SavedMsixMessageTableEntryState))),
  ],
);
export type PciMsixSavedState = Shape<typeof PciMsixSavedState>;
