/**
 * Hops and paths: which releases a machine visits, and how each one is started.
 *
 * @module
 */

/** One stop on a path: a release and the inputs it is started with. */
export interface Hop {
  /** Software that saves and restores machines, such as `openhcl`. */
  readonly implementation: string;
  readonly release: string;
  /** Value of every per-hop axis, such as `{ host: "nohost", pool: "privatepool" }`. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The hops a machine visits, in order. Two or more; each but the last one saves. */
export type Path = readonly [Hop, Hop, ...Hop[]];

/** Values by axis that a name leaves out. */
export type Omitted = Readonly<Record<string, string>>;

/** Name of a hop: `2505[nohost,privatepool]`. */
export function hopName({ release, inputs }: Hop, omitted: Omitted = {}): string {
  let values = "";
  for (const axis in inputs) {
    const value = inputs[axis];
    if (value !== omitted[axis]) values += values === "" ? value : `,${value}`;
  }
  return values === "" ? release : `${release}[${values}]`;
}

/** Stable name of a path: `openhcl@2505[nohost,privatepool]>main[host,privatepool]`. */
export function pathName(path: Path, omitted: Omitted = {}): string {
  let implementation = "";
  let name = "";
  for (const hop of path) {
    const prefix = hop.implementation === implementation ? "" : `${hop.implementation}@`;
    implementation = hop.implementation;
    name += `${name === "" ? "" : ">"}${prefix}${hopName(hop, omitted)}`;
  }
  return name;
}
