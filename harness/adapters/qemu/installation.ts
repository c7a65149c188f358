/**
 * The releases that `freezethaw fetch qemu` has put into the cache folder, and how a program of
 * one is started: with the loader, libraries, modules and firmware of its own suite.
 *
 * What was fetched is written down in `manifest.json` beside each root; a program that is not the
 * one that was fetched is not run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import type { UnpackedSuite } from "../../fetch/debian.ts";
import { librariesIn, loaderIn } from "../../fetch/unpacked_root.ts";
import { suitePaths } from "./paths.ts";
import { EMULATOR, PACKAGE, RELEASES, type Release } from "./releases.ts";

/** What is known of an unpacked suite. */
export interface Manifest extends UnpackedSuite {
  /** SHA-256 by path in the root. */
  readonly programs: Readonly<Record<string, string>>;
}

/** How an emulator is started: its own arguments come behind `args`. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Version of its Debian package. */
  readonly version: string;
  /** It is somebody's own, and may be anything. */
  readonly isBrought?: true;
}

const MODULES = "usr/lib/x86_64-linux-gnu/qemu";
/** Where firmware is looked for: the first that has a file wins. */
const FIRMWARE = ["usr/share/seabios", "usr/share/qemu", "usr/lib/ipxe/qemu"];
const ASK = "run freezethaw fetch qemu";

const programs = new Map<string, Program | string>();

/** How `release` is started, or why it cannot be. */
export function installed(release: Release): Program | string {
  const known = programs.get(release.name);
  if (known !== undefined) return known;
  const found = find(release);
  programs.set(release.name, found);
  return found;
}

/** The releases that can be started here. */
export function installedReleases(): readonly Release[] {
  return RELEASES.filter((release) => typeof installed(release) !== "string");
}

function find({ suite }: Release): Program | string {
  const { root, manifest: path } = suitePaths(suite);
  if (!existsSync(path)) return `Debian ${suite} is not fetched; ${ASK}`;
  const loader = loaderIn(root);
  if (loader === undefined) return `no loader in ${root}; remove it and ${ASK}`;
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const expected = manifest.programs[EMULATOR];
  const emulator = join(root, EMULATOR);
  const digest = digestOf(emulator);
  if (digest !== expected) {
    return `${EMULATOR} has SHA-256 ${digest}, was fetched with ${expected}; remove it and ${ASK}`;
  }
  const version = manifest.packages.find(({ name }) => name === PACKAGE)?.version ?? "unknown";
  const firmware = FIRMWARE.flatMap((folder) => ["-L", join(root, folder)]);
  const args = ["--library-path", librariesIn(root), emulator, ...firmware];
  const env = { QEMU_MODULE_DIR: join(root, MODULES) };
  return { ...isolated(loader, args, existsSync(`/${MODULES}`)), env, version };
}

/** SHA-256 of a program, found out once a run: threads that are started have it from this one. */
function digestOf(path: string): string {
  const name = `SHA-256 of ${path}`;
  const known = getEnvironmentData(name);
  if (typeof known === "string") return known;
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
  setEnvironmentData(name, digest);
  return digest;
}

/**
 * A QEMU of the host would lend its modules to one that lacks them, and they do not fit. Where
 * there is one, its folder is hidden in a namespace of the program's own.
 */
export function isolated(
  command: string,
  args: readonly string[],
  hasHostModules: boolean,
): Pick<Program, "command" | "args"> {
  if (!hasHostModules) return { command, args };
  const script = `mount -t tmpfs none /${MODULES} && exec "$@"`;
  return { command: "unshare", args: ["-rm", "sh", "-c", script, "sh", command, ...args] };
}
