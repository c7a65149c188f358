/**
 * The daemons that `freezethaw fetch xenstored` has put into the cache folder, and how each one is
 * started: with the loader and the libraries of its own suite, which need not be the host's.
 *
 * What was fetched is written down in `manifest.json` beside each root; a program that is not the
 * one that was fetched is not run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Unpacked } from "../../fetch/debian.ts";
import { librariesIn, loaderIn } from "../../fetch/unpacked_root.ts";
import { shimPath, suitePaths } from "./paths.ts";
import { programPath, REAL_RELEASES, type RealRelease } from "./releases.ts";

/** What is known of an unpacked suite. */
export interface Manifest {
  readonly suite: string;
  readonly mirror: string;
  readonly signature: string;
  readonly packages: readonly Unpacked[];
  /** SHA-256 by path in the root. */
  readonly programs: Readonly<Record<string, string>>;
}

/** How a daemon is started. */
export interface Program {
  readonly loader: string;
  /** Folders of libraries, with colons. */
  readonly libraries: string;
  readonly path: string;
  /** Configuration file of its package, for the program in OCaml. */
  readonly config: string;
  /** Version of its Debian package. */
  readonly version: string;
}

const programs = new Map<string, Program | string>();

/** How `release` is started, or why it cannot be. */
export function installed(release: RealRelease): Program | string {
  const known = programs.get(release.name);
  if (known !== undefined) return known;
  const found = find(release);
  programs.set(release.name, found);
  return found;
}

/** Why the daemons cannot be run here; undefined when all of them can. */
export function whyNotInstalled(): string | undefined {
  for (const release of REAL_RELEASES) {
    const found = installed(release);
    if (typeof found === "string") return `${release.name}: ${found}`;
  }
  return undefined;
}

const ASK = "run freezethaw fetch xenstored";

function find(release: RealRelease): Program | string {
  const { root, manifest: manifestPath } = suitePaths(release.suite);
  if (!existsSync(manifestPath)) return `Debian ${release.suite} is not fetched; ${ASK}`;
  if (!existsSync(shimPath())) return `the stand-in for Xen is not built; ${ASK}`;
  const loader = loaderIn(root);
  if (loader === undefined) return `no loader in ${root}; remove it and ${ASK}`;
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as Manifest;
  const path = programPath(release);
  const expected = manifest.programs[path];
  const digest = createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");
  if (digest !== expected) {
    return `${path} has SHA-256 ${digest}, was fetched with ${expected}; remove it and ${ASK}`;
  }
  const version = manifest.packages.find(
    ({ name }) => name === `xen-utils-${release.xen}`,
  )?.version;
  return {
    loader,
    libraries: librariesIn(root),
    path: join(root, path),
    config: join(root, "etc/xen/oxenstored.conf"),
    version: version ?? "unknown",
  };
}
