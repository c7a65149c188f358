/**
 * What a machine holds of its host and has asked of its devices, as far as its facets tell.
 *
 * @module
 */
import type { Machine } from "../facets/machine.ts";

/** What became of the controllers that the hop before has left at work. */
export type Keepalive = "kept" | "not kept" | "some kept" | "no device";

export interface MachineFigures {
  /** First and last page of each allocation of the pools, last excluded; null without pools. */
  readonly allocated: readonly (readonly [from: bigint, to: bigint])[] | null;
  /** Admin commands since this hop began; null of a machine that does not tell of controllers. */
  readonly commands: number | null;
  /** Resets since power-on. */
  readonly resets: number | null;
  readonly keepalive: Keepalive | null;
}

export const NO_FIGURES: MachineFigures = {
  allocated: null,
  commands: null,
  resets: null,
  keepalive: null,
};

export function figuresOf({ dma, nvme }: Machine): MachineFigures {
  const controllers = nvme?.controllers();
  const restored = controllers?.filter((each) => each.restored).length ?? 0;
  const sum = (of: (each: NonNullable<typeof controllers>[number]) => number) =>
    controllers?.reduce((total, each) => total + of(each), 0) ?? null;
  const allocated = dma
    ?.pools()
    .flatMap(({ slots }) => slots)
    .filter(({ state }) => state !== "free")
    .map(({ pfn, pages }) => [pfn, pfn + pages] as const);
  return {
    allocated: allocated ?? null,
    commands: sum(({ adminOpcodes }) => adminOpcodes.length),
    resets: sum(({ resets }) => resets),
    keepalive: controllers === undefined ? null : keepaliveOf(restored, controllers.length),
  };
}

function keepaliveOf(restored: number, all: number): Keepalive {
  if (all === 0) return "no device";
  if (restored === 0) return "not kept";
  return restored === all ? "kept" : "some kept";
}

/** How many pages `after` has, and how many of them `before` had, too. */
export function pagesOf(
  before: MachineFigures["allocated"],
  after: NonNullable<MachineFigures["allocated"]>,
): { readonly held: number; readonly kept: number } {
  let held = 0n;
  let kept = 0n;
  for (const [from, to] of after) {
    held += to - from;
    for (const [start, end] of before ?? []) {
      const overlap = (to < end ? to : end) - (from > start ? from : start);
      if (overlap > 0n) kept += overlap;
    }
  }
  return { held: Number(held), kept: Number(kept) };
}
