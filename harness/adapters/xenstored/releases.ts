/**
 * The releases of the real xenstore daemons in the matrix: two programs that share a protocol, of
 * the Xen that each Debian suite has.
 *
 * @module
 */

/** Which program a daemon is: the one in C, or the one in OCaml. */
export type Dialect = "c" | "ocaml";

export interface Release {
  readonly name: string;
  readonly dialect: Dialect;
  /** Debian suite that has it. */
  readonly suite: string;
  /** Version of Xen in the names of packages and folders. */
  readonly xen: string;
}

/** Oldest first, the program in C before the other one. */
export const RELEASES: readonly Release[] = [
  { name: "c-4.17", dialect: "c", suite: "bookworm", xen: "4.17" },
  { name: "c-4.20", dialect: "c", suite: "trixie", xen: "4.20" },
  { name: "oxenstored-4.17", dialect: "ocaml", suite: "bookworm", xen: "4.17" },
  { name: "oxenstored-4.20", dialect: "ocaml", suite: "trixie", xen: "4.20" },
];

/** The release called `name`. */
export function releaseNamed(name: string): Release {
  const found = RELEASES.find((release) => release.name === name);
  if (found !== undefined) return found;
  const names = RELEASES.map((release) => release.name).join(", ");
  throw new RangeError(
    `Cannot find release as it must be one of ${names}: current value is ${name}`,
  );
}

/** Path of its program in the suite's root. */
export function programPath({ dialect, xen }: Release): string {
  return `usr/lib/xen-${xen}/bin/${dialect === "c" ? "xenstored" : "oxenstored"}`;
}
