/**
 * VMGS: the store that OpenHCL has open on the file of the guest's persistent state. Nothing is
 * written in place: new blocks, a new table, and then the header that has not been active.
 *
 * Source: vm/vmgs/vmgs/src/vmgs_impl.rs, openhcl/underhill_core/src/worker.rs (it is opened early);
 * facts/openhcl/semantics.md, Guest-state lifetime. A store from saved state is not validated: it
 * believes what it was told of the file. Not modelled: encryption, and its fields are held.
 *
 * @module
 */
import { ChainError, type InspectNode } from "../machine/mod.ts";
import type { SavedBlockStorageMetadata, SavedVmgsState } from "../openhcl_state/mod.ts";
import {
  BLOCK_OCTETS,
  BLOCK_OFFSET_MIN,
  FILE,
  type FileControlBlock,
  type FileTable,
  type VmgsDisk,
} from "./vmgs_disk.ts";

/** DPS `general.guest_state_lifetime`; the other two values act like the first here. */
export type GuestStateLifetime = "Default" | "Ephemeral";

/** What is saved of the guest state; null when there is none. */
export type SavedVmgs = [SavedVmgsState, SavedBlockStorageMetadata] | null;

/** The open store. */
export class Vmgs {
  readonly source: "saved" | "disk";
  readonly metadata: SavedBlockStorageMetadata;
  readonly #disk: VmgsDisk;
  #state: SavedVmgsState;

  constructor(
    source: "saved" | "disk",
    disk: VmgsDisk,
    state: SavedVmgsState,
    metadata: SavedBlockStorageMetadata,
  ) {
    this.source = source;
    this.#disk = disk;
    this.#state = state;
    this.metadata = metadata;
  }

  get state(): SavedVmgsState {
    return this.#state;
  }

  /** The content of a file; null when there is none of that id. */
  read(id: number): Uint8Array | null {
    const file = this.#state.fcbs.find(([fileId]) => fileId === id)?.[1];
    return file === undefined ? null : this.#disk.read(file);
  }

  /** Everything that is readable, but for the table itself. */
  files(): ReadonlyMap<number, Uint8Array> {
    const files = new Map<number, Uint8Array>();
    for (const [id, file] of this.#state.fcbs) {
      if (id !== FILE.table) files.set(id, this.#disk.read(file));
    }
    return files;
  }

  /** How the store differs from the file, in words; null when it does not. */
  disagreement(): string | null {
    const { active_header_index: index, active_header_sequence_number: sequence } = this.#state;
    const disk = this.#disk;
    if (Number(index) !== disk.activeHeaderIndex || sequence !== disk.sequence) {
      return `header ${index}/${sequence}, on disk ${disk.activeHeaderIndex}/${disk.sequence}`;
    }
    if (this.#state.fcbs === disk.files) return null;
    const [here, there] = [this.#state.fcbs, disk.files].map((files: FileTable) =>
      files.map(([id, file]) => `${id}@${file.block_offset}+${file.valid_bytes}`).join(" "),
    );
    return here === there ? null : `files ${here}, on disk ${there}`;
  }

  write(id: number, content: Uint8Array): void {
    const { fcbs, active_header_index: active, active_header_sequence_number: was } = this.#state;
    const capacity = Number(this.metadata.capacity / BigInt(BLOCK_OCTETS));
    const file = allocate(fcbs, content.length, capacity);
    const table = allocate([...fcbs, [id, file]], BLOCK_OCTETS, capacity);
    const files = withFile(withFile(fcbs, id, file), FILE.table, table);
    const [header, sequence] = [active === 0n ? 1 : 0, (was + 1) >>> 0];
    this.#disk.write(file.block_offset, file.allocated_blocks, content);
    this.#disk.write(table.block_offset, table.allocated_blocks, files);
    this.#disk.writeHeader(header, sequence, table.block_offset);
    this.#state = {
      ...this.#state,
      fcbs: files as SavedVmgsState["fcbs"],
      active_header_index: BigInt(header),
      active_header_sequence_number: sequence,
    };
  }
}

/** The first gap between `files` that is wide enough. An empty file has a block, too. */
function allocate(files: FileTable, octets: number, capacity: number): FileControlBlock {
  const blocks = Math.max(1, Math.ceil(octets / BLOCK_OCTETS));
  let offset = BLOCK_OFFSET_MIN;
  for (let end = endOfOverlap(files, offset, blocks); end > 0; ) {
    offset = end;
    end = endOfOverlap(files, offset, blocks);
  }
  if (offset + blocks > capacity) throw new ChainError("insufficient resources");
  return {
    ...NOT_ENCRYPTED,
    block_offset: offset,
    allocated_blocks: blocks,
    valid_bytes: BigInt(octets),
  };
}

/** Where a file ends that lies in some of the blocks; 0 when none does. */
function endOfOverlap(files: FileTable, offset: number, blocks: number): number {
  for (const [, { block_offset: start, allocated_blocks: length }] of files) {
    if (start < offset + blocks && offset < start + length) return start + length;
  }
  return 0;
}

/** In order of ids. */
function withFile(files: FileTable, id: number, file: FileControlBlock): FileTable {
  const at = files.findIndex(([other]) => other >= id);
  const entry = [id, file] as const;
  if (at < 0) return [...files, entry];
  return files[at]?.[0] === id ? files.with(at, entry) : files.toSpliced(at, 0, entry);
}

/** The store as saved state. `fails` stands for a disk that does not take the last write. */
export function saveVmgs(vmgs: Vmgs | null, fails: boolean): SavedVmgs {
  if (vmgs === null) return null;
  if (fails) throw new ChainError("error writing to disk");
  return [vmgs.state, vmgs.metadata];
}

export function inspectVmgs(vmgs: Vmgs | null): InspectNode {
  if (vmgs === null) return null;
  const { version, active_header_sequence_number: sequence, reprovisioned, fcbs } = vmgs.state;
  return {
    version,
    active_header_sequence_number: sequence,
    reprovisioned: reprovisioned ?? false,
    files: fcbs.map(([id]) => id).join(","),
  };
}

/** The store as it was saved. */
export function openFromSaved(disk: VmgsDisk, [state, metadata]: NonNullable<SavedVmgs>): Vmgs {
  return new Vmgs("saved", disk, state, metadata);
}

/** The store as the file has it. */
export function openFromDisk(disk: VmgsDisk): Vmgs {
  const state: SavedVmgsState = {
    active_header_index: BigInt(disk.activeHeaderIndex),
    active_header_sequence_number: disk.sequence,
    fcbs: disk.files as SavedVmgsState["fcbs"],
    ...VERSION_3,
    reprovisioned: disk.reprovisioned,
  };
  return new Vmgs("disk", disk, state, METADATA);
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

const KEY = new Uint8Array(32);
const NOT_ENCRYPTED = {
  nonce: new Uint8Array(12),
  authentication_tag: new Uint8Array(16),
  encryption_key: KEY,
  attributes: 0,
};
const { attributes: _, ...NO_KEY } = NOT_ENCRYPTED;

const VERSION_3 = {
  version: 0x0003_0000,
  encryption_algorithm: 0,
  datastore_key_count: 0,
  active_datastore_key_index: null,
  datastore_keys: [KEY, KEY],
  metadata_key: KEY,
  encrypted_metadata_keys: [NO_KEY, NO_KEY],
} satisfies Partial<SavedVmgsState>;
