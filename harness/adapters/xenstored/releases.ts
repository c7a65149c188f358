/**
 * The releases in the matrix: the real xenstore daemons, two programs that share a protocol, of
 * the Xen that each Debian suite has; and the model, as each release that it can stand for.
 *
 * @module
 */

/** Which program a daemon is: the one in C, or the one in OCaml. */
export type Dialect = "c" | "ocaml";

/** What a daemon leaves for its successor: a stream of some version, or lines of text. */
type State = "stream-1" | "stream-2" | "text";

export interface RealRelease {
  readonly kind: "real";
  readonly name: string;
  readonly dialect: Dialect;
  /** Debian suite that has it. */
  readonly suite: string;
  /** Version of Xen in the names of packages and folders. */
  readonly xen: string;
}

export interface ModelRelease {
  readonly kind: "model";
  readonly name: string;
  readonly dialect: Dialect;
  /** What the model stands for. */
  readonly profile: string;
  /** What it leaves; nothing when it has no live update. */
  readonly writes: State | undefined;
  readonly reads: readonly State[];
}

export type Release = RealRelease | ModelRelease;

/** Oldest first, the program in C before the other one. */
export const REAL_RELEASES: readonly RealRelease[] = [
  { kind: "real", name: "c-4.17", dialect: "c", suite: "bookworm", xen: "4.17" },
  { kind: "real", name: "c-4.20", dialect: "c", suite: "trixie", xen: "4.20" },
  { kind: "real", name: "oxenstored-4.17", dialect: "ocaml", suite: "bookworm", xen: "4.17" },
  { kind: "real", name: "oxenstored-4.20", dialect: "ocaml", suite: "trixie", xen: "4.20" },
];

const MODEL_RELEASES: readonly ModelRelease[] = [
  model("c-4.14", "c-4.14", undefined, []),
  model("c-4.17", "c-4.17", "stream-1", ["stream-1"]),
  model("c-4.20", "c-4.20", "stream-1", ["stream-1"]),
  model("c-4.22", "c-4.22", "stream-2", ["stream-1", "stream-2"]),
  model("oxenstored-4.17", "ocaml-4.17", "text", ["text"]),
  model("oxenstored-4.20", "ocaml-4.20", "text", ["text"]),
];

export const RELEASES: readonly Release[] = [...REAL_RELEASES, ...MODEL_RELEASES];

/** The release called `name`. */
export function releaseNamed(name: string): Release {
  return named(name, RELEASES);
}

/** The release of a real daemon called `name`. */
export function realNamed(name: string): RealRelease {
  return named(name, REAL_RELEASES);
}

function named<T extends Release>(name: string, releases: readonly T[]): T {
  const found = releases.find((release) => release.name === name);
  if (found !== undefined) return found;
  const names = releases.map((release) => release.name).join(", ");
  throw new RangeError(
    `Cannot find release as it must be one of ${names}: current value is ${name}`,
  );
}

/** Path of its program in the suite's root. */
export function programPath({ dialect, xen }: RealRelease): string {
  return `usr/lib/xen-${xen}/bin/${dialect === "c" ? "xenstored" : "oxenstored"}`;
}

/** Whether `reader` knows what `writer` leaves. */
export function understands(reader: Release, writer: Release): boolean {
  const written = writer.kind === "model" ? writer.writes : usualState(writer);
  if (written === undefined) return false;
  return reader.kind === "model" ? reader.reads.includes(written) : usualState(reader) === written;
}

/** What the real daemons write and read. */
function usualState({ dialect }: RealRelease): State {
  return dialect === "c" ? "stream-1" : "text";
}

function model(
  name: string,
  profile: string,
  writes: State | undefined,
  reads: readonly State[],
): ModelRelease {
  const dialect = writes === "text" ? "ocaml" : "c";
  return { kind: "model", name: `reference-${name}`, dialect, profile, writes, reads };
}
