/**
 * `freezethaw fetch qemu`: unpacks the emulators of Debian's suites, with all that they need, into
 * the cache folder. What is there already and whole is left alone; a suite that cannot be had is
 * told with the reason, and the others go on.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, FetchError } from "../../fetch/command.ts";
import { unpackSuite } from "../../fetch/debian.ts";
import { librariesIn, loaderIn } from "../../fetch/unpacked_root.ts";
import type { Manifest } from "./installation.ts";
import { suitePaths } from "./paths.ts";
import { EMULATOR, IMAGE_TOOL, PACKAGE, RELEASES, type Release } from "./releases.ts";

/** Packages of the hard dependencies that only maintainer scripts and desktops need. */
const UNUSED = new Set(
  [
    "dpkg tar perl perl-base debconf adduser passwd base-files base-passwd bash dash coreutils sed",
    "grep gzip login mount util-linux findutils hostname init-system-helpers sysvinit-utils",
    "ncurses-base ncurses-bin bsdutils diffutils debianutils acl mawk dmsetup udev",
    "adwaita-icon-theme fontconfig-config fonts-dejavu-core libgl1-mesa-dri ovmf iso-codes tzdata",
    "media-types xkb-data ucf sensible-utils",
  ].flatMap((line) => line.split(" ")),
);
const UNUSED_KINDS = /^(?:mesa-|libllvm|libgallium|gcc-.*-base$|openbios|cpp|python3|libpython3)/;

/** Folders that nobody runs anything from. */
const DROPPED = ["doc", "man", "locale"].map((name) => `usr/share/${name}`);

/** Outcome of one release. */
export interface Fetched {
  readonly name: string;
  /** What is there now, or what was missing. */
  readonly text: string;
  readonly there: boolean;
}

/** What is fetched and from where; it changes when that does. */
export const QEMU_WANTS: readonly string[] = [
  ...RELEASES.map(({ name, suite }) => `${name} ${suite} ${PACKAGE}`),
  ...UNUSED,
  UNUSED_KINDS.source,
  ...DROPPED,
];

/** Fetches all releases there are, one after the other. */
export async function* fetchQemu(): AsyncGenerator<Fetched> {
  for (const release of RELEASES) {
    const name = `${release.name} of ${release.suite}`;
    try {
      yield { name, text: lineOf(release, await fetchRelease(release)), there: true };
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      yield { name, text: error.message, there: false };
    }
  }
}

async function fetchRelease({ suite }: Release): Promise<Manifest> {
  const { root, manifest: path } = suitePaths(suite);
  if (!existsSync(path)) {
    const part = `${root}.part`;
    rmSync(part, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
    const unpacked = await unpackSuite(suite, [PACKAGE, "qemu-utils"], part, {
      isNeeded: (name) => !UNUSED.has(name) && !UNUSED_KINDS.test(name),
    });
    for (const folder of DROPPED) rmSync(join(part, folder), { recursive: true, force: true });
    const programs: Record<string, string> = {};
    for (const program of [EMULATOR, IMAGE_TOOL]) {
      await demandLoads(part, program);
      programs[program] = sha256(join(part, program));
    }
    renameSync(part, root);
    // The manifest comes last: what has one is whole.
    writeFileSync(path, `${JSON.stringify({ ...unpacked, programs }, null, 2)}\n`);
  }
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

/** Every library of a program comes out of its own suite. */
async function demandLoads(root: string, program: string): Promise<void> {
  const loader = loaderIn(root);
  if (loader === undefined) throw new FetchError(`no loader came with the packages in ${root}`);
  if (!existsSync(join(root, program))) throw new FetchError(`${program} is not in the packages`);
  const list = ["--library-path", librariesIn(root), "--list", join(root, program)];
  for (const line of (await command(loader, list)).split("\n")) {
    const found = /=>\s*(\S+)/.exec(line)?.[1];
    if (found === undefined || found.startsWith(root)) continue;
    throw new FetchError(`${program} takes a library from elsewhere: ${line.trim()}`);
  }
}

function lineOf({ name, suite }: Release, { packages, signature, programs }: Manifest): string {
  const version = packages.find((one) => one.name === PACKAGE)?.version;
  const digest = programs[EMULATOR]?.slice(0, 16);
  const what = `${name}: ${PACKAGE} ${version} of ${suite}, ${packages.length} packages`;
  return `${what}, SHA-256 of the program ${digest}..., signature ${signature}`;
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
