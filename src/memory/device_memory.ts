/**
 * Memory as one device reaches it by DMA: everything, as without an IOMMU, but each write to a page
 * of somebody else is noted.
 *
 * @module
 */
import type { GuestMemory } from "./guest_memory.ts";
import type { PageOwners } from "./page_owners.ts";
import { PAGE_SIZE } from "./pages.ts";

export class DeviceMemory {
  readonly #memory: GuestMemory;
  readonly #owners: PageOwners;
  readonly #device: string;

  /** `device` is the name under which pages are lent to it, such as `nvme_c05b:00:00.0`. */
  constructor(memory: GuestMemory, owners: PageOwners, device: string) {
    this.#memory = memory;
    this.#owners = owners;
    this.#device = device;
  }

  /** The octets of a page, to be read now. */
  readable(pfn: number): Uint8Array {
    return this.#memory.readable(pfn);
  }

  /** The octets of a page, to be written now. */
  writable(pfn: number): Uint8Array {
    this.#owners.noteWrite(this.#device, pfn);
    return this.#memory.writable(pfn);
  }

  read(address: number, length: number): Uint8Array {
    return this.#memory.read(address, length);
  }

  write(address: number, octets: Uint8Array): void {
    const last = Math.floor((address + octets.length - 1) / PAGE_SIZE);
    for (let pfn = Math.floor(address / PAGE_SIZE); pfn <= last; pfn++) {
      this.#owners.noteWrite(this.#device, pfn);
    }
    this.#memory.write(address, octets);
  }
}
