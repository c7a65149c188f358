/**
 * VMGS: the guest's persistent state, in a file that the host keeps, and the store that OpenHCL
 * has open on it.
 *
 * Source: openhcl/underhill_core/src/worker.rs (VMGS is opened early), vm/vmgs/vmgs,
 * vm/devices/storage/disk_get_vmgs; facts/openhcl/semantics.md, Guest-state lifetime. Not
 * modelled: files and encryption; a store restored from saved state is not validated, as upstream.
 *
 * @module
 */
import { ChainError, type InspectNode } from "../machine/mod.ts";
import type { SavedBlockStorageMetadata, SavedVmgsState } from "../openhcl_state/mod.ts";

/** DPS `general.guest_state_lifetime`; the other two values act like the first here. */
export type GuestStateLifetime = "Default" | "Ephemeral";

/** What is saved of the guest state; null when there is none. */
export type SavedVmgs = [SavedVmgsState, SavedBlockStorageMetadata] | null;

/** The file, as the host keeps it. */
export class VmgsDisk {
  /**
   * The marker in the file's header: it was reset on an earlier boot with the lifetime Reprovision,
   * and must not be reset again (PR 2126).
   */
  readonly reprovisioned = true;
  /** A hibernation token waits to be consumed by the first VMM that knows it. */
  hibernateToken: bigint | null = 0x5eed_cafe_0123n;
  readonly metadata: SavedBlockStorageMetadata = METADATA;
}

const METADATA: SavedBlockStorageMetadata = {
  capacity: 4_194_304n,
  logical_sector_size: 512,
  sector_count: 8_192n,
  sector_size: 512,
  physical_sector_size: 4_096,
  max_trans_size_bytes: 16_384,
  max_transfer_size_bytes: 16_384,
};

/** The open store. */
export interface Vmgs {
  readonly source: "saved" | "disk";
  readonly state: SavedVmgsState;
  readonly metadata: SavedBlockStorageMetadata;
}

/** The store as saved state. `fails` stands for a disk that does not take the last write. */
export function saveVmgs(vmgs: Vmgs | null, fails: boolean): SavedVmgs {
  if (vmgs === null) return null;
  if (fails) throw new ChainError("error writing to disk");
  return [vmgs.state, vmgs.metadata];
}

export function inspectVmgs(vmgs: Vmgs | null): InspectNode {
  if (vmgs === null) return null;
  const { version, active_header_sequence_number: sequence, reprovisioned } = vmgs.state;
  return {
    version,
    active_header_sequence_number: sequence,
    reprovisioned: reprovisioned ?? false,
  };
}

/** The store as it was saved. */
export function openFromSaved([state, metadata]: NonNullable<SavedVmgs>): Vmgs {
  return { source: "saved", state, metadata };
}

/** The store as the file has it. */
export function openFromDisk(disk: VmgsDisk): Vmgs {
  const { reprovisioned, metadata } = disk;
  return { source: "disk", state: { ...STORE, reprovisioned }, metadata };
}

const KEY = new Uint8Array(32);
const NO_KEY = {
  nonce: new Uint8Array(12),
  authentication_tag: new Uint8Array(16),
  encryption_key: KEY,
};

const STORE = {
  active_header_index: 1n,
  active_header_sequence_number: 7,
  version: 0x0003_0000,
  fcbs: [
    [2, { ...NO_KEY, block_offset: 4, allocated_blocks: 16, valid_bytes: 32_768n, attributes: 0 }],
    [6, { ...NO_KEY, block_offset: 20, allocated_blocks: 1, valid_bytes: 64n, attributes: 0 }],
  ],
  encryption_algorithm: 0,
  datastore_key_count: 0,
  active_datastore_key_index: null,
  datastore_keys: [KEY, KEY],
  metadata_key: KEY,
  encrypted_metadata_keys: [NO_KEY, NO_KEY],
} satisfies Omit<SavedVmgsState, "reprovisioned">;
