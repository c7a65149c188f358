/**
 * The heap of a run of programs of others, which have memory of their own.
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
