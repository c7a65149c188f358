/**
 * The memory of a machine by page frame: what guest, OpenHCL and devices share, and what outlives
 * every restart. A page that nobody has written reads as zeros and costs nothing. A copy shares its
 * pages with the original until one of them is written to.
 *
 * Addresses are guest-physical and below 2^53, as numbers; page frames of 4096 octets.
 *
 * @module
 */
import { Slab } from "../bytes/slab.ts";
import { PAGE_SIZE } from "./pages.ts";

interface Page {
  readonly octets: Uint8Array;
  /** Memories that have the page. Who is not alone copies it before writing. */
  users: number;
}

const ZEROS = new Uint8Array(PAGE_SIZE);

/** Pages are used again and again; what is read goes soon, and must not stay for their sake. */
const slab = new Slab(16 * PAGE_SIZE);
const readings = new Slab(4 * PAGE_SIZE);

/** Pages that nobody has any more, to be used again: machines come and go by the thousand. */
const spare: Uint8Array[] = [];
/** 8 MiB: more than the machines have that are there at a time. */
const SPARE_MAX = 2_048;

export class GuestMemory {
  #pages = new Map<number, Page>();

  /** The octets of a page, to be read and not to be kept. */
  readable(pfn: number): Uint8Array {
    return this.#pages.get(pfn)?.octets ?? ZEROS;
  }

  /** The octets of a page, to be written now and not to be kept. */
  writable(pfn: number): Uint8Array {
    const page = this.#pages.get(pfn);
    if (page?.users === 1) return page.octets;
    const octets = page === undefined ? zeroPage() : copiedPage(page.octets);
    if (page !== undefined) page.users--;
    this.#pages.set(pfn, { octets, users: 1 });
    return octets;
  }

  /** Gives all pages back. Nobody may use the memory after that. */
  release(): void {
    for (const page of this.#pages.values()) letGo(page);
    this.#pages.clear();
  }

  /** A copy of `length` octets from `address` on. */
  read(address: number, length: number): Uint8Array {
    const octets = readings.zeros(length);
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
      for (let index = 0; index < pages; index++) this.#drop(pfn + index);
      return;
    }
    for (const written of this.#pages.keys()) {
      if (written >= pfn && written < pfn + pages) this.#drop(written);
    }
  }

  #drop(pfn: number): void {
    const page = this.#pages.get(pfn);
    if (page === undefined) return;
    this.#pages.delete(pfn);
    letGo(page);
  }

  /** A copy; from now on neither of the two sees what the other one writes. */
  fork(): GuestMemory {
    const copy = new GuestMemory();
    for (const page of this.#pages.values()) page.users++;
    copy.#pages = new Map(this.#pages);
    return copy;
  }
}

function letGo(page: Page): void {
  page.users--;
  if (page.users === 0 && spare.length < SPARE_MAX) spare.push(page.octets);
}

function zeroPage(): Uint8Array {
  return spare.pop()?.fill(0) ?? slab.zeros(PAGE_SIZE);
}

function copiedPage(octets: Uint8Array): Uint8Array {
  const page = spare.pop();
  if (page === undefined) return slab.copyOf(octets);
  page.set(octets);
  return page;
}

function placeOf(address: number): { readonly pfn: number; readonly offset: number } {
  const offset = address % PAGE_SIZE;
  return { pfn: (address - offset) / PAGE_SIZE, offset };
}
