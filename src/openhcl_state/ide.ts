/**
 * Packages below `storage.ide`: the IDE controller of a PCAT machine with its drives, from
 * vm/devices/storage/ide. It keeps its own PCI registers and has no `pci.cfg_space_emu`. The same
 * in all releases; no golden bytes exist, see `chipset.ts`.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bool, bytes, choice, nested, option, u8, u16, u32, u64 } from "../schema/type.ts";
import { ScsiSavedState } from "./storvsp.ts";

const CONTROLLER = "vm/devices/storage/ide/src/lib.rs";
const HARD_DRIVE = "vm/devices/storage/ide/src/drive/hard_drive.rs";
const ATAPI_DRIVE = "vm/devices/storage/ide/src/drive/atapi_drive.rs";

export const HddSavedRegisterState = message(
  "storage.ide.device.hdd.SavedRegisterState",
  HARD_DRIVE,
  [
    field(1, "error", u8),
    field(2, "features", u8),
    field(3, "device_head", u8),
    field(4, "lba_low", u16),
    field(5, "lba_mid", u16),
    field(6, "lba_high", u16),
    field(7, "sector_count", u16),
    field(8, "device_control_reg", u8),
  ],
);
export type HddSavedRegisterState = Shape<typeof HddSavedRegisterState>;

export const HddSavedIoType = oneof("storage.ide.device.hdd.SavedIoType", HARD_DRIVE, [
  variant(1, "Read"),
  variant(2, "Write"),
  variant(3, "Flush"),
]);
export type HddSavedIoType = Variants<typeof HddSavedIoType>;

export const HddSavedCommandState = message(
  "storage.ide.device.hdd.SavedCommandState",
  HARD_DRIVE,
  [
    field(1, "io_type", choice(HddSavedIoType)),
    field(2, "interrupt_after_each", bool),
    field(3, "use_48bit_lba", bool),
    field(4, "use_dma", bool),
    field(5, "fua", bool),
    field(6, "verify_only", bool),
    field(7, "next_lba", u64),
    field(8, "sectors_remaining", u32),
    field(9, "sectors_before_interrupt", u32),
  ],
);
export type HddSavedCommandState = Shape<typeof HddSavedCommandState>;

export const HddSavedDmaType = oneof("storage.ide.device.hdd.SavedDmaType", HARD_DRIVE, [
  variant(1, "Read"),
  variant(2, "Write"),
]);
export type HddSavedDmaType = Variants<typeof HddSavedDmaType>;

export const SavedHardDriveState = message(
  "storage.ide.device.hdd.SavedHardDriveState",
  HARD_DRIVE,
  [
    field(1, "registers", nested(HddSavedRegisterState)),
    field(2, "pending_interrupt", bool),
    field(3, "max_sector", u8),
    field(4, "max_head", u8),
    field(5, "error_pending", bool),
    field(6, "block_sector_count", u16),
    field(7, "command", option(nested(HddSavedCommandState))),
    field(8, "dma_type", option(choice(HddSavedDmaType))),
    field(9, "command_buffer", bytes),
    field(10, "pending_software_reset", bool),
    field(11, "prd_exhausted", bool),
  ],
);
export type SavedHardDriveState = Shape<typeof SavedHardDriveState>;

export const AtapiSavedRegisterState = message(
  "storage.ide.device.atapi.SavedRegisterState",
  ATAPI_DRIVE,
  [
    field(1, "error", u8),
    field(2, "features", u8),
    field(3, "device_head", u8),
    field(4, "lba_low", u8),
    field(5, "byte_count_low", u8),
    field(6, "byte_count_high", u8),
    field(7, "sector_count", u8),
    field(8, "device_control_reg", u8),
    field(9, "status", u8),
  ],
);
export type AtapiSavedRegisterState = Shape<typeof AtapiSavedRegisterState>;

export const AtapiSavedDmaType = oneof("storage.ide.device.atapi.SavedDmaType", ATAPI_DRIVE, [
  variant(1, "Read"),
  variant(2, "Write"),
]);
export type AtapiSavedDmaType = Variants<typeof AtapiSavedDmaType>;

export const SavedAtapiDriveState = message(
  "storage.ide.device.atapi.SavedAtapiDriveState",
  ATAPI_DRIVE,
  [
    field(1, "registers", nested(AtapiSavedRegisterState)),
    field(2, "pending_interrupt", bool),
    field(3, "error_pending", bool),
    field(4, "scsi", choice(ScsiSavedState)),
    field(5, "dma_type", option(choice(AtapiSavedDmaType))),
    field(6, "command_buffer", bytes),
    field(7, "pending_packet_command", bool),
    field(8, "pending_software_reset", bool),
  ],
);
export type SavedAtapiDriveState = Shape<typeof SavedAtapiDriveState>;

export const SavedDriveState = oneof(
  "storage.ide.device.SavedDriveState",
  "vm/devices/storage/ide/src/drive.rs",
  [
    variant(1, "HardDevice", [field(1, "0", nested(SavedHardDriveState))]),
    variant(2, "OpticalDevice", [field(1, "0", nested(SavedAtapiDriveState))]),
  ],
);
export type SavedDriveState = Variants<typeof SavedDriveState>;

export const SavedBusMasterState = message(
  "storage.ide.controller.SavedBusMasterState",
  CONTROLLER,
  [
    /** PCI command and status. */
    field(1, "cmd_status_reg", u32),
    /** BAR 4: the ports of the bus master. */
    field(2, "port_addr_reg", u32),
    field(3, "timing_reg", u32),
    field(4, "secondary_timing_reg", u32),
    field(5, "dma_ctl_reg", u32),
  ],
);
export type SavedBusMasterState = Shape<typeof SavedBusMasterState>;

export const SavedDmaState = message("storage.ide.controller.SavedDmaState", CONTROLLER, [
  field(1, "descriptor_idx", u8),
  field(2, "transfer_complete", bool),
  field(3, "transfer_bytes_left", u32),
  field(4, "transfer_base_addr", u64),
]);
export type SavedDmaState = Shape<typeof SavedDmaState>;

export const SavedChannelBusMasterState = message(
  "storage.ide.controller.SavedChannelBusMasterState",
  CONTROLLER,
  [
    field(1, "command_reg", u32),
    field(2, "status_reg", u32),
    field(3, "desc_table_ptr", u32),
    field(4, "dma_state", option(nested(SavedDmaState))),
    field(5, "dma_error", bool),
  ],
);
export type SavedChannelBusMasterState = Shape<typeof SavedChannelBusMasterState>;

export const SavedChannelState = message("storage.ide.controller.SavedChannelState", CONTROLLER, [
  field(1, "current_drive_idx", u8),
  field(2, "shadow_adapter_control_reg", u8),
  field(3, "shadow_features_reg", u8),
  field(4, "bus_master", nested(SavedChannelBusMasterState)),
  field(5, "drive0", option(choice(SavedDriveState))),
  field(6, "drive1", option(choice(SavedDriveState))),
]);
export type SavedChannelState = Shape<typeof SavedChannelState>;

export const IdeSavedState = message("storage.ide.controller.SavedState", CONTROLLER, [
  field(1, "bus_master", nested(SavedBusMasterState)),
  field(2, "channel0", nested(SavedChannelState)),
  field(3, "channel1", nested(SavedChannelState)),
]);
export type IdeSavedState = Shape<typeof IdeSavedState>;
