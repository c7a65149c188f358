/**
 * Pages of one queue pair for PRP lists, data of admin commands and bounced data. Nothing of it is
 * saved: after a restore every page counts as free, whatever commands in flight still point to.
 * Source: microsoft/openvmm, vm/devices/user_driver/src/page_allocator.rs.
 *
 * @module
 */
import type { PageView } from "./queue_memory.ts";

/** Called with the page frames; they have to be given back. */
type Taker = (pfns: readonly number[]) => void;

interface Waiter {
  readonly pages: number;
  readonly take: Taker;
}

export class PageAllocator {
  readonly #view: PageView;
  /** Pages that were never given out are at the end, from this index on. */
  #untouched = 0;
  /** Pages given back; the last one is the next to be given out. */
  readonly #free: number[] = [];
  #waiting: Waiter[] = [];

  constructor(view: PageView) {
    this.#view = view;
  }

  /**
   * Gives `pages` pages to `take`, now or when others have been given back. False when there are
   * not as many, one of them being left for a PRP list.
   */
  alloc(pages: number, take: Taker): boolean {
    if (this.#view.pages < pages + 1) return false;
    if (this.#remaining >= pages) take(this.#take(pages));
    else this.#waiting.push({ pages, take });
    return true;
  }

  free(pfns: readonly number[]): void {
    for (const pfn of pfns) this.#free.push(pfn);
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { pages, take } of waiting) this.alloc(pages, take);
  }

  get #remaining(): number {
    return this.#free.length + this.#view.pages - this.#untouched;
  }

  #take(pages: number): number[] {
    const pfns: number[] = [];
    while (pfns.length < pages) pfns.push(this.#free.pop() ?? this.#view.pfn + this.#untouched++);
    return pfns;
  }
}
