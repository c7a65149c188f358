/**
 * The heap of a run: that of programs of others, which have memory of their own, and that of a
 * run so long that what V8 keeps for later adds up.
 *
 * @module
 */
import v8 from "node:v8";

/**
 * Has Node let its heap grow as it sees fit, in all threads. The npm scripts ask it to grow slowly,
 * for runs of a million cells; a run of real programs is short, what it reads of them is large, and
 * collecting again and again would take two fifths of our time, which the programs need.
 */
export function growFreely(): void {
  const isNode = process.versions.deno === undefined && process.versions.bun === undefined;
  if (isNode) v8.setFlagsFromString("--heap-growing-percent=0");
}

/**
 * Conditions from which on a run is long. V8 keeps pages that a collection has emptied, and the
 * code of what is long over: 40 to 60 MB by then. To give them back takes as long as 30 conditions.
 */
const CONDITIONS_LONG = 3_200;

/** Gives back, now and then, what V8 keeps of a heap while a run goes on. */
export class HeapKeeper {
  #given = 0;

  /** So many `conditions` were run. */
  note(conditions: number): void {
    if (conditions - this.#given < CONDITIONS_LONG) return;
    this.#given = conditions;
    giveBack();
  }
}

/** Lets go what a run of so many `conditions` has left behind, as its reports need room. */
export function makeRoomAfter(conditions: number): void {
  if (conditions >= CONDITIONS_LONG) giveBack();
}

/** What Node offers with `--expose-gc`; other runtimes have no such thing. */
type Collect = (how: { readonly type: "major"; readonly flavor: "last-resort" }) => void;

/** Only a collection of last resort gives pages back; the npm scripts let us ask for one. */
function giveBack(): void {
  const { gc } = globalThis as { readonly gc?: Collect };
  gc?.({ type: "major", flavor: "last-resort" });
}
