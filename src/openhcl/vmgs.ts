/**
 * VMGS: the store that OpenHCL has open on the file of the guest's persistent state. Nothing is
 * written in place: new blocks, a new table, and then the header that has not been active.
 *
 * Source: vm/vmgs/vmgs/src/vmgs_impl.rs, openhcl/underhill_core/src/worker.rs (it is opened early).
 * A store from saved state is not validated: it believes what it was told of the file. Not
 * modelled: encryption, and its fields are held.
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
  /** As it was opened; what a write changes is kept beside it. */
  readonly #opened: SavedVmgsState;
  #files: FileTable;
  #headerIndex: number;
  #sequence: number;

  constructor(
    source: "saved" | "disk",
    disk: VmgsDisk,
    state: SavedVmgsState,
    metadata: SavedBlockStorageMetadata,
  ) {
    this.source = source;
    this.#disk = disk;
    this.#opened = state;
    this.#files = state.fcbs;
    this.#headerIndex = Number(state.active_header_index);
    this.#sequence = state.active_header_sequence_number;
    this.metadata = metadata;
  }

  get state(): SavedVmgsState {
    return {
      ...this.#opened,
      active_header_index: BigInt(this.#headerIndex),
      active_header_sequence_number: this.#sequence,
      fcbs: this.#files as SavedVmgsState["fcbs"],
    };
  }

  /** The content of a file; null when there is none of that id. */
  read(id: number): Uint8Array | null {
    const file = this.#files.find((entry) => entry[0] === id)?.[1];
    return file === undefined ? null : this.#disk.read(file);
  }

  /** Everything that is readable, but for the table itself. */
  files(): ReadonlyMap<number, Uint8Array> {
    const files = new Map<number, Uint8Array>();
    for (const [id, file] of this.#files) {
      if (id !== FILE.table) files.set(id, this.#disk.read(file));
    }
    return files;
  }

  /** How the store differs from the file, in words; null when it does not. */
  disagreement(): string | null {
    const { activeHeaderIndex, sequence, files } = this.#disk;
    if (this.#headerIndex !== activeHeaderIndex || this.#sequence !== sequence) {
      const here = `${this.#headerIndex}/${this.#sequence}`;
      return `header ${here}, on disk ${activeHeaderIndex}/${sequence}`;
    }
    if (this.#files === files) return null;
    const [here, there] = [tableText(this.#files), tableText(files)];
    return here === there ? null : `files ${here}, on disk ${there}`;
  }

  write(id: number, content: Uint8Array): void {
    const files = this.#files;
    const capacity = Number(this.metadata.capacity) / BLOCK_OCTETS;
    const file = allocate(files, null, content.length, capacity);
    const table = allocate(files, file, BLOCK_OCTETS, capacity);
    this.#files = withFile(withFile(files, id, file), FILE.table, table);
    this.#headerIndex = this.#headerIndex === 0 ? 1 : 0;
    this.#sequence = (this.#sequence + 1) >>> 0;
    const disk = this.#disk;
    disk.write(file.block_offset, file.allocated_blocks, content);
    disk.write(table.block_offset, table.allocated_blocks, this.#files);
    disk.writeHeader(this.#headerIndex, this.#sequence, table.block_offset);
  }
}

function tableText(files: FileTable): string {
  return files.map(([id, file]) => `${id}@${file.block_offset}+${file.valid_bytes}`).join(" ");
}

/** The first gap between `files`, and after `taken`, that is wide enough. */
function allocate(
  files: FileTable,
  taken: FileControlBlock | null,
  octets: number,
  capacity: number,
): FileControlBlock {
  // An empty file has a block, too.
  const blocks = Math.max(1, Math.ceil(octets / BLOCK_OCTETS));
  let offset = BLOCK_OFFSET_MIN;
  for (let end = endOfOverlap(files, taken, offset, blocks); end > 0; ) {
    offset = end;
    end = endOfOverlap(files, taken, offset, blocks);
  }
  if (offset + blocks > capacity) throw new ChainError("insufficient resources");
  return {
    ...NOT_ENCRYPTED,
    block_offset: offset,
    allocated_blocks: blocks,
    valid_bytes: BigInt(octets),
  };
}

/** Where something ends that lies in some of the blocks; 0 when nothing does. */
function endOfOverlap(
  files: FileTable,
  taken: FileControlBlock | null,
  offset: number,
  blocks: number,
): number {
  // By index, as this runs for every write.
  for (let at = 0; at < files.length; at++) {
    const file = files[at]?.[1];
    if (file !== undefined && overlaps(file, offset, blocks)) return endOf(file);
  }
  return taken !== null && overlaps(taken, offset, blocks) ? endOf(taken) : 0;
}

function overlaps(file: FileControlBlock, offset: number, blocks: number): boolean {
  return file.block_offset < offset + blocks && offset < endOf(file);
}

function endOf({ block_offset: start, allocated_blocks: length }: FileControlBlock): number {
  return start + length;
}

/** In order of ids. */
function withFile(files: FileTable, id: number, file: FileControlBlock): FileTable {
  const at = files.findIndex((entry) => entry[0] >= id);
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
