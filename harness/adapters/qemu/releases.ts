/**
 * The releases of QEMU that Debian's suites have: major, minor and point releases, since each of
 * them may change what a stream holds.
 *
 * @module
 */

export interface Release {
  /** As streams and reports call it. */
  readonly name: string;
  /** Debian suite that has it. */
  readonly suite: string;
}

/** Oldest first. */
export const RELEASES: readonly Release[] = [
  { name: "5.2", suite: "bullseye" },
  { name: "7.2", suite: "bookworm" },
  { name: "10.0.2", suite: "bookworm-backports" },
  { name: "10.0.13", suite: "trixie" },
  { name: "11.1", suite: "trixie-backports" },
];

/** The package that the version of a release is taken from. */
export const PACKAGE = "qemu-system-x86";
/** The emulator, in the root of its suite. */
export const EMULATOR = "usr/bin/qemu-system-x86_64";
/** What makes and looks at disks, likewise. */
export const IMAGE_TOOL = "usr/bin/qemu-img";
