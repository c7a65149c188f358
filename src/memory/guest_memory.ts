/**
 * The memory of a machine by page frame: what guest, OpenHCL and devices share, and what outlives
 * every restart. A page that nobody has written reads as zeros and costs nothing. A copy shares its
 * pages with the original until one of them is written to.
 *
 * Addresses are guest-physical and below 2^53, as numbers; page frames of 4096 octets.
 *
 * @module
 */
import { copyOf, zeros } from "../bytes/slab.ts";
import { PAGE_SIZE } from "./pages.ts";

interface Page {
  readonly octets: Uint8Array;
  /** Memory that may write to the octets; every other one has to copy them first. */
  owner: GuestMemory | null;
}

const ZEROS = new Uint8Array(PAGE_SIZE);

export class GuestMemory {
  #pages = new Map<number, Page>();

  /** The octets of a page, to be read and not to be kept. */
  readable(pfn: number): Uint8Array {
    return this.#pages.get(pfn)?.octets ?? ZEROS;
  }

  /** The octets of a page, to be written now and not to be kept. */
  writable(pfn: number): Uint8Array {
    const page = this.#pages.get(pfn);
    if (page?.owner === this) return page.octets;
    const octets = page === undefined ? zeros(PAGE_SIZE) : copyOf(page.octets);
    this.#pages.set(pfn, { octets, owner: this });
    return octets;
  }

  /** A copy of `length` octets from `address` on. */
  read(address: number, length: number): Uint8Array {
    const octets = zeros(length);
    for (let done = 0; done < length; ) {
      const { pfn, offset } = placeOf(address + done);
      const part = this.readable(pfn).subarray(offset, offset + length - done);
      octets.set(part, done);
      done += part.length;
    }
    return octets;
  }

  write(address: number, octets: Uint8Array): void {
    for (let done = 0; done < octets.length; ) {
      const { pfn, offset } = placeOf(address + done);
      const part = octets.subarray(done, done + PAGE_SIZE - offset);
      this.writable(pfn).set(part, offset);
      done += part.length;
    }
  }

  /** Makes `pages` pages from `pfn` on zero, as pages are that nobody has written. */
  clear(pfn: number, pages: number): void {
    if (pages < this.#pages.size) {
      for (let index = 0; index < pages; index++) this.#pages.delete(pfn + index);
      return;
    }
    for (const written of this.#pages.keys()) {
      if (written >= pfn && written < pfn + pages) this.#pages.delete(written);
    }
  }

  /** A copy; from now on neither of the two sees what the other one writes. */
  fork(): GuestMemory {
    const copy = new GuestMemory();
    for (const page of this.#pages.values()) page.owner = null;
    copy.#pages = new Map(this.#pages);
    return copy;
  }
}

function placeOf(address: number): { readonly pfn: number; readonly offset: number } {
  const offset = address % PAGE_SIZE;
  return { pfn: (address - offset) / PAGE_SIZE, offset };
}
