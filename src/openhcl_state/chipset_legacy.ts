/**
 * Packages `chipset.i440bx`, `chipset.piix4` and `chipset.i8042`: the chipset of a PCAT machine,
 * from vm/devices/chipset_legacy and vm/devices/chipset. What changed between releases is inside
 * `pci.cfg_space_emu`. No golden bytes exist; see `chipset.ts`.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import {
  array,
  bool,
  bytes,
  choice,
  nested,
  octets,
  option,
  u8,
  u16,
  u32,
} from "../schema/type.ts";
import { CmosRtcSavedState, PciBusSavedState, PmSavedState } from "./chipset.ts";
import { PciCfgSpaceEmuSavedState } from "./pci.ts";

/** 82443BX: host bridge. The two PAM registers say which ranges are shadowed. */
export const I440bxHostPciBridgeSavedState = message(
  "chipset.i440bx.host_pci_bridge.SavedState",
  "vm/devices/chipset_legacy/src/i440bx_host_pci_bridge.rs",
  [
    field(1, "host_pci_dram1", u32),
    field(2, "host_pci_dram2", u32),
    field(3, "pam_reg1", u32),
    field(4, "pam_reg2", u32),
    field(5, "bios_scratch1", u32),
    field(6, "bios_scratch2", u32),
    field(7, "smm_config_word", u16),
    field(8, "cfg_space", nested(PciCfgSpaceEmuSavedState)),
  ],
);
export type I440bxHostPciBridgeSavedState = Shape<typeof I440bxHostPciBridgeSavedState>;

export const Piix4PciIsaBridgeSavedState = message(
  "chipset.piix4.pci_isa_bridge.SavedState",
  "vm/devices/chipset_legacy/src/piix4_pci_isa_bridge.rs",
  [
    field(1, "pci_irq_routing", u32),
    field(2, "smi_control", u32),
    field(3, "smi_request", u32),
    field(4, "system_event", u32),
    field(5, "clock_scale", u32),
    field(6, "apic_base", u32),
    field(7, "a20_gate_enabled", bool),
    field(8, "cfg_space", nested(PciCfgSpaceEmuSavedState)),
  ],
);
export type Piix4PciIsaBridgeSavedState = Shape<typeof Piix4PciIsaBridgeSavedState>;

export const Piix4PmSavedState = message(
  "chipset.piix4.pm.SavedState",
  "vm/devices/chipset_legacy/src/piix4_pm.rs",
  [
    field(1, "power_status", u8),
    field(2, "power_control", u8),
    field(3, "smbus_io_enabled", bool),
    field(4, "base_io_addr", u16),
    field(5, "base_io_enable", bool),
    field(6, "counter_info_a", u32),
    field(7, "counter_info_b", u32),
    field(8, "general_purpose_config_info", u32),
    field(9, "device_resource_flags", array(u32, 10)),
    field(10, "device_activity_flags", array(u32, 2)),
    field(11, "cfg_space", nested(PciCfgSpaceEmuSavedState)),
    field(12, "inner", nested(PmSavedState)),
  ],
);
export type Piix4PmSavedState = Shape<typeof Piix4PmSavedState>;

export const Piix4PciBusSavedState = message(
  "chipset.piix4.pci_bus.SavedState",
  "vm/devices/chipset_legacy/src/piix4_pci_bus.rs",
  [field(1, "bus", nested(PciBusSavedState))],
);
export type Piix4PciBusSavedState = Shape<typeof Piix4PciBusSavedState>;

export const Piix4CmosRtcSavedState = message(
  "chipset.piix4.cmos_rtc.SavedState",
  "vm/devices/chipset_legacy/src/piix4_cmos_rtc.rs",
  [
    /** The register of the upper bank that port 0x73 stands for. */
    field(1, "ext_addr", u8),
    field(2, "inner", nested(CmosRtcSavedState)),
  ],
);
export type Piix4CmosRtcSavedState = Shape<typeof Piix4CmosRtcSavedState>;

export const I8042SavedDataPortTarget = oneof(
  "chipset.i8042.SavedDataPortTarget",
  "vm/devices/chipset/src/i8042/mod.rs",
  [
    variant(1, "Keyboard"),
    variant(2, "Mouse"),
    /** The command that waits for its octet. */
    variant(3, "Controller", [field(1, "0", u8)]),
  ],
);
export type I8042SavedDataPortTarget = Variants<typeof I8042SavedDataPortTarget>;

export const I8042SavedOutputBufferState = oneof(
  "chipset.i8042.SavedOutputBufferState",
  "vm/devices/chipset/src/i8042/mod.rs",
  [variant(1, "Empty"), variant(2, "Controller"), variant(3, "Keyboard"), variant(4, "Mouse")],
);
export type I8042SavedOutputBufferState = Variants<typeof I8042SavedOutputBufferState>;

export const I8042SavedControllerState = message(
  "chipset.i8042.SavedControllerState",
  "vm/devices/chipset/src/i8042/mod.rs",
  [
    field(1, "command_flag", u8),
    field(2, "data_port_target", choice(I8042SavedDataPortTarget)),
    field(3, "output_buffer", u8),
    field(4, "output_buffer_state", choice(I8042SavedOutputBufferState)),
    field(5, "a20_gate", bool),
    field(6, "memory", octets(32)),
  ],
);
export type I8042SavedControllerState = Shape<typeof I8042SavedControllerState>;

export const Ps2KeyboardSavedState = message(
  "chipset.i8042.keyboard.SavedState",
  "vm/devices/chipset/src/i8042/ps2keyboard.rs",
  [
    field(1, "previous_command", option(u8)),
    field(2, "last_output_byte_read", u8),
    field(3, "led_state", u8),
    field(4, "output_buffer", bytes),
  ],
);
export type Ps2KeyboardSavedState = Shape<typeof Ps2KeyboardSavedState>;

export const Ps2MouseSavedState = message(
  "chipset.i8042.mouse.SavedState",
  "vm/devices/chipset/src/i8042/ps2mouse.rs",
  [field(1, "output_buffer", bytes)],
);
export type Ps2MouseSavedState = Shape<typeof Ps2MouseSavedState>;

export const I8042SavedState = message(
  "chipset.i8042.SavedState",
  "vm/devices/chipset/src/i8042/mod.rs",
  [
    field(1, "controller", nested(I8042SavedControllerState)),
    field(2, "keyboard", nested(Ps2KeyboardSavedState)),
    field(3, "mouse", nested(Ps2MouseSavedState)),
  ],
);
export type I8042SavedState = Shape<typeof I8042SavedState>;
