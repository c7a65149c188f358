/**
 * Package `vmgs`: the open guest-state file and the disk below it, from vm/vmgs and
 * vm/devices/storage/disk_get_vmgs.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import {
  array,
  bool,
  nested,
  nonZeroU32,
  octets,
  option,
  tuple,
  u8,
  u16,
  u32,
  u64,
  usize,
  vec,
} from "../schema/type.ts";

export const SavedBlockStorageMetadata = message(
  "vmgs.SavedBlockStorageMetadata",
  "vm/devices/storage/disk_get_vmgs/src/lib.rs",
  [
    /** Octets. */
    field(1, "capacity", u64),
    /** Octets. */
    field(2, "logical_sector_size", u32),
    field(3, "sector_count", u64),
    /** Octets. */
    field(4, "sector_size", u32),
    /** Octets. */
    field(5, "physical_sector_size", u32),
    field(6, "max_trans_size_bytes", u32, { until: "2411" }),
    field(6, "max_transfer_size_bytes", u32, { since: "2505", formerly: "max_trans_size_bytes" }),
  ],
);
export type SavedBlockStorageMetadata = Shape<typeof SavedBlockStorageMetadata>;

/** One file in the store. */
export const SavedResolvedFileControlBlock = message(
  "vmgs.SavedResolvedFileControlBlock",
  "vm/vmgs/vmgs/src/vmgs_impl.rs",
  [
    /** Blocks of 4096 octets. */
    field(1, "block_offset", u32),
    /** Blocks of 4096 octets; 0 is refused. */
    field(2, "allocated_blocks", nonZeroU32),
    /** Octets. */
    field(3, "valid_bytes", u64),
    field(4, "nonce", octets(12)),
    field(5, "authentication_tag", octets(16)),
    field(6, "attributes", u32),
    field(7, "encryption_key", octets(32)),
  ],
);
export type SavedResolvedFileControlBlock = Shape<typeof SavedResolvedFileControlBlock>;

export const SavedVmgsEncryptionKey = message(
  "vmgs.SavedVmgsEncryptionKey",
  "vm/vmgs/vmgs/src/vmgs_impl.rs",
  [
    field(1, "nonce", octets(12)),
    field(2, "authentication_tag", octets(16)),
    field(3, "encryption_key", octets(32)),
  ],
);
export type SavedVmgsEncryptionKey = Shape<typeof SavedVmgsEncryptionKey>;

export const SavedVmgsState = message("vmgs.SavedVmgsState", "vm/vmgs/vmgs/src/vmgs_impl.rs", [
  field(1, "active_header_index", usize),
  field(2, "active_header_sequence_number", u32),
  field(3, "version", u32),
  /** By file id. */
  field(4, "fcbs", vec(tuple(u32, nested(SavedResolvedFileControlBlock)))),
  field(5, "encryption_algorithm", u16),
  field(6, "datastore_key_count", u8),
  field(7, "active_datastore_key_index", option(usize)),
  field(8, "datastore_keys", array(octets(32), 2)),
  field(9, "metadata_key", octets(32)),
  field(10, "encrypted_metadata_keys", array(nested(SavedVmgsEncryptionKey), 2)),
  /** Whether the file was created anew at boot. */
  field(11, "reprovisioned", bool, { since: "1.7.2511" }),
]);
export type SavedVmgsState = Shape<typeof SavedVmgsState>;
