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
  /** By slot. */
  #ranges: ReadonlyMap<number, GpaRange> = new Map();
  /** Handles of the ranges, by slot. */
  #handles: ReadonlyMap<number, number> = new Map();
  #nextHandle = 0x40;
  /** Requests so far; each one stops the guest for a moment. */
  #requests = 0;

  get requests(): number {
    return this.#requests;
  }

  /** What lies over the address space, by slot. */
  get ranges(): ReadonlyMap<number, GpaRange> {
    return this.#ranges;
  }

  /** Answers the handle; null when the slot is taken. */
  create(slot: number, range: GpaRange): number | null {
    this.#requests++;
    if (this.#ranges.has(slot)) return null;
    const handle = this.#nextHandle++;
    this.#ranges = new Map(this.#ranges).set(slot, range);
    this.#handles = new Map(this.#handles).set(slot, handle);
    return handle;
  }

  /** A handle that the host does not know changes nothing. */
  reset(handle: number): void {
    this.#requests++;
    const slots = [...this.#handles].filter(([, known]) => known !== handle);
    if (slots.length === this.#handles.size) return;
    this.#handles = new Map(slots);
    this.#ranges = new Map([...this.#ranges].filter(([slot]) => this.#handles.has(slot)));
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
