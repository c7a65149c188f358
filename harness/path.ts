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

/** Name of a hop: `2505[nohost,privatepool]`. */
export function hopName({ release, inputs }: Hop): string {
  const values = Object.values(inputs);
  return values.length === 0 ? release : `${release}[${values.join(",")}]`;
}

/** Stable name of a path: `openhcl@2505[nohost,privatepool]>main[host,privatepool]`. */
export function pathName(path: Path): string {
  let implementation = "";
  const names = path.map((hop) => {
    const prefix = hop.implementation === implementation ? "" : `${hop.implementation}@`;
    implementation = hop.implementation;
    return prefix + hopName(hop);
  });
  return names.join(">");
}
