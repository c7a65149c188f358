/**
 * Ranges of memory that the host has laid over the guest's address space at OpenHCL's request. They
 * outlive it, and only their handles can take them away.
 *
 * Source: openhcl/underhill_core/src/emuplat/i440bx_host_pci_bridge.rs (`create_ram_gpa_range`,
 * `reset_ram_gpa_range`).
 *
 * @module
 */

/** What the guest sees in a range. */
export interface GpaRange {
  readonly start: number;
  readonly length: number;
  /** Where the content comes from. */
  readonly gpaOffset: number;
  readonly isRom: boolean;
}

export class HostGpaRanges {
  /** By slot; null where nothing lies. */
  #ranges: readonly (GpaRange | null)[] = new Array(SLOTS).fill(null);
  /** Handles of the ranges, by slot. */
  #handles: readonly number[] = new Array(SLOTS).fill(NO_HANDLE);
  #nextHandle = 0x40;
  /** Requests so far; each one stops the guest for a moment. */
  #requests = 0;

  get requests(): number {
    return this.#requests;
  }

  /** What lies over the address space, by slot; the same object until that changes. */
  get ranges(): readonly (GpaRange | null)[] {
    return this.#ranges;
  }

  /** Answers the handle; null when the slot is taken. */
  create(slot: number, range: GpaRange): number | null {
    this.#requests++;
    if (this.#ranges[slot] !== null) return null;
    const handle = this.#nextHandle++;
    this.#ranges = this.#ranges.with(slot, range);
    this.#handles = this.#handles.with(slot, handle);
    return handle;
  }

  /** A handle that the host does not know changes nothing. */
  reset(handle: number): void {
    this.#requests++;
    const slot = this.#handles.indexOf(handle);
    if (slot < 0) return;
    this.#ranges = this.#ranges.with(slot, null);
    this.#handles = this.#handles.with(slot, NO_HANDLE);
  }

  fork(): HostGpaRanges {
    const copy = new HostGpaRanges();
    copy.#ranges = this.#ranges;
    copy.#handles = this.#handles;
    copy.#nextHandle = this.#nextHandle;
    copy.#requests = this.#requests;
    return copy;
  }
}

/** More than there are ranges in the BIOS area. A slot beyond them is taken. */
const SLOTS = 32;

const NO_HANDLE = -1;
