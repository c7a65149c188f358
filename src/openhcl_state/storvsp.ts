/**
 * Package `storage.storvsp`, the synthetic SCSI controller, with the disks and DVD drives behind it
 * (`storage.scsi` and below), from vm/devices/storage.
 *
 * @module
 */
import type { Shape, Variants } from "../schema/message.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import { bool, bytes, choice, nested, option, u8, u16, u64, usize, vec } from "../schema/type.ts";

export const SavedSenseData = message(
  "storage.scsi.common.SavedSenseData",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    field(1, "sense_key", u8),
    field(2, "additional_sense_code", u8),
    field(3, "additional_sense_code_qualifier", u8),
  ],
);
export type SavedSenseData = Shape<typeof SavedSenseData>;

export const ScsiDiskSavedState = message(
  "storage.scsi.disk.ScsiDiskSavedState",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    /** Sectors of the disk. */
    field(1, "sector_count", u64),
    field(2, "sense_data", option(nested(SavedSenseData))),
  ],
);
export type ScsiDiskSavedState = Shape<typeof ScsiDiskSavedState>;

export const DvdDriveState = oneof(
  "storage.scsi.dvd.DriveState",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    variant(1, "MediumPresentTrayOpen"),
    variant(2, "MediumPresentTrayClosed"),
    variant(3, "MediumNotPresentTrayOpen"),
    variant(4, "MediumNotPresentTrayClosed"),
  ],
);
export type DvdDriveState = Variants<typeof DvdDriveState>;

export const IsoMediumEvent = oneof(
  "storage.scsi.dvd.IsoMediumEvent",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    variant(1, "None"),
    variant(2, "NoMediaToMedia"),
    variant(3, "MediaToNoMedia"),
    variant(4, "MediaToMedia"),
  ],
);
export type IsoMediumEvent = Variants<typeof IsoMediumEvent>;

export const ScsiDvdSavedState = message(
  "storage.scsi.dvd.ScsiDvdSavedState",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    field(1, "sense_data", option(nested(SavedSenseData))),
    field(2, "persistent", bool),
    field(3, "prevent", bool),
    field(4, "drive_state", choice(DvdDriveState)),
    field(5, "pending_medium_event", choice(IsoMediumEvent)),
  ],
);
export type ScsiDvdSavedState = Shape<typeof ScsiDvdSavedState>;

export const ScsiSavedState = oneof(
  "storage.scsi.ScsiSavedState",
  "vm/devices/storage/scsi_core/src/lib.rs",
  [
    variant(1, "ScsiDvd", [field(1, "0", nested(ScsiDvdSavedState))]),
    variant(2, "ScsiDisk", [field(1, "0", nested(ScsiDiskSavedState))]),
  ],
);
export type ScsiSavedState = Variants<typeof ScsiSavedState>;

export const ScsiPath = message(
  "storage.storvsp.ScsiPath",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [field(1, "path", u8), field(2, "target", u8), field(3, "lun", u8)],
);
export type ScsiPath = Shape<typeof ScsiPath>;

export const DriveSavedState = oneof(
  "storage.storvsp.DriveSavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    variant(1, "Disk", [field(1, "0", nested(ScsiDiskSavedState))]),
    variant(2, "Dvd", [field(1, "0", nested(ScsiDvdSavedState))]),
  ],
);
export type DriveSavedState = Variants<typeof DriveSavedState>;

export const Drive = message(
  "storage.storvsp.Drive",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [field(1, "path", nested(ScsiPath)), field(2, "state", choice(DriveSavedState))],
);
export type Drive = Shape<typeof Drive>;

export const RangeSavedState = message(
  "storage.storvsp.RangeSavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    /** Page frame numbers, after octets and offset. */
    field(1, "buf", vec(u64)),
    /** Ranges in `buf`. */
    field(2, "count", usize),
  ],
);
export type RangeSavedState = Shape<typeof RangeSavedState>;

export const ScsiRequestSavedState = message(
  "storage.storvsp.ScsiRequestSavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    field(1, "transaction_id", u64),
    field(2, "external_data", nested(RangeSavedState)),
    /** The request as the guest sent it. */
    field(3, "request", bytes),
  ],
);
export type ScsiRequestSavedState = Shape<typeof ScsiRequestSavedState>;

export const WorkerSavedState = message(
  "storage.storvsp.WorkerSavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [field(1, "scsi_requests", vec(nested(ScsiRequestSavedState)))],
);
export type WorkerSavedState = Shape<typeof WorkerSavedState>;

export const ChannelSavedState = message(
  "storage.storvsp.ChannelSavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [field(1, "channel", option(nested(WorkerSavedState)))],
);
export type ChannelSavedState = Shape<typeof ChannelSavedState>;

export const InitState = oneof(
  "storage.storvsp.InitState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    variant(1, "Begin"),
    variant(2, "QueryVersion"),
    variant(3, "QueryProperties", [field(1, "version", u16)]),
    variant(4, "EndInitialization", [
      field(1, "version", u16),
      field(2, "can_create_subchannels", bool),
    ]),
  ],
);
export type InitState = Variants<typeof InitState>;

export const ProtocolState = oneof(
  "storage.storvsp.ProtocolState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    variant(1, "Init", [field(1, "0", choice(InitState))]),
    variant(2, "Ready", [field(1, "version", u16)]),
  ],
);
export type ProtocolState = Variants<typeof ProtocolState>;

export const StorvspSavedState = message(
  "storage.storvsp.SavedState",
  "vm/devices/storage/storvsp/src/save_restore.rs",
  [
    field(1, "protocol_state", choice(ProtocolState)),
    field(2, "channels", vec(nested(ChannelSavedState))),
    field(3, "drives", vec(nested(Drive))),
  ],
);
export type StorvspSavedState = Shape<typeof StorvspSavedState>;
