/**
 * All memory of a machine: its content, and whom each page belongs to.
 *
 * @module
 */
import { GuestMemory } from "./guest_memory.ts";
import { PageOwners } from "./page_owners.ts";

export class PhysicalMemory {
  readonly content: GuestMemory;
  readonly owners: PageOwners;

  constructor(content = new GuestMemory(), owners = new PageOwners()) {
    this.content = content;
    this.owners = owners;
  }

  /** Gives zeroed pages to `owner`. Those out of a pool outlive the boot that lends them. */
  lend(pfn: bigint, pages: number, owner: string, outlivesBoot: boolean): void {
    const first = Number(pfn);
    this.owners.lend(first, pages, owner, outlivesBoot);
    this.content.clear(first, pages);
  }

  /** Pages that hold what they held before belong to `owner` again. */
  keep(pfn: bigint, pages: number, owner: string): void {
    this.owners.lend(Number(pfn), pages, owner, true);
  }

  /** Pages belong to nobody any more; their content stays until they are lent again. */
  takeBack(pfn: bigint, pages: number): void {
    this.owners.takeBack(Number(pfn), pages);
  }

  fork(): PhysicalMemory {
    return new PhysicalMemory(this.content.fork(), this.owners.fork());
  }
}
