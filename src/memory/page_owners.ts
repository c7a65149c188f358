/**
 * Who may be written to by whom: the owner of every page that a device could reach, kept outside of
 * the product. Whoever hands out pages says so here, and a device that writes to a page which was
 * not lent to it leaves a stray write. No hardware keeps such a list; it is how the model sees what
 * would be silent corruption elsewhere.
 *
 * @module
 */

/** Pages in a row that one owner has. */
interface Lease {
  readonly pfn: number;
  readonly pages: number;
  readonly owner: string;
  /** Whose death ends it: null for what outlives a boot of OpenHCL, such as pool and guest. */
  readonly boot: number | null;
}

/** A write of a device to a page that was not its own. */
export interface StrayWrite {
  readonly device: string;
  readonly pfn: number;
  /** Owner of the page; null for a page that belongs to nobody. */
  readonly owner: string | null;
}

/** Owner of pages that every device may reach: the guest's. */
export const GUEST = "guest";

/** Stray writes that are kept; further ones are the same story. */
const STRAY_WRITES_MAX = 64;

export class PageOwners {
  #leases: Lease[] = [];
  #boot = 0;
  #strays: StrayWrite[] = [];

  /** Boots of OpenHCL so far. */
  get boots(): number {
    return this.#boot;
  }

  /** Writes to pages of others, oldest first. */
  get strayWrites(): readonly StrayWrite[] {
    return this.#strays;
  }

  /** A new boot of OpenHCL: what the last one lent out of its own memory belongs to nobody now. */
  beginBoot(): void {
    this.#boot++;
    this.#leases = this.#leases.filter(({ boot }) => boot === null);
  }

  /** Gives pages to `owner`, taking them from whoever had them. */
  lend(pfn: number, pages: number, owner: string, outlivesBoot: boolean): void {
    this.takeBack(pfn, pages);
    const boot = outlivesBoot ? null : this.#boot;
    this.#leases.push({ pfn, pages, owner, boot });
  }

  /** Makes pages belong to nobody. A lease that reaches over the end keeps the rest. */
  takeBack(pfn: number, pages: number): void {
    const end = pfn + pages;
    if (!this.#leases.some((lease) => lease.pfn < end && pfn < lease.pfn + lease.pages)) return;
    this.#leases = this.#leases.flatMap((lease) => {
      const leaseEnd = lease.pfn + lease.pages;
      if (lease.pfn >= end || leaseEnd <= pfn) return lease;
      return [
        { ...lease, pages: Math.max(0, pfn - lease.pfn) },
        { ...lease, pfn: end, pages: Math.max(0, leaseEnd - end) },
      ].filter((rest) => rest.pages > 0);
    });
  }

  ownerOf(pfn: number): string | null {
    for (const lease of this.#leases) {
      if (pfn >= lease.pfn && pfn < lease.pfn + lease.pages) return lease.owner;
    }
    return null;
  }

  /** `device` writes to a page. */
  noteWrite(device: string, pfn: number): void {
    const owner = this.ownerOf(pfn);
    if (owner === device || owner === GUEST) return;
    if (this.#strays.length < STRAY_WRITES_MAX) this.#strays.push({ device, pfn, owner });
  }

  fork(): PageOwners {
    const copy = new PageOwners();
    copy.#leases = [...this.#leases];
    copy.#boot = this.#boot;
    copy.#strays = [...this.#strays];
    return copy;
  }
}
