/**
 * Memory that VTL2 has besides its image, and where the boot shim of a release puts the private
 * pool in it. A shim does so at every boot that finds no region of the last one, so the place
 * depends on the release, the size of its image and what else is free.
 *
 * Source: openhcl/openhcl_boot/src/host_params/dt/mod.rs (`topology_from_host_dt`) and memory.rs;
 * pull requests 2475 and 2486 (from the top, so that a larger image does not reach the pool), 3312
 * and 3964 (over several NUMA nodes); release/2505, host_params/dt.rs. Not modelled: what the shim
 * reserves besides image and pool.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { countPages, PAGE_SIZE, type PageRange } from "../memory/mod.ts";

/** How a release places the pool. */
export interface PoolRule {
  /** The end of free memory that it begins at. */
  readonly from: "bottom" | "top";
  /** Takes a part from each NUMA node when the first one has no room for all of it. */
  readonly splits: boolean;
  /** Pages of a pool whose size the host cannot choose; null for as many as it asks for. */
  readonly pages: bigint | null;
}

/** What the memory of a VM is like. */
export type Placement = "whole" | "roomy" | "numa" | "scarce" | "fragmented";

interface FreeRange extends PageRange {
  readonly node: number;
}

interface Vtl2Memory {
  /** Beside the usual image, lowest first. A larger image grows into the first range. */
  readonly free: readonly FreeRange[];
  readonly poolPages: bigint;
}

/** At 4 GiB. */
const FIRST_PFN = 0x10_0000n;
/** Where the second NUMA node begins. */
const SECOND_NODE_PFN = 0x18_0000n;
/** 8 MiB: enough for every queue of both controllers and all NICs. */
const USUAL_PAGES = 2_048n;
/** Room for the admin queues of two controllers, for one I/O queue of each, and for two more. */
const SCARCE_PAGES = 420n;

const MEMORY: Readonly<Record<Placement, Vtl2Memory>> = {
  whole: memoryOf(USUAL_PAGES, [USUAL_PAGES]),
  roomy: memoryOf(USUAL_PAGES, [3n * USUAL_PAGES]),
  numa: memoryOf(USUAL_PAGES, [1_536n, 1_536n]),
  scarce: memoryOf(SCARCE_PAGES, [SCARCE_PAGES]),
  fragmented: memoryOf(USUAL_PAGES, [USUAL_PAGES]),
};

function memoryOf(poolPages: bigint, pagesOfNodes: readonly bigint[]): Vtl2Memory {
  const free = pagesOfNodes.map((pages, node) => {
    return { node, pages, pfn: node === 0 ? FIRST_PFN : SECOND_NODE_PFN };
  });
  return { free, poolPages };
}

/** Where a shim with an image of so many pages more than usual puts the pool; it may panic. */
export function placePool(
  placement: Placement,
  { from, splits, pages: fixed }: PoolRule,
  imagePages: bigint,
): readonly PageRange[] {
  const { free, poolPages: asked } = MEMORY[placement];
  const left = free.map((range, index) => (index === 0 ? behindImage(range, imagePages) : range));
  const poolPages = fixed ?? asked;
  // Before the pool was placed from the top, any node would do.
  const nodes = from === "bottom" ? left : left.filter(({ node }) => node === 0);
  const whole = takeFrom(nodes, poolPages, from);
  if (whole !== null) return [whole];
  const share = poolPages / BigInt(left.length);
  const parts = splits ? left.map((range) => takeFrom([range], share, from)) : [];
  const found = parts.filter((part) => part !== null);
  if (countPages(found) === poolPages) return found;
  const octets = (poolPages * BigInt(PAGE_SIZE)).toString(16);
  throw new Panic(`failed to allocate VTL2 pool of size 0x${octets} bytes`);
}

/** The ranges that a servicing boot goes on with: those of the last boot, if it can have them. */
export function keepPool(
  placement: Placement,
  { splits }: PoolRule,
  imagePages: bigint,
  kept: readonly PageRange[],
): readonly PageRange[] {
  if (kept.length > 1 && !splits) {
    throw new Panic("assertion failed: previous instance had multiple pool ranges");
  }
  const [first] = MEMORY[placement].free;
  const imageEnd = (first?.pfn ?? 0n) + imagePages;
  const overlaps = kept.some(({ pfn }) => imagePages > 0n && pfn < imageEnd);
  if (overlaps) throw new Panic("failed to initialize address space manager: ranges overlap");
  return kept;
}

function behindImage({ node, pfn, pages }: FreeRange, imagePages: bigint): FreeRange {
  return { node, pfn: pfn + imagePages, pages: pages - imagePages };
}

/** `pages` at one end of the first range from there that is large enough. */
function takeFrom(
  ranges: readonly FreeRange[],
  pages: bigint,
  from: PoolRule["from"],
): PageRange | null {
  const inOrder = from === "bottom" ? ranges : ranges.toReversed();
  const found = inOrder.find((range) => range.pages >= pages);
  if (found === undefined) return null;
  const pfn = from === "bottom" ? found.pfn : found.pfn + found.pages - pages;
  return { pfn, pages };
}
