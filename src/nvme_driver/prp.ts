/**
 * Data pointers of commands. Source: microsoft/openvmm, nvme_driver queue_pair.rs `make_prp`.
 *
 * @module
 */
import { putAddress } from "../bytes/write_little_endian.ts";
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import type { QueuePair } from "./queue_pair.ts";

/** An address that no memory has, in every entry that must not be used. */
export const UNUSED_PRP = 2 ** 64 - PAGE_SIZE;

/** Entries of a list, which has one page. */
const LIST_ENTRIES_MAX = PAGE_SIZE / 8;

/** PRP entries of one command, and the page of its list, which has to be given back. */
export interface DataPointer {
  readonly prp1: number;
  readonly prp2: number;
  readonly list: readonly number[];
}

const NO_LIST: readonly number[] = [];
const NOTHING: DataPointer = { prp1: UNUSED_PRP, prp2: UNUSED_PRP, list: NO_LIST };

/**
 * Makes the pointer to data that starts at `offset` in the first of `pfns`, and gives it to `take`:
 * a list of more than two pages needs a page of the queue pair, and may have to wait for it.
 */
export function withPointer(
  { pages }: Pick<QueuePair, "pages">,
  memory: GuestMemory,
  pfns: readonly number[],
  offset: number,
  take: (pointer: DataPointer) => void,
): void {
  const direct = directPointer(pfns, offset);
  if (direct !== null) {
    take(direct);
    return;
  }
  pages.alloc(1, (list) => {
    const page = list[0] ?? 0;
    const octets = memory.writable(page);
    for (let index = 1; index < pfns.length && index <= LIST_ENTRIES_MAX; index++) {
      putAddress(octets, (index - 1) * 8, (pfns[index] as number) * PAGE_SIZE);
    }
    take({ prp1: (pfns[0] ?? 0) * PAGE_SIZE + offset, prp2: page * PAGE_SIZE, list });
  });
}

/** The pointer to up to two pages; null when there are more. */
function directPointer(pfns: readonly number[], offset: number): DataPointer | null {
  const [first, second] = pfns;
  if (first === undefined) return NOTHING;
  const prp1 = first * PAGE_SIZE + offset;
  if (second === undefined) return { prp1, prp2: UNUSED_PRP, list: NO_LIST };
  return pfns.length === 2 ? { prp1, prp2: second * PAGE_SIZE, list: NO_LIST } : null;
}
